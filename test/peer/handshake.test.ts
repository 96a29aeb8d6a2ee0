/**
 * The handshake of two honest peers, and of two that differ: who is told what.
 */

import { describe, expect, test } from 'vitest';
import type { Objection } from '../../src/peer/handshake-messages.ts';
import type { MeshFingerprint } from '../../src/peer/link-types.ts';
import { incarnation, peerId } from '../../src/protocol/ids.ts';
import { a, b, meet, mesh } from '../harness/handshake-meeting.ts';

describe('a handshake', () => {
  test('links two peers that share a secret and a mesh', () => {
    const { dialler, listener, fromDialler, fromListener } = meet();
    expect(dialler).toMatchObject({
      state: 'linked',
      peer: { id: 'b', incarnation: 2_000, version: 1 },
    });
    expect(listener).toMatchObject({
      state: 'linked',
      peer: { id: 'a', incarnation: 1_000, version: 1 },
    });
    expect([fromDialler.length, fromListener.length]).toEqual([2, 2]);
  });

  test('links peers of an open mesh, which has no secret', () => {
    const { dialler, listener } = meet({ secrets: [] }, { secrets: [] });
    expect([dialler?.state, listener?.state]).toEqual(['linked', 'linked']);
  });

  test('links peers in the middle of a change of secrets, either way', () => {
    const both = { secrets: ['new secret', 'old secret'] };
    for (const one of [{ secrets: ['old secret'] }, { secrets: ['new secret'] }]) {
      expect(meet(both, one).listener?.state).toBe('linked');
      expect(meet(one, both).dialler?.state).toBe('linked');
    }
  });

  test('takes the highest version that both speak', () => {
    const { dialler, listener } = meet(
      { versions: { min: 1, max: 3 } },
      { versions: { min: 2, max: 5 } },
    );
    expect(dialler).toMatchObject({ peer: { version: 3 } });
    expect(listener).toMatchObject({ peer: { version: 3 } });
  });

  test('fails without a common version, and both sides can say why', () => {
    const { dialler, listener } = meet({}, { versions: { min: 2, max: 3 } });
    const reason = { state: 'refused', objection: { code: 'version' } };
    expect(listener).toMatchObject({
      ...reason,
      byUs: true,
      objection: {
        detail:
          'b speaks protocol versions 2 to 3, a speaks protocol versions 1 to 1: ' +
          'upgrade the older one',
      },
    });
    expect(dialler).toMatchObject({ ...reason, byUs: false, believed: false });
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['differ', ['one secret'], ['other secret']],
    ['are missing here', [], ['other secret']],
    ['are missing there', ['one secret'], []],
  ])('fails when the secrets %s, and tells no more than that', (_, ours, theirs) => {
    const { dialler, listener, fromDialler } = meet({ secrets: ours }, { secrets: theirs });
    const reason = { state: 'refused', objection: { code: 'secret' }, believed: false };
    expect(dialler).toMatchObject({ ...reason, byUs: true });
    expect(listener).toMatchObject({ ...reason, byUs: false });
    expect(Buffer.concat(fromDialler).includes('10_000')).toBe(false);
    expect(Buffer.concat(fromDialler).includes('the proof')).toBe(false);
  });

  test.each<[string, Partial<MeshFingerprint>, string]>([
    ['mesh', { name: 'other' }, 'mesh must be equal, and is other at b, lockmesh at a'],
    [
      'voters',
      { voters: [a, b, peerId('c')] },
      'voters must be equal, and is a b c at b, a b at a',
    ],
    ['replicas', { replicas: 1 }, 'replicas must be equal, and is 1 at b, 2 at a'],
    ['quorum', { quorum: 1 }, 'quorum must be equal, and is 1 at b, 2 at a'],
    ['lease', { leaseMs: 5_000 }, 'lease must be equal, and is 5000 at b, 10000 at a'],
    [
      'maxClockDrift',
      { maxClockDrift: 0.02 },
      'maxClockDrift must be equal, and is 0.02 at b, 0.01 at a',
    ],
    ['members', { members: true }, 'members must be equal, and is true at b, false at a'],
    ['allowSteal', { allowSteal: true }, 'allowSteal must be equal, and is true at b, false at a'],
  ])('fails when %s differs, naming it and both values on both sides', (_, change, detail) => {
    const { dialler, listener } = meet({}, { mesh: { ...mesh, ...change } });
    const reason = { state: 'refused', believed: true, objection: { code: 'mesh', detail } };
    expect(listener).toMatchObject({ ...reason, byUs: true });
    expect(dialler).toMatchObject({ ...reason, byUs: false });
  });

  test('carries the objection of either side to the other', () => {
    const objection: Objection = {
      code: 'stale-incarnation',
      detail: 'Too old',
      newest: incarnation(3_000),
    };
    const refused = { state: 'refused', believed: true, objection };
    const byListener = meet({}, { admit: () => objection });
    expect(byListener.listener).toMatchObject({ ...refused, byUs: true });
    expect(byListener.dialler).toMatchObject({ ...refused, byUs: false });
    const byDialler = meet({ admit: () => objection });
    expect(byDialler.dialler).toMatchObject({ ...refused, byUs: true });
    expect(byDialler.listener).toMatchObject({ ...refused, byUs: false, send: null });
  });

  test('carries a very long objection, cut', () => {
    const objection: Objection = { code: 'mesh', detail: '😀'.repeat(5_000), newest: null };
    const { dialler } = meet({}, { admit: () => objection });
    expect(dialler).toMatchObject({ state: 'refused', objection: { code: 'mesh' } });
  });

  test('fails when another peer answers than was dialled', () => {
    const { dialler, listener } = meet({}, { id: peerId('c') });
    expect(dialler).toMatchObject({
      byUs: true,
      objection: { code: 'wrong-peer', detail: 'Dialled b, and c answered: check its url' },
    });
    expect(listener).toMatchObject({ byUs: false, objection: { code: 'wrong-peer' } });
  });

  test('fails when a peer has dialled itself', () => {
    const { dialler, listener } = meet({}, { id: a });
    expect(listener).toMatchObject({ byUs: true, objection: { code: 'wrong-peer' } });
    expect(dialler).toMatchObject({ byUs: false, objection: { code: 'wrong-peer' } });
  });

  test('asks for admission only once the other side is believed', () => {
    let asked = 0;
    const admit = () => {
      asked++;
      return null;
    };
    meet({ secrets: ['wrong secret'], admit }, { admit });
    expect(asked).toBe(0);
    meet({ admit }, { admit });
    expect(asked).toBe(2);
  });
});
