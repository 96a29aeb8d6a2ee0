/**
 * All claims that wait or are held, by the names that they are on and by mode, so that those in the
 * way of one are found without looking at all others.
 */

import { sharedOnly } from '../../protocol/claim.ts';
import type { Mode, Resource } from '../../protocol/message.ts';
import type { Claim } from './core-view.ts';

/** In the order asked, or granted. */
type ByState = { readonly [State in Claim['state']]: Set<Claim> };

interface OnName {
  readonly exclusive: ByState;
  readonly shared: ByState;
  /** How many have been asked for since nobody was on it. */
  asked: number;
}

export class ClaimIndex {
  /** Those with claims. */
  readonly #names = new Map<string, OnName>();

  add(claim: Claim): void {
    for (const { name, mode } of claim.asked.resources) {
      let on = this.#names.get(name);
      if (on === undefined) {
        on = { exclusive: noClaims(), shared: noClaims(), asked: 0 };
        this.#names.set(name, on);
      }
      on.asked += 1;
      on[mode][claim.state].add(claim);
    }
  }

  /** How many claims have been asked for on some names, and have ended, since they were free. */
  endedOn(resources: readonly Resource[]): number {
    let ended = 0;
    for (const { name } of resources) {
      const on = this.#names.get(name);
      if (on !== undefined) ended += on.asked - openOn(on);
    }
    return ended;
  }

  /** It waits no more. */
  grant(claim: Claim): void {
    for (const { name, mode } of claim.asked.resources) {
      const on = this.#names.get(name)?.[mode];
      on?.waiting.delete(claim);
      on?.held.add(claim);
    }
  }

  /** What is held exclusively is shared from now on. @returns it, if it is held */
  share(claim: Claim | undefined): Claim | null {
    if (claim?.state !== 'held') return null;
    for (const { name, mode } of claim.asked.resources) {
      const on = this.#names.get(name);
      if (mode === 'shared' || on === undefined) continue;
      on.exclusive.held.delete(claim);
      on.shared.held.add(claim);
    }
    claim.asked = { ...claim.asked, resources: sharedOnly(claim.asked.resources) };
    claim.core.share(claim);
    return claim;
  }

  remove(claim: Claim): void {
    for (const { name, mode } of claim.asked.resources) {
      const on = this.#names.get(name);
      if (on === undefined) continue;
      on[mode][claim.state].delete(claim);
      if (openOn(on) === 0) this.#names.delete(name);
    }
  }

  /** How many claims have been asked for on the names of an open one, since they were free. */
  askedOnNamesOf({ asked }: Claim): number {
    let count = 0;
    for (const { name } of asked.resources) count += this.#names.get(name)?.asked ?? 0;
    return count;
  }

  /** The others in a state that conflict with a claim, of processes that live; each once. */
  *rivals(claim: Claim, state: Claim['state']): IterableIterator<Claim> {
    const { resources } = claim.asked;
    const known = resources.length > 1 ? new Set<Claim>() : null;
    for (const { name, mode } of resources) {
      for (const rivals of this.#against(name, mode)) {
        for (const other of rivals[state]) {
          if (other === claim || !other.core.process.isAlive || known?.has(other)) continue;
          known?.add(other);
          yield other;
        }
      }
    }
  }

  /** Claims of the same core that were asked for before one, conflict with it, and wait. */
  *olderWaiting(claim: Claim): IterableIterator<Claim> {
    for (const { name, mode } of claim.asked.resources) {
      for (const { waiting } of this.#against(name, mode)) {
        for (const other of waiting) {
          if (other === claim || other.core !== claim.core) continue;
          // Those of one core come in the order asked.
          if (other.askedIn > claim.askedIn) break;
          yield other;
        }
      }
    }
  }

  /** Whether another claim of a living process holds one of the names, and does not conflict. */
  isShared(claim: Claim): boolean {
    for (const { name, mode } of claim.asked.resources) {
      if (mode !== 'shared') continue;
      for (const other of this.#names.get(name)?.shared.held ?? nobody) {
        if (other !== claim && other.core.process.isAlive) return true;
      }
    }
    return false;
  }

  /** The claims that conflict with one in this mode. */
  #against(name: string, mode: Mode): readonly ByState[] {
    const on = this.#names.get(name);
    if (on === undefined) return none;
    return mode === 'shared' ? [on.exclusive] : [on.exclusive, on.shared];
  }
}

const nobody: ReadonlySet<Claim> = new Set();
const none: readonly ByState[] = Object.freeze([]);

function noClaims(): ByState {
  return { waiting: new Set(), held: new Set() };
}

function openOn({ exclusive, shared }: OnName): number {
  const { waiting, held } = exclusive;
  return waiting.size + held.size + shared.waiting.size + shared.held.size;
}

/** The claims that wait, and are given up when it is granted: it is enough. */
export function* othersThan({ asked, core }: Claim): IterableIterator<Claim> {
  for (const id of asked.alternatives ?? []) {
    const other = core.claims.get(id);
    if (other?.state === 'waiting' && id !== asked.claim) yield other;
  }
}
