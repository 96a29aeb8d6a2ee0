/**
 * What a kind of fault is, to those who draw.
 */

import type { Fault, FaultKind } from './plan.ts';
import type { Scene, Target } from './scene.ts';

/** A kind of fault: an act of a plan, or one way in which it is done that hurts differently. */
export interface FaultVariant {
  /** Unique among all. */
  readonly name: string;
  readonly kind: FaultKind;
  /** Whether a fault of this kind is such a one; all are where this is missing. */
  is?(fault: Fault): boolean;
  /** A fault of this kind about `target`; `null` where the mesh has no place for it. */
  draw(scene: Scene, target: Target): Fault | null;
}
