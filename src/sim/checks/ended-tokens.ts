/**
 * The tokens with which rounds have ended at a voter, name by name (rules 4.6, 4.7).
 */

import type { TimeMs } from '../../protocol/ids.ts';
import type { Resource } from '../../protocol/message.ts';
import { LaterMax } from './later-max.ts';

/** Names are many, and most of one mode. */
interface OnName {
  shared: LaterMax | null;
  exclusive: LaterMax | null;
}

export class EndedTokens {
  readonly #names = new Map<string, OnName>();

  raise(resources: readonly Resource[], token: number, now: TimeMs): void {
    for (const { name, mode } of resources) {
      let on = this.#names.get(name);
      if (on === undefined) {
        on = { shared: null, exclusive: null };
        this.#names.set(name, on);
      }
      on[mode] ??= new LaterMax();
      on[mode].raise(token, now);
    }
  }

  /** What the floor of a claim to these is at least, by what had ended before this moment. */
  floorOf(resources: readonly Resource[], now: TimeMs): number {
    let floor = 0;
    for (const { name, mode } of resources) {
      const on = this.#names.get(name);
      if (on === undefined) continue;
      floor = Math.max(floor, on.exclusive?.before(now) ?? 0);
      if (mode === 'exclusive') floor = Math.max(floor, on.shared?.before(now) ?? 0);
    }
    return floor;
  }
}
