/**
 * Named points of the protocol: moments at which a fault is worth more than at any other time, and
 * for which a scenario can wait. A point is passed by a host; those who listen are told when the
 * turn in which it was passed is over, before anything else happens in the world.
 */

import type { Message } from '../protocol/message.ts';
import type { Host } from './host.ts';
import type { Observer, SeenStep } from './world.ts';

/**
 * - `commit sent`, `vote delivered` …: a message of that type left a host, or arrived at one. Sent:
 *   handed to the network, not delivered yet.
 * - `all votes in`: a claim has just been granted; its COMMIT is not sent yet, but will be.
 * - `claim failed`, `claim lost`: the core has told so.
 * - `link up`, `link down`: as the host sees it.
 * - `mark asked`: a voter has asked for a high-water mark to be made durable.
 */
export type Point =
  | `${Message['type']} sent`
  | `${Message['type']} delivered`
  | 'all votes in'
  | 'claim failed'
  | 'claim lost'
  | 'link up'
  | 'link down'
  | 'mark asked';

/** One passing of a point. */
export interface Passing {
  readonly point: Point;
  readonly host: Host;
  /** The peer to or from which the message went, or whose link it is; `null` for other points. */
  readonly other: string | null;
}

/** Told of the points that were passed; not asked again once it returns `true`. */
export type PointListener = (passing: Passing) => boolean;

export class Points implements Observer {
  readonly #listeners = new Set<PointListener>();
  #passed: Passing[] = [];

  /** Tells `listener` of each passing from now on, until it has had enough. */
  listen(listener: PointListener): void {
    this.#listeners.add(listener);
  }

  forget(listener: PointListener): void {
    this.#listeners.delete(listener);
  }

  forgetAll(): void {
    this.#listeners.clear();
  }

  onStep(seen: SeenStep): void {
    if (this.#listeners.size > 0) this.#note(seen);
  }

  onTurn(): void {
    if (this.#passed.length === 0) return;
    const passed = this.#passed;
    this.#passed = [];
    for (const passing of passed) {
      for (const listener of [...this.#listeners]) {
        if (listener(passing)) this.#listeners.delete(listener);
      }
    }
  }

  #note({ host, step: { input, outputs } }: SeenStep): void {
    const pass = (point: Point, other: string | null = null): void => {
      this.#passed.push({ point, host, other });
    };
    if (input.type === 'link-up') pass('link up', input.peer);
    if (input.type === 'link-down') pass('link down', input.peer);
    if (input.type === 'frame') {
      for (const { type } of input.frame.messages) pass(`${type} delivered`, input.peer);
    }
    for (const output of outputs) {
      if (output.type === 'granted') pass('all votes in');
      else if (output.type === 'failed') pass('claim failed');
      else if (output.type === 'lost') pass('claim lost');
      else if (output.type === 'unlink') pass('link down', output.peer);
      else if (output.type === 'persist') pass('mark asked');
      else if (output.type === 'frame') {
        for (const { type } of output.frame.messages) pass(`${type} sent`, output.to);
      }
    }
  }
}
