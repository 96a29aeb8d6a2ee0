/**
 * Which voters decide on a resource: all of them, or of many those whose weight for its name is
 * greatest (rule 10.1; rendezvous hashing, Thaler and Ravishankar, "Using name-based mappings to
 * increase hit rates", 1998, section 2).
 */

import { hashOfText } from './hash.ts';
import type { PeerId } from './ids.ts';
import type { Resource } from './message.ts';

/** The voters of a resource, by their places in the voter set. */
export interface Group {
  /** A bit for each of them. */
  readonly mask: number;
  /** In the order of the voter set. */
  readonly seats: readonly number[];
}

/** Whom a round asks. */
export interface Electorate {
  /** Those of its resources, each once: it needs a quorum in every one of them (rule 10.2). */
  readonly groups: readonly Group[];
  /** All voters of its groups, in the order of the voter set. */
  readonly seats: readonly number[];
}

export class Groups {
  readonly #voters: readonly PeerId[];
  readonly #replicas: number;
  /** By seat. */
  readonly #hashes: readonly number[];
  /** Where every voter decides on everything. */
  readonly #whole: Electorate | null;
  /** Where weights are put in order: one for all. */
  readonly #weights: number[] = [];
  readonly #chosen: number[] = [];

  constructor(voters: readonly PeerId[], replicas: number) {
    this.#voters = voters;
    this.#replicas = replicas;
    this.#hashes = voters.map(hashOfText);
    const seats = voters.map((_, seat) => seat);
    const whole = { mask: maskOf(seats), seats };
    this.#whole = replicas >= voters.length ? { groups: [whole], seats } : null;
  }

  electorateOf(resources: readonly Resource[]): Electorate {
    if (this.#whole !== null) return this.#whole;
    const groups: Group[] = [];
    let mask = 0;
    for (const { name } of resources) {
      const group = this.groupOf(name);
      if (groups.some((other) => other.mask === group.mask)) continue;
      groups.push(group);
      mask |= group.mask;
    }
    const [first] = groups;
    const isOne = first !== undefined && groups.length === 1;
    return { groups, seats: isOne ? first.seats : seatsOf(mask) };
  }

  /** The resources on which the voter at `seat` decides. */
  resourcesAt(seat: number, resources: readonly Resource[]): readonly Resource[] {
    if (this.#whole !== null) return resources;
    return resources.filter(({ name }) => hasSeat(this.groupOf(name), seat));
  }

  /** Who decides on a name. */
  votersOf(name: string): readonly PeerId[] {
    const group = this.groupOf(name);
    return this.#voters.filter((_, seat) => hasSeat(group, seat));
  }

  groupOf(name: string): Group {
    const [whole] = this.#whole?.groups ?? [];
    if (whole !== undefined) return whole;
    const hash = hashOfText(name);
    const weights = this.#weights;
    const chosen = this.#chosen;
    let count = 0;
    for (let seat = 0; seat < this.#hashes.length; seat++) {
      const weight = mixed(hash ^ (this.#hashes[seat] ?? 0));
      // Of equal weights the one met first stays ahead: the smaller id.
      let at = Math.min(count, this.#replicas);
      for (; at > 0 && (weights[at - 1] ?? 0) < weight; at--) {
        weights[at] = weights[at - 1] ?? 0;
        chosen[at] = chosen[at - 1] ?? 0;
      }
      weights[at] = weight;
      chosen[at] = seat;
      count += 1;
    }
    const mask = maskOf(chosen.slice(0, this.#replicas));
    return { mask, seats: seatsOf(mask) };
  }
}

export function hasSeat({ mask }: Group, seat: number): boolean {
  return ((mask >>> seat) & 1) === 1;
}

/** How a mesh is divided. */
interface Division {
  readonly voters: readonly PeerId[];
  readonly replicas: number;
  /** How many votes decide in a group. */
  readonly quorum: number;
}

/** Of how many voters every group has a quorum, whichever they are (rule 10.3). */
export function votersForAll({ voters, replicas, quorum }: Division): number {
  return voters.length - replicas + quorum;
}

/** How many groups there are in all, and in how many of them a quorum votes. */
export interface GroupCount {
  readonly all: number;
  readonly quorate: number;
}

/** Counts the groups, where so many voters vote. */
export function countGroups({ voters, replicas, quorum }: Division, voting: number): GroupCount {
  let quorate = 0;
  for (let votes = quorum; votes <= replicas; votes++) {
    quorate += choose(voting, votes) * choose(voters.length - voting, replicas - votes);
  }
  return { all: choose(voters.length, replicas), quorate };
}

/** The first groups in which no quorum votes, at most `max`, each in the order of the voter set. */
export function groupsWithout(
  { voters, replicas, quorum }: Division,
  votes: readonly boolean[],
  max: number,
): readonly (readonly PeerId[])[] {
  const found: PeerId[][] = [];
  const chosen: number[] = [];
  const choose = (from: number, voting: number): void => {
    // No group that begins with a quorum of votes is without one.
    if (found.length === max || voting >= quorum) return;
    if (chosen.length === replicas) {
      found.push(voters.filter((_, seat) => chosen.includes(seat)));
      return;
    }
    const last = voters.length - (replicas - chosen.length);
    for (let seat = from; seat <= last; seat++) {
      chosen.push(seat);
      choose(seat + 1, voting + (votes[seat] === true ? 1 : 0));
      chosen.pop();
    }
  };
  choose(0, 0);
  return found;
}

/** In how many ways `count` can be taken out of `all`. */
function choose(all: number, count: number): number {
  if (count < 0 || count > all) return 0;
  let ways = 1;
  for (let taken = 1; taken <= count; taken++) ways = (ways * (all - count + taken)) / taken;
  return Math.round(ways);
}

function maskOf(seats: readonly number[]): number {
  let mask = 0;
  for (const seat of seats) mask |= 1 << seat;
  return mask;
}

function seatsOf(mask: number): readonly number[] {
  const seats: number[] = [];
  for (let seat = 0; seat < 32; seat++) if (((mask >>> seat) & 1) === 1) seats.push(seat);
  return seats;
}

/** Every bit of the result depends on every bit given: the end of MurmurHash3 (Appleby, 2011). */
function mixed(hash: number): number {
  let bits = hash;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
