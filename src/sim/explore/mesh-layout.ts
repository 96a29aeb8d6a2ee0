/**
 * Where each thing stands in a state of the mesh:
 *
 *     cores, one a peer · rows of frames, one a direction · claims · budgets left ·
 *     incarnations · two tokens a name · what is broken · state files, two marks a peer
 */

import type { Budgets, MeshScope } from './scope.ts';

/** Four bits each. */
const budgetMask = 15;

const budgetShift: Readonly<Record<keyof Budgets, number>> = {
  crashes: 0,
  restarts: 4,
  breaks: 8,
  jumps: 12,
  beats: 16,
  pauses: 20,
  giveUps: 24,
  losses: 28,
};

const budgetKinds = [
  'crashes',
  'restarts',
  'breaks',
  'jumps',
  'beats',
  'pauses',
  'giveUps',
  'losses',
] as const;

/** How a claim stands with its client. */
export const claimStates = ['unasked', 'waiting', 'held', 'lapsed', 'over'] as const;

export type ClaimState = (typeof claimStates)[number];

const claimBits = 3;
/** From there on a bit for each claim: of those that are held, it shares. */
const sharedBit = 24;
const incarnationBits = 4;

export class MeshLayout {
  readonly peers: number;
  readonly names: readonly string[];
  readonly width: number;
  readonly queuesAt: number;
  readonly claimsAt: number;
  readonly budgetsAt: number;
  readonly incarnationsAt: number;
  readonly tokensAt: number;
  readonly brokenAt: number;

  /** Whether there are state files. */
  readonly hasFiles: boolean;
  /** Where the state file of the first peer stands: what it covers, and what it is to cover. */
  readonly filesAt: number;

  constructor({ claims, files = 'none', voters }: MeshScope) {
    this.peers = voters;
    const names = claims.flatMap(({ resources }) => resources.map(({ name }) => name));
    this.names = [...new Set(names)].sort();
    this.queuesAt = voters;
    this.claimsAt = this.queuesAt + voters * (voters - 1);
    this.budgetsAt = this.claimsAt + 1;
    this.incarnationsAt = this.budgetsAt + 1;
    this.tokensAt = this.incarnationsAt + 1;
    this.brokenAt = this.tokensAt + 2 * this.names.length;
    this.hasFiles = files !== 'none';
    this.filesAt = this.brokenAt + 1;
    this.width = this.filesAt + (this.hasFiles ? 2 * voters : 0);
  }

  /** Where the row of frames from one peer to another stands. */
  queueAt(from: number, to: number): number {
    return this.queuesAt + from * (this.peers - 1) + (to < from ? to : to - 1);
  }

  claimOf(state: Int32Array, claim: number): ClaimState {
    return claimStates[bitsOf(state[this.claimsAt], claim, claimBits)] ?? 'over';
  }

  setClaim(state: Int32Array, claim: number, to: ClaimState): void {
    const value = claimStates.indexOf(to);
    state[this.claimsAt] = withBits(state[this.claimsAt], { at: claim, bits: claimBits, value });
    if (to === 'over') this.#setShared(state, claim, 0);
  }

  /** Whether a claim that is held, or was, has been downgraded. */
  isShared(state: Int32Array, claim: number): boolean {
    return (this.sharedOf(state) >>> claim) % 2 === 1;
  }

  /** A bit for each claim of which that is so. */
  sharedOf(state: Int32Array): number {
    return (state[this.claimsAt] ?? 0) >>> sharedBit;
  }

  share(state: Int32Array, claim: number): void {
    this.#setShared(state, claim, 1);
  }

  #setShared(state: Int32Array, claim: number, value: number): void {
    const part = { at: sharedBit + claim, bits: 1, value };
    state[this.claimsAt] = withBits(state[this.claimsAt], part);
  }

  leftOf(state: Int32Array, kind: keyof Budgets): number {
    return ((state[this.budgetsAt] ?? 0) >>> budgetShift[kind]) & budgetMask;
  }

  /** Takes one of a budget that is not used up. */
  spend(state: Int32Array, kind: keyof Budgets): void {
    state[this.budgetsAt] = (state[this.budgetsAt] ?? 0) - (1 << budgetShift[kind]);
  }

  setBudgets(state: Int32Array, budgets: Budgets): void {
    let word = 0;
    for (const kind of budgetKinds) {
      if (budgets[kind] > budgetMask)
        throw new RangeError(`Too many ${kind}: at most ${budgetMask}`);
      word |= budgets[kind] << budgetShift[kind];
    }
    state[this.budgetsAt] = word;
  }

  incarnationOf(state: Int32Array, peer: number): number {
    return bitsOf(state[this.incarnationsAt], peer, incarnationBits);
  }

  setIncarnation(state: Int32Array, peer: number, value: number): void {
    const part = { at: peer, bits: incarnationBits, value };
    state[this.incarnationsAt] = withBits(state[this.incarnationsAt], part);
  }
}

function bitsOf(word: number | undefined, at: number, bits: number): number {
  return ((word ?? 0) >>> (at * bits)) & ((1 << bits) - 1);
}

function withBits(
  word: number | undefined,
  { at, bits, value }: { readonly at: number; readonly bits: number; readonly value: number },
): number {
  const mask = ((1 << bits) - 1) << (at * bits);
  return ((word ?? 0) & ~mask) | (value << (at * bits));
}
