/**
 * Conditions that a scenario waits for. Each is looked at when it is set and after every turn of
 * the world, so that whoever waits goes on before anything else happens.
 */

import type { Kernel } from './kernel.ts';

interface Waiting {
  readonly isMet: () => unknown;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Conditions {
  readonly #kernel: Kernel;
  readonly #waiting = new Set<Waiting>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /**
   * Resolves once `isMet` says so; rejects with what it throws.
   *
   * @returns also what ends the waiting, with an error
   */
  until(isMet: () => unknown): { readonly met: Promise<void>; giveUp(error: unknown): void } {
    const { promise: met, resolve, reject } = withResolvers();
    const waiting: Waiting = { isMet, resolve, reject };
    if (!this.#look(waiting)) this.#waiting.add(waiting);
    return {
      met,
      giveUp: (error) => {
        this.#waiting.delete(waiting);
        reject(error);
      },
    };
  }

  onTurn(): void {
    if (this.#waiting.size === 0) return;
    for (const waiting of [...this.#waiting]) {
      if (!this.#look(waiting)) continue;
      this.#waiting.delete(waiting);
      this.#kernel.noteMicrotasks();
    }
  }

  /** Whether that is settled. */
  #look({ isMet, resolve, reject }: Waiting): boolean {
    try {
      const answer = isMet();
      if (answer instanceof Promise) throw asyncCondition();
      if (!answer) return false;
      resolve();
    } catch (error) {
      reject(error);
    }
    return true;
  }
}

function asyncCondition(): TypeError {
  return new TypeError('Cannot wait until: the condition must answer at once, received a promise');
}

function withResolvers(): {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
} {
  let resolve = (): void => {};
  let reject = (_error: unknown): void => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
