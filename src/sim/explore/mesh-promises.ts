/**
 * What the clients of a mesh are promised, watched as its states follow each other: exclusion in
 * true time, tokens that rise, loss that is told first and is final, and answers that fit.
 */

import { conflicts, sharedOnly } from '../../protocol/claim.ts';
import type { Resource } from '../../protocol/message.ts';
import type { Ended } from './core-state.ts';
import type { Cores } from './cores.ts';
import type { MeshLayout } from './mesh-layout.ts';
import type { MeshScope, ScopeClaim } from './scope.ts';

/** The mesh whose present state is watched. */
interface Watched {
  readonly scope: MeshScope;
  readonly layout: MeshLayout;
  readonly cores: Cores;
  readonly state: Int32Array;
  coreOf(peer: number): number;
}

export class MeshPromises {
  readonly #world: Watched;
  /** For each claim, a bit for each that conflicts with it. */
  readonly #conflicts: readonly number[];
  /** For each claim, a bit for each that conflicts with it once it is downgraded. */
  readonly #sharedConflicts: readonly number[];
  /** What may be broken, by number; 0 is nothing. */
  readonly #breaches: string[] = [''];
  /** Tokens by number, and back: a word is too small for one. */
  readonly #tokens: number[] = [0];
  readonly #tokenNumbers = new Map<number, number>([[0, 0]]);

  constructor(world: Watched) {
    this.#world = world;
    const { claims } = world.scope;
    this.#conflicts = claims.map((claim) => conflictsOf(claim.resources, claim, claims));
    this.#sharedConflicts = claims.map((claim) => {
      return conflictsOf(sharedOnly(claim.resources), claim, claims);
    });
  }

  /** What is broken in a state; `null` if nothing is. */
  breachOf(state: Int32Array): string | null {
    return this.#breaches[state[this.#world.layout.brokenAt] ?? 0] || null;
  }

  /** Whether what has happened since a state can be seen by a promise to the clients. */
  isSeenSince(before: Int32Array): boolean {
    const { layout, scope, state } = this.#world;
    const { brokenAt, peers, tokensAt } = layout;
    for (let word = tokensAt; word <= brokenAt; word += 1) {
      if (state[word] !== before[word]) return true;
    }
    if (layout.sharedOf(state) !== layout.sharedOf(before)) return true;
    // That a loss is told, for whoever is granted the same must come after.
    for (let claim = 0; claim < scope.claims.length; claim += 1) {
      if (layout.claimOf(before, claim) !== 'lapsed') continue;
      if (layout.claimOf(state, claim) !== 'lapsed') return true;
    }
    for (let peer = 0; peer < peers; peer += 1) {
      const [now, then] = [state[peer] ?? 0, before[peer] ?? 0];
      if (now !== then && this.#heldIn(now) !== this.#heldIn(then)) return true;
    }
    return false;
  }

  /** A core says that a claim is granted. */
  granted(claim: number, token: number): void {
    const { layout, state } = this.#world;
    const name = nameOf(claim);
    if (layout.claimOf(state, claim) !== 'waiting') {
      return this.breach(`${name} is granted, and does not wait`);
    }
    layout.setClaim(state, claim, 'held');
    this.#checkTold(claim);
    for (const { name: resource, mode } of this.#world.scope.claims[claim]?.resources ?? []) {
      const at = layout.tokensAt + 2 * layout.names.indexOf(resource);
      const [any, exclusive] = [this.#tokenAt(at), this.#tokenAt(at + 1)];
      const bound = mode === 'exclusive' ? any : exclusive;
      if (token <= bound) {
        this.breach(
          `${name} is granted ${resource} with a token that is not greater than the last`,
        );
      }
      state[at] = this.#tokenNumber(Math.max(any, token));
      if (mode === 'exclusive') state[at + 1] = this.#tokenNumber(token);
    }
  }

  /** Whoever lost what is granted anew has been told, unless it has not run since. */
  #checkTold(claim: number): void {
    if (this.#world.scope.budgets.pauses > 0) return;
    for (const other of this.#world.scope.claims.keys()) {
      const isRival = this.#rivalsAmong(1 << other, claim) !== 0;
      if (!isRival || this.#world.layout.claimOf(this.#world.state, other) !== 'lapsed') continue;
      this.breach(`${nameOf(claim)} is granted before ${nameOf(other)} is told that it is lost`);
    }
  }

  /** A core says that a claim waits or holds no longer. */
  ended(claim: number, how: Ended): void {
    const before = this.#world.layout.claimOf(this.#world.state, claim);
    const isDue =
      how === 'failed' ? before === 'waiting' : before === 'held' || before === 'lapsed';
    if (!isDue) return this.breach(`${nameOf(claim)} is ${how}, and was ${before}`);
    if (how === 'stolen' && !this.#hasThief(claim)) {
      return this.breach(`${nameOf(claim)} is stolen, and nobody waits who steals it`);
    }
    this.#world.layout.setClaim(this.#world.state, claim, 'over');
  }

  /** Whoever steals waits until those have lost it who hold it, unless it has gone meanwhile. */
  #hasThief(claim: number): boolean {
    const { layout, scope, state } = this.#world;
    const { crashes, giveUps, restarts } = scope.budgets;
    if (crashes + giveUps + restarts > 0) return true;
    for (const [other, { patience }] of scope.claims.entries()) {
      const isWaiting = patience === 'steal' && layout.claimOf(state, other) === 'waiting';
      if (isWaiting && this.#rivalsAmong(1 << other, claim) !== 0) return true;
    }
    return false;
  }

  /** Exclusion, and that lost is final, by what each core says of its claims now. */
  watch(): void {
    let held = 0;
    for (let peer = 0; peer < this.#world.layout.peers; peer += 1) {
      held |= this.#heldIn(this.#world.coreOf(peer));
    }
    for (const claim of this.#world.scope.claims.keys()) {
      const isValid = ((held >> claim) & 1) === 1;
      const known = this.#world.layout.claimOf(this.#world.state, claim);
      if (isValid && known === 'lapsed')
        this.breach(`${nameOf(claim)} was lost and is valid again`);
      if (isValid && known === 'over') this.breach(`${nameOf(claim)} is valid, and is over`);
      if (!isValid && known === 'held')
        this.#world.layout.setClaim(this.#world.state, claim, 'lapsed');
      const rivals = isValid ? this.#rivalsAmong(held, claim) : 0;
      if (rivals === 0) continue;
      this.breach(`${nameOf(claim)} and ${nameOf(31 - Math.clz32(rivals))} are both valid`);
    }
  }

  /** Those that conflict with a claim, by what has been downgraded. */
  #rivalsAmong(claims: number, claim: number): number {
    const { layout, state } = this.#world;
    let rivals = claims & (this.#conflicts[claim] ?? 0);
    const shared = rivals === 0 ? 0 : layout.sharedOf(state);
    if (shared === 0) return rivals;
    if (layout.isShared(state, claim)) rivals &= (this.#sharedConflicts[claim] ?? 0) & ~shared;
    for (const [other, conflicts] of this.#sharedConflicts.entries()) {
      const isOut = ((shared >> other) & 1) === 1 && ((conflicts >> claim) & 1) === 0;
      if (isOut) rivals &= ~(1 << other);
    }
    return rivals;
  }

  /** A bit for each claim that a core says is valid. */
  #heldIn(core: number): number {
    return core === 0 ? 0 : this.#world.cores.stateOf(core).held;
  }

  /** Notes that something is broken; the first of several. */
  breach(message: string): void {
    const { layout, state } = this.#world;
    const { brokenAt } = layout;
    if (state[brokenAt] !== 0) return;
    const known = this.#breaches.indexOf(message);
    state[brokenAt] = known >= 0 ? known : this.#breaches.push(message) - 1;
  }

  #tokenAt(at: number): number {
    return this.#tokens[this.#world.state[at] ?? 0] ?? 0;
  }

  #tokenNumber(token: number): number {
    let number = this.#tokenNumbers.get(token);
    if (number === undefined) {
      number = this.#tokens.push(token) - 1;
      this.#tokenNumbers.set(token, number);
    }
    return number;
  }
}

/** A bit for each other claim that conflicts with these resources of one. */
function conflictsOf(
  own: readonly Resource[],
  claim: ScopeClaim,
  claims: readonly ScopeClaim[],
): number {
  let bits = 0;
  for (const [index, other] of claims.entries()) {
    if (other !== claim && conflicts(own, other.resources)) bits |= 1 << index;
  }
  return bits;
}

/** Claims are called by their number, as in the core. */
function nameOf(claim: number): string {
  return `claim ${claim + 1}`;
}
