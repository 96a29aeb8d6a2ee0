/**
 * A campaign that learns: plans that led where none had led before are kept, and half of the plans
 * to come are made from them.
 */

import { drawPlan } from './draw-plan.ts';
import { mutatePlan } from './mutate-plan.ts';
import type { Plan } from './plan.ts';
import { Stream } from './random.ts';

/** Beyond that, older plans give way. */
const keptMax = 512;

export class Corpus {
  readonly #kept: Plan[] = [];
  readonly #seen = new Set<string>();
  #keptCount = 0;

  /** How many plans are kept. */
  get size(): number {
    return this.#kept.length;
  }

  /** How many different things the plans offered so far went through. */
  get tupleCount(): number {
    return this.#seen.size;
  }

  /** The plan of a seed: one like those kept, every other time; else a new one. */
  draw(seed: number): Plan {
    const chance = Stream.of(seed, 'corpus');
    if (this.#kept.length === 0 || chance.chance(0.5)) return drawPlan(seed);
    return mutatePlan(chance.pick(this.#kept), seed);
  }

  /**
   * Keeps a plan if it went through anything new.
   *
   * @param tuples what its run went through, as coverage.ts tells it
   * @returns how much of it was new
   */
  offer(plan: Plan, tuples: Iterable<string>): number {
    const before = this.#seen.size;
    for (const tuple of tuples) this.#seen.add(tuple);
    const novel = this.#seen.size - before;
    if (novel > 0) this.keep(plan);
    return novel;
  }

  /** Keeps a plan, whatever it did. */
  keep(plan: Plan): void {
    this.#kept[this.#keptCount % keptMax] = plan;
    this.#keptCount += 1;
  }
}
