/**
 * The ways to all other peers: one to each voter from the start, one to each member once it is
 * linked. Members without a link are remembered, for their newest incarnation, until there are too
 * many.
 */

import type { PeerId } from '../protocol/ids.ts';
import type { LinksOptions } from './link-types.ts';
import type { Runtime } from './runtime.ts';
import { Way } from './way.ts';

export class Ways {
  readonly #options: LinksOptions;
  readonly #runtime: Runtime;
  readonly #voters: ReadonlyMap<PeerId, Way>;
  /** The one linked longest ago first. */
  readonly #members = new Map<PeerId, Way>();

  constructor(options: LinksOptions, runtime: Runtime) {
    this.#options = options;
    this.#runtime = runtime;
    const others = options.mesh.voters.filter((voter) => voter !== options.id);
    this.#voters = new Map(others.map((voter) => [voter, this.#make(voter)]));
  }

  /** When something is due on one of them; Infinity when nothing is. Members are never dialled. */
  get wakeAtMs(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const way of this.#voters.values()) earliest = Math.min(earliest, way.wakeAtMs);
    return earliest;
  }

  /** Whether there is room for one more member. */
  get hasRoom(): boolean {
    return (
      this.#members.size < this.#options.limits.membersMax || this.#forgettable() !== undefined
    );
  }

  /** The voters' ways, then the members'. */
  all(): readonly Way[] {
    return [...this.#voters.values(), ...this.#members.values()];
  }

  voters(): Iterable<Way> {
    return this.#voters.values();
  }

  find(peer: PeerId): Way | undefined {
    return this.#voters.get(peer) ?? this.#members.get(peer);
  }

  /** The way to `peer`; a new one for a member that has none, for which there is room. */
  take(peer: PeerId): Way {
    const voter = this.#voters.get(peer);
    if (voter !== undefined) return voter;
    const known = this.#members.get(peer);
    const way = known ?? this.#make(peer);
    const forgotten = this.#forgettable();
    if (known === undefined && forgotten !== undefined && this.#isFull) {
      this.#members.delete(forgotten);
    }
    this.#members.delete(peer);
    this.#members.set(peer, way);
    return way;
  }

  get #isFull(): boolean {
    return this.#members.size >= this.#options.limits.membersMax;
  }

  #forgettable(): PeerId | undefined {
    for (const [peer, { state }] of this.#members) if (state.state !== 'up') return peer;
    return undefined;
  }

  #make(peer: PeerId): Way {
    const { addresses, id, mesh } = this.#options;
    const address = addresses.get(peer) ?? '';
    return new Way({
      us: id,
      peer,
      address: address === '' || !mesh.voters.includes(peer) ? null : address,
      leaseMs: mesh.leaseMs,
      nowMs: this.#runtime.monotonic(),
      random: () => this.#runtime.random(),
    });
  }
}
