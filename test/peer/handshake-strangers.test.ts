/**
 * The handshake against who is not a peer: replay, reflection, change, and plain nonsense.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/peer/codec.ts';
import { DiallerHandshake, ListenerHandshake } from '../../src/peer/handshake.ts';
import { handshakeBytesMax } from '../../src/peer/handshake-messages.ts';
import { peerId } from '../../src/protocol/ids.ts';
import { a, b, meet, mesh, options, replay } from '../harness/handshake-meeting.ts';

describe('a replayed handshake', () => {
  test('does not make a listener believe', () => {
    const { fromDialler, listener } = meet();
    expect(listener?.state).toBe('linked');
    const step = replay(new ListenerHandshake(options('b')), fromDialler);
    expect(step).toMatchObject({ state: 'refused', objection: { code: 'secret' } });
  });

  test('does not make a dialler believe', () => {
    const { fromListener } = meet();
    const step = replay(new DiallerHandshake(options('a'), b), fromListener);
    expect(step).toMatchObject({ state: 'refused', objection: { code: 'secret' } });
  });

  test('does not work by sending a peer its own messages back', () => {
    const near = new DiallerHandshake(options('a'), b);
    expect(near.receive(near.greeting).state).toBe('refused');
  });

  test('does not let the proof of one role serve for the other', () => {
    const near = new DiallerHandshake(options('a'), b);
    const far = new ListenerHandshake(options('b'));
    const answer = envelopeOf(far.receive(near.greeting).send);
    // A stranger that has the listener's proof sends it as if it were the dialler's.
    const showing = encode([[], null]);
    const forged = encode(['lockmesh', 'prove', showing, answer[3]]);
    expect(far.receive(forged)).toMatchObject({ objection: { code: 'secret' } });
  });

  test('does not let what is proved be changed', () => {
    for (const index of [0, 1]) {
      const near = new DiallerHandshake(options('a'), b);
      const far = new ListenerHandshake(options('b'));
      const answer = far.receive(near.greeting).send;
      if (index === 0) {
        const [word, kind, body, proofs] = envelopeOf(answer);
        const greeting = arrayIn(body);
        const changed = encode([word, kind, encode([1, 1, 'b', 9_999, greeting[4]]), proofs]);
        expect(near.receive(changed)).toMatchObject({ objection: { code: 'secret' } });
      } else {
        const proof = near.receive(answer ?? new Uint8Array(0)).send;
        const [word, kind, body, proofs] = envelopeOf(proof);
        const [fields] = arrayIn(body);
        const changed = encode([word, kind, encode([fields, ['duplicate', 'x', null]]), proofs]);
        expect(far.receive(changed)).toMatchObject({ objection: { code: 'secret' } });
      }
    }
  });
});

describe('a stranger', () => {
  const refuse = (code: string, newest: number | null) =>
    encode(['lockmesh', 'refuse', encode([code, 'Trust me', newest]), []]);

  test.each(['duplicate', 'stale-incarnation', 'mesh', 'crossing'])(
    'cannot refuse a dialler as %s before it has proved itself',
    (code) => {
      const near = new DiallerHandshake(options('a'), b);
      expect(near.receive(refuse(code, 9_999))).toMatchObject({
        state: 'refused',
        believed: false,
        objection: { code: 'malformed', newest: null },
      });
    },
  );

  test('cannot refuse a listener with effect either', () => {
    const near = new DiallerHandshake(options('a'), b);
    const far = new ListenerHandshake(options('b'));
    far.receive(near.greeting);
    expect(far.receive(refuse('duplicate', 9_999))).toMatchObject({
      believed: false,
      objection: { code: 'malformed', newest: null },
    });
  });

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['garbage', Buffer.from('GET / HTTP/1.1')],
    ['another protocol', encode(['other', 'greet', new Uint8Array(0), []])],
    ['a later message', encode(['lockmesh', 'welcome', new Uint8Array(0), []])],
    ['a greeting without fields', encode(['lockmesh', 'greet', encode([]), []])],
    ['a greeting that is none', encode(['lockmesh', 'greet', Buffer.from('x'), []])],
    [
      'a short nonce',
      encode(['lockmesh', 'greet', encode([1, 1, 'a', 1, new Uint8Array(31)]), []]),
    ],
    ['a bad id', encode(['lockmesh', 'greet', encode([1, 1, 'ä', 1, new Uint8Array(32)]), []])],
    [
      'a bad incarnation',
      encode(['lockmesh', 'greet', encode([1, 1, 'a', 0, new Uint8Array(32)]), []]),
    ],
    [
      'too many proofs',
      encode(['lockmesh', 'greet', encode([]), Array(5).fill(new Uint8Array(32))]),
    ],
    ['too many bytes', encode(['lockmesh', 'greet', new Uint8Array(handshakeBytesMax), []])],
  ])('that sends %s is refused as malformed', (_, bytes) => {
    expect(new ListenerHandshake(options('b')).receive(bytes)).toMatchObject({
      state: 'refused',
      byUs: true,
      objection: { code: 'malformed' },
    });
    expect(new DiallerHandshake(options('a'), b).receive(bytes)).toMatchObject({
      state: 'refused',
      objection: { code: 'malformed' },
    });
  });

  test('learns nothing of the mesh from what it is told', () => {
    const near = new DiallerHandshake(options('a', { secrets: ['wrong secret'] }), b);
    const far = new ListenerHandshake(
      options('b', { mesh: { ...mesh, name: 'hidden', voters: [a, b, peerId('hidden-c')] } }),
    );
    const answer = far.receive(near.greeting).send;
    expect(Buffer.from(answer ?? []).includes('hidden')).toBe(false);
    const refusal = far.receive(encode(['lockmesh', 'prove', encode([]), []])).send;
    expect(Buffer.from(refusal ?? []).includes('hidden')).toBe(false);
  });

  test('cannot make a handshake throw or believe, whatever it sends', () => {
    const { fromDialler, fromListener } = meet();
    const seeds = [...fromDialler, ...fromListener];
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(fc.nat(seeds.length - 1), fc.array(fc.tuple(fc.nat(), fc.nat(255))))
        .map(([index, changes]) => {
          const bytes = Buffer.from(seeds[index] ?? []);
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          return bytes;
        }),
    );
    let opened = 0;
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 4 }), (messages) => {
        const sides = [new ListenerHandshake(options('b')), new DiallerHandshake(options('a'), b)];
        for (const side of sides) {
          const step = replay(side, messages);
          expect(step?.state).not.toBe('linked');
          if (step?.state === 'open') opened++;
        }
      }),
      { numRuns: 3_000 },
    );
    expect(opened).toBeGreaterThan(0);
  });
});

function envelopeOf(bytes: Uint8Array | null): readonly unknown[] {
  return arrayIn(bytes);
}

function arrayIn(bytes: unknown): readonly unknown[] {
  const decoded = decode(bytes instanceof Uint8Array ? bytes : new Uint8Array(0));
  if (!decoded.ok || !Array.isArray(decoded.value)) throw new Error('Not an array');
  return decoded.value;
}
