/**
 * Carries out what a core asks for, in order: what carrying out one output gives rise to, since a
 * listener that is told of it may call back in, comes after those that were there before.
 */

import type { Output } from '../protocol/output.ts';

export class OutputQueue {
  readonly #perform: (output: Output) => void;
  /** What came while others were carried out. */
  readonly #later: Output[] = [];
  #isBusy = false;

  constructor(perform: (output: Output) => void) {
    this.#perform = perform;
  }

  carryOut(outputs: readonly Output[]): void {
    if (this.#isBusy) {
      for (const output of outputs) this.#later.push(output);
    } else if (outputs.length > 0) this.#carryOut(outputs);
  }

  #carryOut(outputs: readonly Output[]): void {
    this.#isBusy = true;
    try {
      for (const output of outputs) this.#perform(output);
      for (let next = this.#later.shift(); next !== undefined; next = this.#later.shift()) {
        this.#perform(next);
      }
    } finally {
      this.#isBusy = false;
    }
  }
}
