/** The contract of a node's loop: what a driver may rely on. */

import { describe, expect, it } from 'vitest';
import {
  claimId,
  defaultLimits,
  type Input,
  incarnation,
  leaseTimeMs,
  type Message,
  Node,
  type NodeOptions,
  type Output,
  type Prepare,
  peerId,
  type Resource,
  roundNumber,
  sessionNumber,
  stamp,
  type Time,
  timeMs,
  wallMs,
} from '../../src/protocol/index.ts';

const options: NodeOptions = {
  durableMark: null,
  id: peerId('a'),
  incarnation: incarnation(1),
  leaseMs: 1_000,
  limits: defaultLimits,
  maxClockAheadMs: 3_600_000,
  maxClockDrift: 0.01,
  members: false,
  prepareTimeoutMs: 300,
  quorum: 1,
  voters: [peerId('a')],
};

const at = (ms: number): Time => ({ now: timeMs(ms), wall: wallMs(1_750_000_000_000 + ms) });

function acquire(claim: number, names: string, timeoutMs = Number.POSITIVE_INFINITY): Input {
  const resources = [...names].map((name): Resource => ({ name, mode: 'exclusive' }));
  const maxHoldMs = Number.POSITIVE_INFINITY;
  return {
    type: 'acquire',
    claim: claimId(claim),
    resources,
    patience: 'wait',
    timeoutMs,
    maxHoldMs,
  };
}

const types = (outputs: readonly Output[]): string[] => outputs.map(({ type }) => type);

describe('Node', () => {
  it('grants at once in a mesh of one', () => {
    const node = new Node(options, at(1));
    expect(types(node.step(acquire(1, 'x'), at(1)))).toContain('granted');
    expect(node.holds(claimId(1), at(1_000_000))).toBe(true);
    expect(node.nextWake()).toBeUndefined();
  });

  it('names a released claim in no output, though time grants it in that very step', () => {
    const node = new Node(options, at(1));
    node.step(acquire(1, 'x'), at(1));
    node.step(acquire(2, 'xy', 100), at(2));
    node.step(acquire(3, 'y'), at(3));
    const outputs = node.step({ type: 'release', claim: claimId(3) }, at(200));
    expect(outputs).toEqual([expect.objectContaining({ type: 'failed', claim: 2 })]);
    expect(node.claims().map(({ claim }) => claim)).toEqual([1]);
  });

  it('ignores frames, breaks and releases of what it does not know', () => {
    const node = new Node(options, at(1));
    node.step({ type: 'wake' }, at(1));
    expect(node.step({ type: 'release', claim: claimId(9) }, at(2))).toEqual([]);
    expect(node.step({ type: 'link-down', peer: peerId('b') }, at(3))).toEqual([]);
  });

  it('may be woken early, late and twice', () => {
    const node = new Node(options, at(1));
    node.step(acquire(1, 'x'), at(1));
    node.step(acquire(2, 'x', 100), at(2));
    expect(node.nextWake()).toBe(102);
    expect(node.step({ type: 'wake' }, at(50))).toEqual([]);
    expect(types(node.step({ type: 'wake' }, at(5_000)))).toEqual(['failed']);
    expect(node.step({ type: 'wake' }, at(5_000))).toEqual([]);
  });

  it('wants no wake-up for the timeout of a claim that was granted or is gone', () => {
    const node = new Node(options, at(1));
    node.step(acquire(1, 'x', 1_000), at(1));
    node.step(acquire(2, 'x', 1_000), at(2));
    node.step({ type: 'release', claim: claimId(2) }, at(3));
    expect(node.nextWake()).toBeUndefined();
  });

  it('refuses thousands of tries at once without running out of stack', () => {
    const voters = [peerId('a'), peerId('b')];
    const node = new Node({ ...options, quorum: 2, voters }, at(1));
    const peer = peerId('b');
    node.step({ type: 'link-up', peer, incarnation: incarnation(1) }, at(2));
    const rounds = Array.from({ length: 5_000 }, (_, index) => prepare(index + 1));
    const messages: Message[] = [
      { type: 'hello', incarnation: incarnation(1), session: sessionNumber(1), recovering: false },
      ...rounds,
      { type: 'settled', incarnation: incarnation(1) },
    ];
    const head = { sequence: 1, stamp: leaseTimeMs(1), echo: leaseTimeMs(0), clock: stamp(9_999) };
    node.step({ type: 'frame', peer, frame: { ...head, messages } }, at(3));
    expect(node.sizes.entries).toBe(1);
  });

  it('gives up a link that speaks of stamps from the future', () => {
    const node = new Node({ ...options, quorum: 2, voters: [peerId('a'), peerId('b')] }, at(1));
    const peer = peerId('b');
    node.step({ type: 'link-up', peer, incarnation: incarnation(1) }, at(2));
    const messages: Message[] = [
      { type: 'hello', incarnation: incarnation(1), session: sessionNumber(1), recovering: false },
      { ...prepare(1), token: stamp(2 ** 53 - 1) },
    ];
    const head = { sequence: 1, stamp: leaseTimeMs(1), echo: leaseTimeMs(0), clock: stamp(9_999) };
    const outputs = node.step({ type: 'frame', peer, frame: { ...head, messages } }, at(3));
    expect(outputs).toEqual([{ type: 'unlink', peer, reason: 'clock-ahead' }]);
  });

  it('does not take its own standstill for the silence of others', () => {
    const voters = [peerId('a'), peerId('b'), peerId('c')];
    const node = new Node({ ...options, quorum: 2, voters }, at(1));
    meet(node, 'b');
    meet(node, 'c');
    node.step(acquire(1, 'x'), at(10));
    expect(types(node.step({ type: 'wake' }, at(490)))).not.toContain('failed');
    expect(types(node.step({ type: 'wake' }, at(580)))).toContain('failed');
  });
});

/** Links a voter that votes already, and lets it say that it knows of no vote forgotten. */
function meet(node: Node, id: string): void {
  const peer = peerId(id);
  const of = incarnation(1);
  node.step({ type: 'link-up', peer, incarnation: of }, at(2));
  const messages: Message[] = [
    { type: 'hello', incarnation: of, session: sessionNumber(1), recovering: false },
    { type: 'settled', incarnation: of },
  ];
  const head = { sequence: 1, stamp: leaseTimeMs(1), echo: leaseTimeMs(0), clock: stamp(0) };
  node.step({ type: 'frame', peer, frame: { ...head, messages } }, at(3));
}

/** A held round 1 on x, and tries behind it. */
function prepare(round: number): Prepare {
  return {
    type: 'prepare',
    round: roundNumber(round),
    resources: [{ name: 'x', mode: 'exclusive' }],
    ticket: stamp(round),
    token: stamp(round),
    committed: round === 1,
    patience: round === 1 ? 'wait' : 'try',
    maxHoldMs: Number.POSITIVE_INFINITY,
  };
}
