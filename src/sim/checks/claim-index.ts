/**
 * All claims that wait or are held, by the names that they are on, so that those in the way of one
 * are found without looking at all others.
 */

import { excludes } from '../../protocol/claim.ts';
import type { Resource } from '../../protocol/message.ts';
import type { Claim } from './core-view.ts';

interface OnName {
  readonly waiting: Set<Claim>;
  readonly held: Set<Claim>;
  /** How many have ever been asked for. */
  asked: number;
}

export class ClaimIndex {
  readonly #names = new Map<string, OnName>();

  add(claim: Claim): void {
    for (const { name } of claim.asked.resources) {
      let on = this.#names.get(name);
      if (on === undefined) {
        on = { waiting: new Set(), held: new Set(), asked: 0 };
        this.#names.set(name, on);
      }
      on.asked += 1;
      on[claim.state].add(claim);
    }
  }

  /** How many claims have been asked for on some names, and have ended. */
  endedOn(resources: readonly Resource[]): number {
    let ended = 0;
    for (const { name } of resources) {
      const on = this.#names.get(name);
      if (on !== undefined) ended += on.asked - on.waiting.size - on.held.size;
    }
    return ended;
  }

  /** It waits no more. */
  grant(claim: Claim): void {
    for (const { name } of claim.asked.resources) {
      const on = this.#names.get(name);
      on?.waiting.delete(claim);
      on?.held.add(claim);
    }
  }

  remove(claim: Claim): void {
    for (const { name } of claim.asked.resources)
      this.#names.get(name)?.[claim.state].delete(claim);
  }

  /** How many claims have ever been asked for on the names of this one. */
  askedOnNamesOf({ asked }: Claim): number {
    let count = 0;
    for (const { name } of asked.resources) count += this.#names.get(name)?.asked ?? 0;
    return count;
  }

  /** The others in a state that conflict with a claim, of processes that live. */
  rivals(claim: Claim, state: Claim['state']): readonly Claim[] {
    const rivals = new Set<Claim>();
    for (const resource of claim.asked.resources) {
      for (const other of this.#names.get(resource.name)?.[state] ?? []) {
        if (other === claim || !other.core.process.isAlive) continue;
        const same = other.asked.resources.find(({ name }) => name === resource.name);
        if (same !== undefined && excludes(same, resource)) rivals.add(other);
      }
    }
    return [...rivals];
  }

  /** Whether another claim of a living process holds one of the names, and does not conflict. */
  isShared(claim: Claim): boolean {
    return claim.asked.resources.some(({ name, mode }) => {
      if (mode !== 'shared') return false;
      const holders = this.#names.get(name)?.held ?? [];
      return [...holders].some((other) => other !== claim && other.core.process.isAlive);
    });
  }
}
