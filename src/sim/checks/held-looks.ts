/**
 * Which of a core's held claims are looked at after a step: for how long each is valid. Few are all
 * looked at after each step. Of many, which would take longer than all else, those just granted
 * are, and some of the others in turn; and all of them each quarter of a lease, and whenever some
 * were lost since their votes count no more, as then the others should be gone, too.
 */

import type { WatchedCore } from '../../peer/runtime.ts';
import type { ClaimId } from '../../protocol/ids.ts';

/** A claim, as far as it is looked at here. */
interface Looked {
  readonly asked: { readonly claim: ClaimId };
  validForMs: number;
  overdueMs: number;
}

/** A core, likewise. */
interface Holder<Claim> {
  readonly core: WatchedCore;
  readonly held: ReadonlySet<Claim>;
  readonly leaseMs: number;
  readonly mesh: { readonly leaseMs: number };
}

/** So many are looked at after each step. */
const fewMax = 64;

const nothing: readonly never[] = Object.freeze([]);

export class HeldLooks<Claim extends Looked> {
  readonly #core: Holder<Claim>;
  /** Those that were looked at after the step before, with how long they were overdue since. */
  before: Iterable<Claim> = nothing;
  /** Those that were looked at after the present step, with how long they are valid. */
  after: Iterable<Claim> = nothing;
  #granted: Claim[] = [];
  /** Goes round and round. */
  #turn: Iterator<Claim> | null = null;
  /** By the lease clock, when all are next looked at. */
  #allDueMs = Number.NEGATIVE_INFINITY;

  constructor(core: Holder<Claim>) {
    this.#core = core;
  }

  /** Time has passed on the lease clock, and a step begins. */
  pass(ms: number): void {
    this.before = this.after;
    for (const claim of this.before) claim.overdueMs = ms - claim.validForMs;
  }

  /** A claim is granted in the present step. */
  add(claim: Claim): void {
    if (this.#core.held.size > fewMax) this.#granted.push(claim);
  }

  /** All are looked at after the present step. */
  lookAtAll(): void {
    this.#allDueMs = Number.NEGATIVE_INFINITY;
  }

  /** The step is over. */
  look(): void {
    const { core, held } = this.#core;
    this.after = held.size === 0 ? nothing : this.#next();
    for (const claim of this.after) claim.validForMs = core.validForMs(claim.asked.claim);
  }

  #next(): Iterable<Claim> {
    const { held, leaseMs, mesh } = this.#core;
    const granted = this.#granted;
    if (granted.length > 0) this.#granted = [];
    // Of those that are added in the next step, nothing is known before it.
    if (held.size <= fewMax) return held;
    if (leaseMs >= this.#allDueMs) {
      this.#allDueMs = leaseMs + mesh.leaseMs / 4;
      return held;
    }
    const some = granted.filter((claim) => held.has(claim));
    for (let count = 0; count < fewMax; count += 1) {
      this.#turn ??= held.values();
      const { done, value } = this.#turn.next();
      if (done === true) this.#turn = null;
      else some.push(value);
    }
    return some;
  }
}
