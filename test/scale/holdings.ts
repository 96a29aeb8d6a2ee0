/**
 * Who has which name in hand, as those see it who use the locks: nobody else may have it, whoever
 * had it before was told that it is gone, and its tokens rise.
 */

import type { Lock } from '../../src/peer/lock.ts';

interface Holding {
  readonly lock: Lock;
  readonly holder: string;
}

export class Holdings {
  readonly #held = new Map<string, Holding>();
  /** The greatest of each name. */
  readonly #tokens = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  #taken = 0;

  /** How many were taken so far. */
  get taken(): number {
    return this.#taken;
  }

  /** How many somebody has taken so far. */
  countOf(holder: string): number {
    return this.#counts.get(holder) ?? 0;
  }

  /** @throws {Error} when its holder before has not been told that it lost it, or a token sinks */
  take(lock: Lock, holder: string): void {
    const { name, token } = lock;
    const before = this.#held.get(name)?.lock;
    if (before?.held === true) throw new Error(`Two hold ${name}`);
    if (before?.signal.aborted === false) throw new Error(`Who lost ${name} was not told so`);
    const greatest = this.#tokens.get(name) ?? 0;
    if (token <= greatest)
      throw new Error(`The token of ${name} went from ${greatest} to ${token}`);
    this.#tokens.set(name, token);
    this.#held.set(name, { lock, holder });
    this.#counts.set(holder, this.countOf(holder) + 1);
    this.#taken += 1;
  }

  /** It may be lost by now, and another's. */
  async give(lock: Lock): Promise<void> {
    if (this.#held.get(lock.name)?.lock === lock) this.#held.delete(lock.name);
    await lock.release();
  }

  /** A holder is dead: it has nothing any more, and cannot be told so. */
  bury(dead: string): void {
    for (const [name, { holder }] of this.#held) if (holder === dead) this.#held.delete(name);
  }
}
