/**
 * What the clients of the naive mesh know of their claims, and do about them.
 */

import { claimId, type Input } from '../../src/protocol/index.ts';
import type { ScopeClaim } from '../../src/sim/explore/scope.ts';

export type Told = 'unasked' | 'waiting' | 'held' | 'lapsed' | 'over';

/** What a client may do, and how that is called. */
export type Doing = 'acquire' | 'release' | 'giveUp' | 'downgrade';

const doings: Readonly<Record<Told, readonly Doing[]>> = {
  unasked: ['acquire'],
  waiting: ['giveUp'],
  held: ['release', 'downgrade'],
  lapsed: ['release'],
  over: [],
};

export class NaiveClaims {
  readonly told: Told[];
  readonly #claims: readonly ScopeClaim[];
  readonly #downgraded = new Set<number>();

  constructor(claims: readonly ScopeClaim[]) {
    this.#claims = claims;
    this.told = claims.map(() => 'unasked');
  }

  /** Whether it is held, or was as far as its client knows, and has been downgraded. */
  isShared(claim: number): boolean {
    return this.told[claim] !== 'over' && this.#downgraded.has(claim);
  }

  doings(claim: number): readonly Doing[] {
    const { downgrades = false, hangs = false } = this.#claims[claim] ?? {};
    const told = this.told[claim] ?? 'over';
    return doings[told].filter((doing) => {
      if (doing === 'downgrade') return downgrades && !this.isShared(claim);
      return doing !== 'release' || told === 'lapsed' || !hangs;
    });
  }

  /** @returns what the core is told */
  do(doing: Doing, claim: number): Input {
    const id = claimId(claim + 1);
    if (doing === 'downgrade') {
      this.#downgraded.add(claim);
      return { type: 'downgrade', claim: id };
    }
    this.told[claim] = doing === 'acquire' ? 'waiting' : 'over';
    if (doing !== 'acquire') return { type: 'release', claim: id };
    const { patience = 'wait', resources = [] } = this.#claims[claim] ?? {};
    const bounds = { timeoutMs: Infinity, maxHoldMs: Infinity, lingerMs: 0, value: null };
    return { type: 'acquire', claim: id, resources, patience, ...bounds };
  }
}
