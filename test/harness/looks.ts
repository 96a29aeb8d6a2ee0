/** Counts how often entries are looked at: what an event costs, on any machine. */

import type { Entry } from '../../src/protocol/entry.ts';

/** No walk along a queue passes an entry without reading one of these. */
const read = ['generation', 'ticket', 'token', 'said', 'committedAt'] as const;

/** Calls `onLook` whenever `entry` is looked at. */
export function watchLooks(entry: Entry, onLook: () => void): void {
  for (const key of read) {
    let value: unknown = entry[key];
    Object.defineProperty(entry, key, {
      get: () => {
        onLook();
        return value;
      },
      set: (next: unknown) => {
        value = next;
      },
    });
  }
}
