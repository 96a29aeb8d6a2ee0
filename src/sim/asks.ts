/**
 * Programs that ask again and again while no time passes: they would go round for ever in real
 * time, since all that they do happens in microtasks, which nothing can interrupt.
 */

import { type CallSite, callSite } from './call-site.ts';

/** More than this at one instant go round in a circle: no peer may have as many claims. */
export const asksAtOnceMax: number = 250_000;

/** The same for what is refused at once, as by a peer that has closed: it is of no use again. */
export const refusalsAtOnceMax: number = 20_000;

/** How many calls away the program is at most. */
const framesMax = 20;

/** Who asks whom, and how. */
export interface Ask {
  readonly name: string;
  readonly isRefused: boolean;
}

export class Asks {
  /** Told of those that go on without end. */
  onCircle: (name: string, count: number, site: CallSite) => void = () => {};
  /** How many tasks had happened when the first of these was asked. */
  #taskCount = 0;
  #asked = 0;
  #refused = 0;

  /**
   * A program asks for something.
   *
   * @param taskCount how many tasks have happened: no more of them do within a circle
   * @returns what never settles, and so breaks the circle
   */
  note({ name, isRefused }: Ask, taskCount: number): Promise<never> | undefined {
    if (taskCount !== this.#taskCount) {
      this.#taskCount = taskCount;
      this.#asked = 0;
      this.#refused = 0;
    }
    const count = isRefused ? ++this.#refused : ++this.#asked;
    const most = isRefused ? refusalsAtOnceMax : asksAtOnceMax;
    if (count <= most) return undefined;
    this.onCircle(name, most, callSite(framesMax));
    return new Promise(() => {});
  }
}
