/**
 * The elections of a random walk: who observes which, and what is right to be shown. A leader that
 * is shown was granted before, with that token and value; and no token that is shown goes back.
 */

import type { ClaimId, LeaderView, PeerId, Stamp } from '../../src/protocol/index.ts';
import { Random } from './random.ts';

/** What one core shows of one election. */
interface Shown {
  leader: LeaderView | null;
  /** The greatest token that it has shown. */
  last: number;
}

export class WalkElections {
  /** A stream of its own: walks without elections are what they were. */
  readonly random: Random;
  /** How often somebody campaigns, or looks. */
  readonly chance: number;
  /** By name and token. */
  readonly #granted = new Map<string, { readonly peer: PeerId; readonly value: string }>();
  readonly #values = new Map<ClaimId, { readonly name: string; readonly value: string }>();
  readonly #shown = new Map<PeerId, Map<string, Shown>>();

  constructor(seed: number) {
    this.random = new Random(seed ^ 0x656c_6563);
    this.chance = this.random.pick([0, 0, 0, 0.1, 0.3]);
  }

  ask(claim: ClaimId, name: string, value: string): void {
    this.#values.set(claim, { name, value });
  }

  /** What a claim leads in; `undefined` if in nothing. */
  nameOf(claim: ClaimId): string | undefined {
    return this.#values.get(claim)?.name;
  }

  onGranted(peer: PeerId, claim: ClaimId, token: Stamp): void {
    const asked = this.#values.get(claim);
    if (asked !== undefined) this.#granted.set(`${asked.name} ${token}`, { ...asked, peer });
  }

  observe(peer: PeerId, name: string): void {
    const names = this.#shown.get(peer) ?? new Map<string, Shown>();
    if (!names.has(name)) names.set(name, { leader: null, last: 0 });
    this.#shown.set(peer, names);
  }

  unobserve(peer: PeerId, name: string): void {
    this.#shown.get(peer)?.delete(name);
  }

  /** Its core is a new one. */
  forget(peer: PeerId): void {
    this.#shown.delete(peer);
  }

  namesOf(peer: PeerId): readonly string[] {
    return [...(this.#shown.get(peer)?.keys() ?? [])];
  }

  onLeader(peer: PeerId, name: string, leader: LeaderView | null): void {
    const shown = this.#shown.get(peer)?.get(name);
    if (shown === undefined)
      throw new Error(`${peer} is told of ${name}, which it does not observe`);
    shown.leader = leader;
    if (leader === null) return;
    const granted = this.#granted.get(`${name} ${leader.token}`);
    if (granted?.peer !== leader.peer || granted.value !== leader.value) {
      throw new Error(`Leader of ${name} at ${peer} was never granted: ${leader.peer}`);
    }
    if (leader.token < shown.last) throw new Error(`Leader of ${name} went back at ${peer}`);
    shown.last = leader.token;
  }

  /** Nothing is under way: all show the one who leads, or nobody. */
  requireAll(name: string, leader: PeerId | null): void {
    for (const [peer, names] of this.#shown) {
      const shown = names.get(name);
      if (shown === undefined || (shown.leader?.peer ?? null) === leader) continue;
      const wrong = shown.leader?.peer ?? 'nobody';
      throw new Error(`${peer} sees ${wrong} lead in ${name}, which ${leader ?? 'nobody'} does`);
    }
  }
}
