/**
 * The classic two-phase commit of Lamport and Gray ("Consensus on Transaction Commit", 2006), as in
 * the TLA+ examples: its numbers of states are known, so that the engine can be held against them.
 * It has nothing to do with the protocol of this project.
 *
 *     word 0: two bits for each resource manager
 *     word 1: 8 bits, whom the manager has heard · 8 bits, who has said prepared · outcome
 */

import type { Model } from './model.ts';

const working = 0;
const prepared = 1;
const committed = 2;
const aborted = 3;

const heardAt = 0;
const saidAt = 8;
const outcomeAt = 16;

/** In the order of their numbers. */
const actionNames = [
  'the manager commits',
  'the manager aborts',
  'the manager hears that it is prepared:',
  'it gets prepared:',
  'it chooses to abort:',
  'it hears of the commit:',
  'it hears of the abort:',
];

/** The protocol among `count` (at most 8) resource managers. */
export function twoPhase(count: number, isSymmetric: boolean = false): Model {
  const next = new Int32Array(2);
  return {
    width: 2,
    initial: (emit) => emit(new Int32Array(2), 0),
    successors: (state, emit) => {
      managerActs(state, count, (states, facts, action) => {
        next[0] = states;
        next[1] = facts;
        emit(next, action);
      });
    },
    ...(isSymmetric ? { canonical: (state) => sort(state, count) } : {}),
    always: [{ name: 'consistent', breach: (state) => inconsistency(state, count) }],
    atRest: [],
    sometimes: [
      { name: 'all committed', holds: (state) => isAll(state, count, committed) },
      { name: 'all aborted', holds: (state) => isAll(state, count, aborted) },
    ],
    eventually: [],
    describe: (action) => `${actionNames[action >> 3]} ${action & 7}`,
  };
}

type Move = (states: number, facts: number, action: number) => void;

function managerActs(state: Int32Array, count: number, move: Move): void {
  const [states = 0, facts = 0] = state;
  const all = (1 << count) - 1;
  const outcome = facts >> outcomeAt;
  const isOpen = outcome === 0;
  if (isOpen && ((facts >> heardAt) & all) === all) {
    move(states, facts | (committed << outcomeAt), 0);
  }
  if (isOpen) move(states, facts | (aborted << outcomeAt), 1 << 3);
  for (let one = 0; one < count; one += 1) {
    const own = (states >> (2 * one)) & 3;
    const rest = states & ~(3 << (2 * one));
    const saidBit = 1 << (saidAt + one);
    if (isOpen && (facts & saidBit) !== 0) {
      move(states, facts | (1 << (heardAt + one)), (2 << 3) | one);
    }
    if (own === working) {
      move(rest | (prepared << (2 * one)), facts | saidBit, (3 << 3) | one);
      move(rest | (aborted << (2 * one)), facts, (4 << 3) | one);
    }
    if (outcome === committed) move(rest | (committed << (2 * one)), facts, (5 << 3) | one);
    if (outcome === aborted) move(rest | (aborted << (2 * one)), facts, (6 << 3) | one);
  }
}

function isAll(state: Int32Array, count: number, what: number): boolean {
  const [states = 0] = state;
  for (let one = 0; one < count; one += 1) if (((states >> (2 * one)) & 3) !== what) return false;
  return true;
}

function inconsistency(state: Int32Array, count: number): string | null {
  const [states = 0] = state;
  let seen = 0;
  for (let one = 0; one < count; one += 1) seen |= 1 << ((states >> (2 * one)) & 3);
  const isBoth = (seen & (1 << committed)) !== 0 && (seen & (1 << aborted)) !== 0;
  return isBoth ? 'one has committed and another aborted' : null;
}

/** Resource managers are alike: they are put in the order of what is known of each. */
function sort(state: Int32Array, count: number): void {
  const [states = 0, facts = 0] = state;
  const records = Array.from({ length: count }, (_, one) => {
    const heard = (facts >> (heardAt + one)) & 1;
    const said = (facts >> (saidAt + one)) & 1;
    return ((states >> (2 * one)) & 3) | (heard << 2) | (said << 3);
  }).sort((a, b) => a - b);
  state[0] = 0;
  state[1] = facts & ~0xffff;
  for (const [one, record] of records.entries()) {
    state[0] |= (record & 3) << (2 * one);
    state[1] |= ((record >> 2) & 1) << (heardAt + one);
    state[1] |= ((record >> 3) & 1) << (saidAt + one);
  }
}
