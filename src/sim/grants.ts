/**
 * Counts the locks that were granted, and those that were while something was wrong.
 */

import type { Observer, SeenStep } from './world.ts';

export class Grants implements Observer {
  readonly #isFaulty: () => boolean;
  #count = 0;
  #underFault = 0;

  constructor(isFaulty: () => boolean) {
    this.#isFaulty = isFaulty;
  }

  get count(): number {
    return this.#count;
  }

  get underFault(): number {
    return this.#underFault;
  }

  onStep({ step: { outputs } }: SeenStep): void {
    for (const { type } of outputs) {
      if (type !== 'granted') continue;
      this.#count += 1;
      if (this.#isFaulty()) this.#underFault += 1;
    }
  }
}
