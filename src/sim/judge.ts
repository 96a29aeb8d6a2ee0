/**
 * Judges what the library promises, in a run in which its author may do anything: promises are held
 * only as long as what they need is left in place.
 */

import { assumptionsOf } from './assumptions.ts';
import type { Checker, Violation } from './checker.ts';
import { Books } from './checks/books.ts';
import { createCheckers } from './checks/checkers.ts';
import type { FaultStep } from './fault-steps.ts';
import { Goals } from './goals.ts';
import type { Host } from './host.ts';
import { type Fault, type PlanMesh, planVersion } from './plan.ts';
import type { World } from './world.ts';

/** Checks of promises that need clocks of which the rates agree (docs/protocol.md, section 1). */
const timedChecks: ReadonlySet<string> = new Set(['exclusion', 'told-first']);

/** Those that need memory, or wall clocks that agree. */
const fencedChecks: ReadonlySet<string> = new Set(['tokens']);

export interface JudgeSetup {
  readonly world: World;
  readonly mesh: PlanMesh;
  /** What goes wrong by itself. */
  readonly steps: readonly FaultStep[];
  /** Whether the peers assume clocks that are closer than faults leave them. */
  readonly isStrict: boolean;
  onViolation(violation: Violation): void;
}

export class Judge {
  readonly #setup: JudgeSetup;
  readonly #checkers: readonly Checker[];
  readonly #goals: Goals;
  readonly #made: FaultStep[];
  #isTimeless = false;

  constructor(setup: JudgeSetup) {
    const { world, steps } = setup;
    this.#setup = setup;
    this.#made = [...steps];
    const books = new Books(world);
    this.#checkers = createCheckers(
      {
        ...{ world, isExclusive: true, isFenced: true },
        onViolation: (violation) => {
          if (this.#isPromised(violation.check)) setup.onViolation(violation);
        },
      },
      books,
    );
    this.#goals = new Goals(world, books);
    for (const each of [...this.#checkers, this.#goals]) world.watch(each);
  }

  /** Goals of the library's own campaigns that this run has reached. */
  get witnessed(): readonly string[] {
    return this.#goals.witnessed();
  }

  /** The author makes something go wrong. */
  note(act: Fault): void {
    this.#made.push({ when: { atMs: 0 }, act });
  }

  /** A clock is not one any more. */
  noteFrozen(): void {
    this.#isTimeless = true;
  }

  onDeath(host: Host): void {
    for (const checker of this.#checkers) checker.onDeath?.(host);
  }

  #isPromised(check: string): boolean {
    const isTimed = timedChecks.has(check);
    if (!isTimed && !fencedChecks.has(check)) return true;
    const { mesh, world, isStrict } = this.#setup;
    const steps = this.#made;
    const plan = { version: planVersion, seed: world.seed, mesh, healAtMs: 0, steps };
    const { isExclusive, isFenced } = assumptionsOf(plan);
    if (!isTimed) return isFenced;
    const drifts = isStrict && steps.some(({ act }) => act.do === 'drift');
    return isExclusive && !drifts && !this.#isTimeless;
  }
}
