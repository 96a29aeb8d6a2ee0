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
  /** `null` where places are not looked at: that costs more than all else of a call. */
  readonly site: CallSite | null;
}

/** What a report lists at most. */
const listedMax = 30;

export class Waits {
  readonly #nowMs: () => number;
  readonly #keepsSites: boolean;
  readonly #all = new Set<Wait>();

  constructor(nowMs: () => number, keepsSites: boolean) {
    this.#nowMs = nowMs;
    this.#keepsSites = keepsSites;
  }

  /**
   * A call waits from now on, until `end`.
   *
   * @param framesMax how many calls away the caller is at most
   */
  begin(actor: Actor | null, what: string, framesMax = 8): Wait {
    const site = this.#keepsSites ? callSite(framesMax) : null;
    const wait = { actor, what, sinceMs: this.#nowMs(), site };
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
  const where = site === null ? '' : ` (${site})`;
  return `${who} ${what}, since ${formatMs(sinceMs)}${where}`;
}

/** `1,234.567 ms`. */
export function formatMs(ms: number): string {
  return `${ms.toLocaleString('en-US', { maximumFractionDigits: 3 })} ms`;
}
