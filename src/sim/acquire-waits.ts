/**
 * Notes every `acquire` of an application that has not been answered, with the place in the code
 * that called.
 */

import type { WatchedCore } from '../peer/runtime.ts';
import type { ClaimId } from '../protocol/ids.ts';
import type { Wait, Waits } from './waits.ts';
import type { Observer, SeenStep } from './world.ts';

/** All of a peer lies between its caller and its core. */
const framesMax = 28;

export class AcquireWaits implements Observer {
  readonly #waits: Waits;
  readonly #pending = new Map<WatchedCore, Map<ClaimId, Wait>>();

  constructor(waits: Waits) {
    this.#waits = waits;
  }

  onStep({ host, core, step: { input, outputs } }: SeenStep): void {
    if (input.type === 'acquire') {
      const names = input.resources.map(({ name }) => JSON.stringify(name)).join(', ');
      const wait = this.#waits.begin(host.process, `asks for ${names}`, framesMax);
      const ofCore = this.#pending.get(core) ?? new Map<ClaimId, Wait>();
      this.#pending.set(core, ofCore.set(input.claim, wait));
    } else if (input.type === 'release') this.#end(core, input.claim);
    for (const output of outputs) {
      if (output.type === 'granted' || output.type === 'failed') this.#end(core, output.claim);
    }
  }

  #end(core: WatchedCore, claim: ClaimId): void {
    const ofCore = this.#pending.get(core);
    const wait = ofCore?.get(claim);
    if (ofCore === undefined || wait === undefined) return;
    this.#waits.end(wait);
    ofCore.delete(claim);
    if (ofCore.size === 0) this.#pending.delete(core);
  }
}
