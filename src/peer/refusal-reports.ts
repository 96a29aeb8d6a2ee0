/**
 * Decides which refusals are reported: the first of each kind from each machine at once, later ones
 * at most once in `intervalMs`. Strangers as a whole have a budget on top, since they may come from
 * any number of addresses; what they send cannot crowd out what peers report.
 */

import type { RefusalCode } from './link-types.ts';

export interface ReportedRefusal {
  readonly code: RefusalCode;
  readonly remote: string;
  readonly byUs: boolean;
  /** Whether the other side has proved who it is. */
  readonly believed: boolean;
}

export const intervalMs = 60_000;

/** Reports about strangers in one interval. */
export const strangerReportsMax = 20;

const kindsMax = 256;

interface Kind {
  readonly reportedAtMs: number;
  suppressed: number;
}

export class RefusalReports {
  /** By machine, code and side; the one reported longest ago first. */
  readonly #kinds = new Map<string, Kind>();
  /** The present interval of the strangers' budget. */
  #sinceMs = Number.NEGATIVE_INFINITY;
  #strangers = 0;
  #overBudget = 0;

  /**
   * How many were left out since the last report of this kind; `undefined`: leave this one out too.
   */
  take(refusal: ReportedRefusal, nowMs: number): number | undefined {
    const key = `${machineOf(refusal.remote)} ${refusal.code} ${refusal.byUs} ${refusal.believed}`;
    const kind = this.#kinds.get(key);
    if (kind !== undefined && nowMs - kind.reportedAtMs < intervalMs) {
      kind.suppressed++;
      return undefined;
    }
    if (!refusal.believed && !this.#takeFromBudget(nowMs)) return undefined;
    const suppressed = (kind?.suppressed ?? 0) + (refusal.believed ? 0 : this.#overBudget);
    if (!refusal.believed) this.#overBudget = 0;
    this.#kinds.delete(key);
    this.#kinds.set(key, { reportedAtMs: nowMs, suppressed: 0 });
    const [oldest] = this.#kinds.keys();
    if (this.#kinds.size > kindsMax && oldest !== undefined) this.#kinds.delete(oldest);
    return suppressed;
  }

  #takeFromBudget(nowMs: number): boolean {
    if (nowMs - this.#sinceMs >= intervalMs) {
      this.#sinceMs = nowMs;
      this.#strangers = 0;
    }
    if (this.#strangers < strangerReportsMax) {
      this.#strangers++;
      return true;
    }
    this.#overBudget++;
    return false;
  }
}

/** Each connection comes from another port. */
function machineOf(remote: string): string {
  const colon = remote.lastIndexOf(':');
  return colon === -1 ? remote : remote.slice(0, colon);
}
