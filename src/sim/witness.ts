/**
 * Goals that a scenario declares: things that must happen at least once in some of its seeds, or
 * the test shows less than it seems to.
 */

export class Witness {
  readonly #reached = new Map<string, boolean>();

  /** Declares a goal, and says whether it is reached now. Once reached, it stays so. */
  note(goal: string, isReached: boolean): void {
    this.#reached.set(goal, isReached || this.#reached.get(goal) === true);
  }

  /** Takes in what another run has declared and reached. */
  merge(other: Witness): void {
    for (const [goal, isReached] of other.#reached) this.note(goal, isReached);
  }

  /** Sorted. */
  get reached(): readonly string[] {
    return this.#goals(true);
  }

  /** Sorted. */
  get missed(): readonly string[] {
    return this.#goals(false);
  }

  #goals(isReached: boolean): readonly string[] {
    return [...this.#reached]
      .filter(([, reached]) => reached === isReached)
      .map(([goal]) => goal)
      .sort();
  }
}
