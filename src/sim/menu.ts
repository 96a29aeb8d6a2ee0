/**
 * The faults that may happen in one plan: of all kinds some, each with its weight. Leaving kinds
 * out finds more than mixing all of them every time (swarm testing: Groce et al., 2012).
 */

import { faultCatalogue, quietKinds } from './fault-catalogue.ts';
import type { FaultVariant } from './fault-kinds.ts';
import type { Fault, FaultKind } from './plan.ts';
import type { Stream } from './random.ts';
import type { Scene, Target } from './scene.ts';
import { type Weighted, weighted } from './weighted.ts';

/** How often a kind that the mesh has no place for is drawn anew. */
const triesMax = 6;

export class Menu {
  readonly #items: readonly Weighted<FaultVariant>[];

  constructor(items: readonly Weighted<FaultVariant>[]) {
    this.#items = items;
  }

  /**
   * Draws which kinds there are, each left out every other time.
   *
   * @param allowed those that may be among them
   */
  static drawn(chance: Stream, allowed: ReadonlySet<FaultKind> | null): Menu {
    // A second process with one id is only refused where nothing divides the mesh (section 1).
    const isQuiet = chance.chance(0.06);
    const items = faultCatalogue.map((variant): Weighted<FaultVariant> => {
      const weight = chance.chance(isQuiet ? 0.8 : 0.5) ? chance.between(1, 100) : 0;
      const isLeftOut = isQuiet ? !quietKinds.has(variant.kind) : variant.kind === 'duplicate';
      return [isLeftOut || allowed?.has(variant.kind) === false ? 0 : weight, variant];
    });
    return new Menu(items.filter(([weight]) => weight > 0));
  }

  /** All that are allowed, each as likely as the others. */
  static of(allowed: ReadonlySet<FaultKind>): Menu {
    const items = faultCatalogue.filter(({ kind }) => allowed.has(kind));
    return new Menu(items.map((variant) => [1, variant]));
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** Only what `isSuch` lets through. */
  only(isSuch: (variant: FaultVariant) => boolean): Menu {
    return new Menu(this.#items.filter(([, variant]) => isSuch(variant)));
  }

  /** A fault about `target`, or `null` when nothing fits. */
  fault(scene: Scene, target: Target = scene.target()): Fault | null {
    if (this.isEmpty) return null;
    for (let tries = 0; tries < triesMax; tries += 1) {
      const fault = weighted(scene.chance, this.#items).draw(scene, target);
      if (fault !== null) return fault;
    }
    return null;
  }
}
