/**
 * Makes a failing plan smaller for as long as it fails the same way: fewer steps, fewer hosts, less
 * chance, plainer faults. What is left is the story of the bug.
 */

import { neighbourOf } from './neighbours.ts';
import type { Plan } from './plan.ts';
import { passes } from './reductions.ts';

/** What shrinking has to know of a run. */
export interface ShrunkRun {
  readonly failure: { readonly check: string } | null;
  /** Messages of the protocol that were delivered. */
  readonly messages: number;
}

export interface ShrinkOptions {
  /** Runs a plan. Of two runs of one plan all is equal. */
  run(plan: Plan): Promise<ShrunkRun>;
  /**
   * Whether to stop here, e.g. because time is up.
   *
   * @default never
   */
  readonly isOver?: () => boolean;
  /**
   * Whether a smaller plan that fails a check tells the same story.
   *
   * @default where it is the same check
   */
  readonly isSame?: (check: string, original: string) => boolean;
  /** @default 2_000 */
  readonly runsMax?: number;
}

export interface ShrinkResult {
  /** The smallest plan found that fails. */
  readonly plan: Plan;
  /** What it fails. */
  readonly check: string;
  readonly messages: number;
  /** How often plans were run. */
  readonly runs: number;
}

/** What people can read: a plan of so many steps and messages is looked at no further. */
const readable = { steps: 10, messages: 40 };

/** How many neighbours of a plan that is not are looked at before that is given up. */
const neighboursMax = 250;

/**
 * Makes a failing plan smaller.
 *
 * @throws `Error` when the plan does not fail
 */
export async function shrink(plan: Plan, options: ShrinkOptions): Promise<ShrinkResult> {
  const first = await options.run(plan);
  if (first.failure === null) throw new Error('Cannot shrink plan: it must fail, and it does not');
  return await new Shrinking(plan, { check: first.failure.check, ...options }).run(first.messages);
}

class Shrinking {
  readonly #options: ShrinkOptions & { readonly check: string };
  readonly #tried = new Set<string>();
  #best: Plan;
  #check: string;
  #messages = 0;
  #runs = 1;

  constructor(plan: Plan, options: ShrinkOptions & { readonly check: string }) {
    this.#options = options;
    this.#best = plan;
    this.#check = options.check;
  }

  async run(messages: number): Promise<ShrinkResult> {
    this.#messages = messages;
    this.#tried.add(JSON.stringify(this.#best));
    do await this.#settle();
    while (!this.#isReadable && (await this.#wander()));
    const [plan, check] = [this.#best, this.#check];
    return { plan, check, messages: this.#messages, runs: this.#runs };
  }

  /** Until no pass makes it any smaller. */
  async #settle(): Promise<void> {
    for (let before: Plan | null = null; before !== this.#best && !this.#isOver; ) {
      before = this.#best;
      for (const pass of passes) await this.#pass(pass(this.#best));
    }
  }

  /** Where no pass leads on, a step aside may. @returns whether one did */
  async #wander(): Promise<boolean> {
    for (let count = 0; count < neighboursMax && !this.#isOver; count += 1) {
      const cost = costOf(this.#best, this.#messages);
      const isCheaper = (plan: Plan, messages: number): boolean => costOf(plan, messages) < cost;
      if (await this.#accepts(neighbourOf(this.#best, count), isCheaper)) return true;
    }
    return false;
  }

  get #isReadable(): boolean {
    return this.#best.steps.length <= readable.steps && this.#messages <= readable.messages;
  }

  get #isOver(): boolean {
    const { isOver, runsMax = 2_000 } = this.#options;
    return this.#runs >= runsMax || isOver?.() === true;
  }

  async #pass(proposals: Generator<Plan, Plan, boolean>): Promise<void> {
    for (let next = proposals.next(); !next.done && !this.#isOver; ) {
      next = proposals.next(await this.#accepts(next.value));
    }
  }

  async #accepts(
    plan: Plan,
    isBetter: (plan: Plan, messages: number) => boolean = () => true,
  ): Promise<boolean> {
    const key = JSON.stringify(plan);
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    this.#runs += 1;
    const { failure, messages } = await this.#options.run(plan);
    if (failure === null || !this.#isSame(failure.check) || !isBetter(plan, messages)) return false;
    this.#best = plan;
    this.#check = failure.check;
    this.#messages = messages;
    return true;
  }

  #isSame(found: string): boolean {
    const { isSame, check } = this.#options;
    return isSame === undefined ? found === check : isSame(found, check);
  }
}

/** A step is as hard to follow as a few messages. */
function costOf({ steps }: Plan, messages: number): number {
  return 4 * steps.length + messages;
}
