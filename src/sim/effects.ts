/**
 * What faults have done, not what was tried: a cut that met no message counts nothing.
 */

/** A kind of effect, e.g. `messages lost`. */
export type Effect =
  | 'claims aborted'
  | 'clocks jumped'
  | 'connections half-open'
  | 'connections lost'
  | 'dials refused'
  | 'dials swallowed'
  | 'duplicates refused'
  | 'leases expired'
  | 'links closed as silent'
  | 'members joined'
  | 'messages corrupted'
  | 'messages held'
  | 'messages lost'
  | 'messages oversized'
  | 'messages reordered'
  | 'messages repeated'
  | 'messages replayed'
  | 'messages truncated'
  | 'peers refused for their options'
  | 'processes killed'
  | 'processes paused past their lease'
  | 'processes restarted'
  | 'processes suspended'
  | 'timers late'
  | 'votes forgotten'
  | 'writes failed'
  | 'writes lost';

export class Effects {
  readonly #counts = new Map<Effect, number>();

  count(effect: Effect, times = 1): void {
    if (times > 0) this.#counts.set(effect, (this.#counts.get(effect) ?? 0) + times);
  }

  of(effect: Effect): number {
    return this.#counts.get(effect) ?? 0;
  }

  /** Sorted by name. */
  all(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}
