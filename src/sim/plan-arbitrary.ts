/**
 * Plans as values of fast-check: `fc.assert(fc.asyncProperty(simPlan(), …))` draws them from the
 * seeds of its own, makes a failing one smaller, and repeats it by seed and path.
 */

import { Arbitrary, type Random, Stream, Value } from 'fast-check';
import type { DrawOptions } from './draw-options.ts';
import { drawPlan } from './draw-plan.ts';
import { parsePlan } from './parse-plan.ts';
import type { Plan } from './plan.ts';
import { smallerPlans } from './reductions.ts';

/** Seeds are drawn up to that. */
const seedMax = 0x7fff_ffff;

/**
 * Plans of a swarm: another mesh, other clients and other faults each time.
 *
 * @throws `TypeError` for impossible options
 */
export function simPlan(options: DrawOptions = {}): Arbitrary<Plan> {
  drawPlan(0, options);
  return new PlanArbitrary(options);
}

class PlanArbitrary extends Arbitrary<Plan> {
  readonly #options: DrawOptions;

  constructor(options: DrawOptions) {
    super();
    this.#options = options;
  }

  override generate(random: Random): Value<Plan> {
    return new Value(drawPlan(random.nextInt(0, seedMax), this.#options), 0);
  }

  override canShrinkWithoutContext(value: unknown): value is Plan {
    try {
      parsePlan(value);
      return true;
    } catch {
      return false;
    }
  }

  /** @param context how many proposals had failed to help when this plan was found */
  override shrink(plan: Plan, context?: unknown): Stream<Value<Plan>> {
    const from = typeof context === 'number' ? context : 0;
    return new Stream(proposals(plan, from));
  }
}

/** Smaller plans, the likelier ones first: those that have not been tried before this one. */
function* proposals(plan: Plan, from: number): IterableIterator<Value<Plan>> {
  let at = 0;
  for (const smaller of smallerPlans(plan)) {
    if (at >= from) yield new Value(smaller, at);
    at += 1;
  }
  at = 0;
  for (const smaller of smallerPlans(plan)) {
    if (at >= from) return;
    yield new Value(smaller, at);
    at += 1;
  }
}
