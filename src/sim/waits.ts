/**
 * All that a scenario and the programs on its nodes wait for at the moment, so that a run that
 * comes to a standstill can say on what.
 */

import { type CallSite, callSite } from './call-site.ts';
import type { Actor } from './task.ts';

/** One call that has not returned. */
export interface Wait {
  /** The process that it waits with; `null`: the scenario. */
  readonly actor: Actor | null;
  /** `sleeps for 5 ms`. */
  readonly what: string;
  readonly sinceMs: number;
  readonly site: CallSite;
}

/** What a report lists at most. */
const listedMax = 30;

export class Waits {
  readonly #nowMs: () => number;
  readonly #all = new Set<Wait>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * A call waits from now on, until `end`.
   *
   * @param framesMax how many calls away the caller is at most
   */
  begin(actor: Actor | null, what: string, framesMax = 8): Wait {
    const wait = { actor, what, sinceMs: this.#nowMs(), site: callSite(framesMax) };
    this.#all.add(wait);
    return wait;
  }

  end(wait: Wait): void {
    this.#all.delete(wait);
  }

  /** One line for each; those of dead processes, which nothing will end, last. */
  describe(): readonly string[] {
    const all = [...this.#all];
    const living = all.filter(({ actor }) => actor?.isAlive !== false);
    const dead = all.filter(({ actor }) => actor?.isAlive === false);
    const lines = [
      ...living.map(describeWait),
      ...dead.map((wait) => `${describeWait(wait)}, and its process is dead`),
    ];
    if (lines.length <= listedMax) return lines;
    return [...lines.slice(0, listedMax), `and ${lines.length - listedMax} more`];
  }
}

function describeWait({ actor, what, sinceMs, site }: Wait): string {
  const who = actor === null ? 'the scenario' : actor.name;
  return `${who} ${what}, since ${formatMs(sinceMs)} (${site})`;
}

/** `1,234.567 ms`. */
export function formatMs(ms: number): string {
  return `${ms.toLocaleString('en-US', { maximumFractionDigits: 3 })} ms`;
}
