/**
 * What the two ends of one connection share.
 */

import type { Effects } from './effects.ts';
import type { Kernel } from './kernel.ts';
import type { Link } from './link.ts';
import type { ParcelWire } from './parcel.ts';

/** What both ends share. */
export interface Wire extends ParcelWire {
  readonly kernel: Kernel;
  readonly effects: Effects;
  /** Told when both ends are done with it. */
  onGone(): void;
  /** A message of an earlier connection of the same direction, if one is known. */
  earlier(link: Link, ordinal: number): Uint8Array | null;
  remember(link: Link, ordinal: number, bytes: Uint8Array): void;
}
