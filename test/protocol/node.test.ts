import { describe, expect, it } from 'vitest';
import {
  claimId,
  defaultLimits,
  type Input,
  incarnation,
  Node,
  type NodeOptions,
  type Output,
  peerId,
  type Resource,
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
});
