/**
 * Records the history of a simulated run, as its applications see it: calls, grants and ends, and
 * at each grant whether those in its way still have their locks, by their own clocks.
 *
 * Times are true ones, in nanoseconds, of which a run uses whole microseconds: so each thing that
 * happens has a moment of its own, in the order in which it does.
 */

import { assumptionsOf } from '../assumptions.ts';
import type { Books } from '../checks/books.ts';
import type { Claim, CoreView } from '../checks/core-view.ts';
import type { Plan } from '../plan.ts';
import type { HistoryModelName } from './lock-rules.ts';
import type { HistoryOperation, HistoryResult } from './operation.ts';

/** What is known of a claim that has not ended. */
interface Course {
  /** Where its acquire stands in the history. */
  readonly at: number;
  /** The latest moment at which it was seen held. */
  heldAt: number;
}

export class RunHistory {
  readonly #history: HistoryOperation[] = [];
  readonly #courses = new Map<Claim, Course>();
  #books: Books | null = null;
  #last = 0;
  #holds = 0;

  /** What has happened so far, by the times of the calls. */
  get operations(): readonly HistoryOperation[] {
    return this.#history;
  }

  /** Listens to the books of one run; once. */
  attach(books: Books): void {
    this.#books = books;
    books.asked.push((claim) => this.#onAsked(claim));
    books.granted.push((claim, { token }) => this.#onGranted(claim, token));
    books.failed.push((claim, { failure }) => {
      const { reason } = failure;
      this.#answer(claim, reason === 'busy' || reason === 'timeout' ? reason : 'failed');
      this.#courses.delete(claim);
    });
    books.shared.push((claim) => this.#onShared(claim));
    books.lost.push((claim) => this.#onLost(claim));
    books.released.push((claim) => this.#onReleased(claim));
    books.gone.push((core) => this.#onGone(core));
    books.world.watch({
      onStep: (seen) => books.onStep(seen),
      onTurn: () => {
        books.onTurn();
        for (const { host, process } of books.present.values()) {
          if (!process.isAlive) books.onDeath(host);
        }
      },
    });
  }

  /** Later than whatever was before, with a moment in between. */
  #now(): number {
    const nowNs = (this.#books?.world.kernel.nowUs ?? 0) * 1_000;
    this.#last = Math.max(nowNs, this.#last + 2);
    return this.#last;
  }

  #onAsked(claim: Claim): void {
    const { core, asked } = claim;
    const call = this.#now();
    this.#holds += 1;
    const hold = `${core.host.name}.${this.#holds}`;
    this.#courses.set(claim, { at: this.#history.length, heldAt: call });
    this.#history.push({
      client: core.host.name,
      op: asked.patience === 'try' ? 'try' : 'acquire',
      names: asked.resources.map(({ name, mode }) => (mode === 'shared' ? { name, mode } : name)),
      ...{ hold, call, return: null, result: 'unknown' },
    });
  }

  #onGranted(claim: Claim, token: number): void {
    const now = this.#answer(claim, 'ok', token);
    const course = this.#courses.get(claim);
    if (course !== undefined) course.heldAt = now;
    for (const rival of this.#books?.claims.rivals(claim, 'held') ?? []) this.#look(rival);
  }

  /** Its application reads `lock.held`. */
  #look(claim: Claim): void {
    const course = this.#courses.get(claim);
    if (course === undefined) return;
    const isHeld = claim.core.core.holds(claim.asked.claim);
    const now = this.#now();
    if (isHeld) course.heldAt = now;
    this.#add(claim, 'look', { call: now, return: now, result: isHeld ? 'held' : 'gone' });
  }

  #onShared(claim: Claim): void {
    const course = this.#courses.get(claim);
    if (course === undefined || claim.overdueMs >= 0) return;
    const now = this.#now();
    course.heldAt = now;
    this.#add(claim, 'downgrade', { call: now, return: now, result: 'ok' });
  }

  #onReleased(claim: Claim): void {
    if (claim.grant === null) this.#answer(claim, 'failed');
    else if (claim.overdueMs < 0) {
      const now = this.#now();
      this.#add(claim, 'release', { call: now, return: now, result: 'ok' });
    } else {
      // Time had ended it before, and nobody had looked.
      this.#onLost(claim);
    }
    this.#courses.delete(claim);
  }

  /** It has ended at some moment since it was last seen held, and at last now. */
  #onLost(claim: Claim): void {
    const call = (this.#courses.get(claim)?.heldAt ?? 0) + 1;
    this.#add(claim, 'lost', { call, return: this.#now(), result: 'ok' });
    this.#courses.delete(claim);
  }

  /** What a process held has ended with it; whom it asked, nobody will know. */
  #onGone(core: CoreView): void {
    for (const claim of core.claims.values()) {
      if (claim.grant !== null) this.#onLost(claim);
      this.#courses.delete(claim);
    }
  }

  #answer(claim: Claim, result: HistoryResult, token?: number): number {
    const now = this.#now();
    const at = this.#courses.get(claim)?.at;
    const asked = at === undefined ? undefined : this.#history[at];
    if (at === undefined || asked === undefined) return now;
    const answered = { ...asked, return: now, result };
    this.#history[at] = token === undefined ? answered : { ...answered, token };
    return now;
  }

  #add(
    claim: Claim,
    op: 'downgrade' | 'look' | 'lost' | 'release',
    rest: Pick<HistoryOperation, 'call' | 'return' | 'result'>,
  ): void {
    const at = this.#courses.get(claim)?.at;
    const asked = at === undefined ? undefined : this.#history[at];
    if (asked?.hold === undefined) return;
    const { client, names, hold } = asked;
    this.#history.push({ client, op, names, hold, ...rest });
  }
}

/**
 * By which model the history of a plan is to be judged: by what is promised under its assumptions
 * (assumptions.ts); `null` where nothing is.
 */
export function modelOfPlan(plan: Plan): HistoryModelName | null {
  const { isExclusive, isFenced } = assumptionsOf(plan);
  if (isExclusive) return isFenced ? 'shared-fenced' : 'shared';
  return isFenced ? 'tokens' : null;
}
