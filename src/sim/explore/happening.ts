/**
 * What can happen to one core, each with a number that tells it from all others.
 */

import { type Time, timeMs, wallMs } from '../../protocol/index.ts';

export type What =
  | { readonly type: 'frame'; readonly from: number; readonly frame: number }
  | { readonly type: 'up'; readonly from: number; readonly incarnation: number }
  | { readonly type: 'down'; readonly from: number }
  | { readonly type: 'acquire' | 'release' | 'downgrade'; readonly claim: number }
  /** `ms` pass, and it is woken. */
  | { readonly type: 'wake'; readonly ms: number }
  /** `ms` pass, and it stands still. */
  | { readonly type: 'pass'; readonly ms: number }
  /** Its state file covers tokens up to a mark. */
  | { readonly type: 'persisted'; readonly mark: number }
  /** Its wall clock is set to another time. */
  | { readonly type: 'jump'; readonly ms: number };

/** What the clocks of a core show when it has happened. */
export function timeAfter({ now, wall }: Time, what: What): Time {
  switch (what.type) {
    case 'wake':
    case 'pass':
      return { now: timeMs(now + what.ms), wall: wallMs(wall + what.ms) };
    case 'jump':
      return { now, wall: wallMs(wall + what.ms) };
    default:
      return { now, wall };
  }
}

/** Made once and used again: it is looked up very often. */
export interface Happening {
  readonly what: What;
  readonly code: number;
}

export function happening(what: What): Happening {
  return { what, code: codeOf(what) };
}

function codeOf(what: What): number {
  switch (what.type) {
    case 'frame':
      return 64 * what.frame + 8 * what.from;
    case 'up':
      return 64 * what.incarnation + 8 * what.from + 1;
    case 'down':
      return 8 * what.from + 2;
    case 'acquire':
      return 8 * what.claim + 3;
    case 'release':
      return 8 * what.claim + 4;
    case 'downgrade':
      return 64 + 8 * what.claim + 4;
    case 'persisted':
      return 64 * (what.mark + 1) + 3;
    case 'wake':
      return 8 * what.ms + 5;
    case 'pass':
      return 8 * what.ms + 6;
    case 'jump':
      return 8 * what.ms + 7;
  }
}
