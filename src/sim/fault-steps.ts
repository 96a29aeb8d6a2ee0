/**
 * Lets the faults of a run happen at their moments, until it is told that enough went wrong.
 */

import type { Faults } from './faults.ts';
import type { Host } from './host.ts';
import type { Kernel } from './kernel.ts';
import type { Fault, When } from './plan.ts';
import type { Passing, Points } from './point.ts';

/** A fault and its moment. */
export interface FaultStep {
  readonly when: When;
  readonly act: Fault;
}

interface FaultStepsSetup {
  readonly kernel: Kernel;
  readonly hosts: readonly Host[];
  readonly faults: Faults;
  readonly points: Points;
}

export class FaultSteps {
  readonly #setup: FaultStepsSetup;
  #isOver = false;

  constructor(setup: FaultStepsSetup) {
    this.#setup = setup;
  }

  /** From now on they happen; their times count from now. */
  arm(steps: readonly FaultStep[]): void {
    for (const [index, step] of steps.entries()) this.#armOne(step, index);
  }

  /** No fault begins any more; those that have go on. */
  stop(): void {
    this.#isOver = true;
  }

  #armOne({ when, act }: FaultStep, index: number): void {
    const { kernel, points } = this.#setup;
    const run = (): void => {
      if (this.#isOver) return;
      kernel.hash.word(index);
      this.#setup.faults.apply(act);
    };
    if ('atMs' in when) {
      kernel.after(when.atMs * 1_000, { kind: 'fault', actor: null, detail: act.do, run });
      return;
    }
    let left = when.nth;
    points.listen((passing) => {
      if (this.#isOver) return true;
      if (!this.#isMeant(when, passing)) return false;
      left -= 1;
      if (left === 0) run();
      return left === 0;
    });
  }

  #isMeant(when: Exclude<When, { atMs: number }>, { point, host }: Passing): boolean {
    if (point !== when.point) return false;
    return when.host === null || this.#setup.hosts[when.host] === host;
  }
}
