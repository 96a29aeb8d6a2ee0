/** How a claim fails that has not begun (rules 5.1, 10.3). */

import { expect, test } from 'vitest';
import { Groups } from '../../src/protocol/groups.ts';
import { claimId, Node, peerId, timeMs, wallMs } from '../../src/protocol/index.ts';
import type { Acquire, Time } from '../../src/protocol/input.ts';
import { nodeOptions } from '../harness/node-options.ts';

const voters = ['a', 'b', 'c'].map((id) => peerId(id));

/** A name on which the voter at `seat` decides alone. */
function nameOf(seat: number): string {
  const groups = new Groups(voters, 1);
  const names = Array.from({ length: 100 }, (_, index) => `n${index}`);
  return names.find((name) => groups.groupOf(name).seats.includes(seat)) ?? '';
}

function asked(claim: number, patience: Acquire['patience'], ...names: string[]): Acquire {
  const resources = names.map((name) => ({ name, mode: 'exclusive' as const }));
  const bounds = { timeoutMs: Number.POSITIVE_INFINITY, maxHoldMs: Number.POSITIVE_INFINITY };
  return {
    type: 'acquire',
    claim: claimId(claim),
    resources,
    patience,
    ...bounds,
    lingerMs: 0,
    value: null,
  };
}

function at(ms: number): Time {
  return { now: timeMs(ms), wall: wallMs(1_750_000_000_000 + ms) };
}

test('a try behind an older claim that waits for its quorum is busy, where its own votes', () => {
  const node = new Node(nodeOptions({ quorum: 1, replicas: 1, voters }), at(0));
  node.step({ type: 'wake' }, at(1_000));
  node.step(asked(1, 'wait', nameOf(0), nameOf(1)), at(1_000));
  node.step(asked(2, 'try', nameOf(0)), at(1_000));
  node.step(asked(3, 'try', nameOf(1)), at(1_000));
  const outputs = node.step({ type: 'wake' }, at(1_200));
  expect(outputs).toMatchObject([
    { claim: 2, failure: { reason: 'busy', standing: { groups: [{ seen: true }] } } },
    { claim: 3, failure: { reason: 'no-quorum', standing: { groups: [{ seen: false }] } } },
  ]);
});
