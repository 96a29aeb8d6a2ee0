/** The contract of a node's loop: what a driver may rely on. */

import { describe, expect, it } from 'vitest';
import { stampAt } from '../../src/protocol/clock.ts';
import {
  type Acquire,
  claimId,
  defaultLimits,
  generation,
  type Input,
  incarnation,
  type Limits,
  leaseTimeMs,
  type Message,
  Node,
  type NodeOptions,
  type Output,
  type Prepare,
  peerId,
  type Resource,
  roundId,
  roundNumber,
  sessionNumber,
  stamp,
  type Time,
  timeMs,
  type Vote,
  wallMs,
} from '../../src/protocol/index.ts';

const options: NodeOptions = {
  durableMark: null,
  id: peerId('a'),
  incarnation: incarnation(1),
  leaseMs: 1_000,
  allowSteal: false,
  limits: defaultLimits,
  deadlockProbeMs: 1_000,
  maxClockAheadMs: 3_600_000,
  maxClockDrift: 0.01,
  members: false,
  prepareTimeoutMs: 300,
  quorum: 1,
  replicas: 1,
  voters: [peerId('a')],
};

const at = (ms: number): Time => ({ now: timeMs(ms), wall: wallMs(1_750_000_000_000 + ms) });

function acquire(claim: number, names: string, timeoutMs = Number.POSITIVE_INFINITY): Acquire {
  const resources = [...names].map((name): Resource => ({ name, mode: 'exclusive' }));
  const maxHoldMs = Number.POSITIVE_INFINITY;
  return {
    type: 'acquire',
    claim: claimId(claim),
    resources,
    patience: 'wait',
    timeoutMs,
    maxHoldMs,
    lingerMs: 0,
    value: null,
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

  it('says nothing of an older link in the step that brings the newer one', () => {
    for (const later of [400, 600]) {
      const { node } = meshOfThree();
      node.step({ type: 'flush' }, at(4));
      const input: Input = { type: 'link-up', peer: peerId('b'), incarnation: incarnation(1) };
      // The older one is due for a keep-alive by then, or silent for too long.
      const about = node.step(input, at(later)).filter((output) => speaksOf(output, 'b'));
      expect(types(about)).not.toContain('frame');
      expect(types(about)).not.toContain('unlink');
    }
  });

  it('asks a voter that dropped its entry for another one when the claim is granted', () => {
    const { node, hear } = meshOfThree();
    node.step(acquire(1, 'x'), at(10));
    hear('b', [{ type: 'refuse', round: roundNumber(1), reason: 'overloaded', holders: [] }]);
    expect(types(hear('c', [voteFor(node)]))).toContain('granted');
    const sent = node.step({ type: 'flush' }, at(20));
    expect(lastSentTo(sent, 'b')).toMatchObject({ type: 'prepare', round: 1, committed: true });
    expect(lastSentTo(sent, 'c')).toMatchObject({ type: 'commit', round: 1 });
  });

  it('keeps a claim whose vote is said again, though its ending was forgotten', () => {
    const { node, hear } = meshOfThree({ ...defaultLimits, endingsMax: 1 });
    const [one, two] = [roundNumber(1), roundNumber(2)];
    const after = [roundId(peerId('b'), incarnation(1), one)];
    node.step(acquire(1, 'x'), at(10));
    expect(types(hear('c', [{ ...voteFor(node), after }]))).not.toContain('granted');
    expect(types(hear('b', [{ type: 'release', round: one, token: stamp(1) }]))).toContain(
      'granted',
    );
    hear('b', [{ type: 'abort', round: two }]);
    expect(types(hear('c', [{ ...voteFor(node), after, floor: stamp(1) }]))).not.toContain('lost');
    expect(node.holds(claimId(1), at(20))).toBe(true);
  });

  it('lets nothing that follows on the same link take a refusal back', () => {
    const { node, hear } = meshOfThree();
    node.step({ ...acquire(1, 'x'), patience: 'try' }, at(10));
    const round = roundNumber(1);
    hear('b', [{ type: 'refuse', round, reason: 'busy', holders: [] }]);
    hear('b', [{ type: 'inquire', round, generation: generation(1) }]);
    hear('b', [{ type: 'queued', round, ahead: 1, holders: [], floor: stamp(0) }]);
    const outputs = hear('c', [{ type: 'refuse', round, reason: 'busy', holders: [] }]);
    expect(outputs).toContainEqual(
      expect.objectContaining({ failure: expect.objectContaining({ reason: 'busy' }) }),
    );
  });

  it('ends a claim with an error when all that can be reached are full', () => {
    const { node, hear } = meshOfThree();
    node.step({ type: 'link-down', peer: peerId('c') }, at(9));
    node.step(acquire(1, 'x'), at(10));
    hear('b', [{ type: 'refuse', round: roundNumber(1), reason: 'overloaded', holders: [] }]);
    expect(node.step({ type: 'wake' }, at(310))).toContainEqual(
      expect.objectContaining({ failure: expect.objectContaining({ reason: 'no-quorum' }) }),
    );
  });

  it('refuses thousands of tries at once without running out of stack', () => {
    const voters = [peerId('a'), peerId('b')];
    const node = new Node({ ...options, quorum: 2, replicas: voters.length, voters }, at(1));
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
    const node = new Node(
      { ...options, quorum: 2, replicas: 2, voters: [peerId('a'), peerId('b')] },
      at(1),
    );
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
    const node = new Node({ ...options, quorum: 2, replicas: voters.length, voters }, at(1));
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
    lingers: false,
    value: null,
  };
}

/** Node a of a, b and c, which have met and vote; and a way to have it hear what b and c say. */
function meshOfThree(limits: Limits = defaultLimits): {
  readonly node: Node;
  readonly hear: (from: string, messages: readonly Message[]) => readonly Output[];
} {
  const voters = [peerId('a'), peerId('b'), peerId('c')];
  const node = new Node({ ...options, limits, quorum: 2, replicas: voters.length, voters }, at(1));
  meet(node, 'b');
  meet(node, 'c');
  const sequences = new Map<string, number>();
  const hear = (from: string, messages: readonly Message[]): readonly Output[] => {
    const sequence = (sequences.get(from) ?? 1) + 1;
    sequences.set(from, sequence);
    const clock = stampAt(at(1_000).wall);
    const head = { sequence, stamp: leaseTimeMs(sequence), echo: leaseTimeMs(5), clock };
    return node.step({ type: 'frame', peer: peerId(from), frame: { ...head, messages } }, at(15));
  };
  return { node, hear };
}

/** A plain yes to the node's first claim. */
function voteFor(node: Node): Vote {
  const token = node.claims()[0]?.token ?? stamp(0);
  const [round, given] = [roundNumber(1), generation(1)];
  return { type: 'vote', round, generation: given, token, after: [], floor: stamp(0) };
}

function speaksOf(output: Output, peer: string): boolean {
  if (output.type === 'frame') return output.to === peer;
  return output.type === 'unlink' && output.peer === peer;
}

function lastSentTo(outputs: readonly Output[], peer: string): Message | undefined {
  const frames = outputs.flatMap((output) => (output.type === 'frame' ? [output] : []));
  return frames.findLast(({ to }) => to === peer)?.frame.messages.at(-1);
}
