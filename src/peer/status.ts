/**
 * A picture of a peer and its mesh at one moment, for people and for health checks.
 */

import { countGroups, groupsWithout } from '../protocol/groups.ts';
import type { PeerId } from '../protocol/ids.ts';
import type { MeshOptions } from '../protocol/options.ts';
import type { VoterState as CoreVoterState } from '../protocol/output.ts';
import type { Driver } from './driver.ts';
import type { VoterState } from './events.ts';
import { reasonOf } from './failures.ts';
import type { LinkStatus } from './link-types.ts';
import type { ResolvedOptions } from './resolve-options.ts';

/** The most groups without a quorum that a status names. */
const withoutMax = 100;

/** A voter, as seen from the peer that was asked. */
export interface VoterStatus {
  /** Its id. */
  readonly id: string;
  /** Where this peer dials it; `null` for itself. */
  readonly url: string | null;
  /** Whether it is the peer that was asked. */
  readonly self: boolean;
  /** Whether it votes. */
  readonly state: VoterState;
  /** Since when it is linked, or out of reach, in milliseconds since 1970. */
  readonly since: number;
  /** Why it is out of reach; `null` while it is linked. */
  readonly reason: string | null;
}

/** Which names can be locked now: each has the voters of one group. */
export interface GroupsStatus {
  /** How many there are: 1, or with `replicas` all choices of so many voters. */
  readonly count: number;
  /** In how many of them a quorum votes. */
  readonly quorate: number;
  /** The voters' ids in each of those where none does; of more than 100, the first 100. */
  readonly without: readonly (readonly string[])[];
}

/** What `peer.status()` tells. */
export interface PeerStatus {
  /** The peer's id. */
  readonly id: string;
  /** The name of its mesh. */
  readonly mesh: string;
  /** Tells the starts of this peer apart; greater at each. */
  readonly incarnation: number;
  /**
   * - `starting`: no quorum of voters has voted yet; with `replicas`, not one for every name.
   * - `ready`: a quorum votes, for every name.
   * - `unready`: so it was before, and is not now. With `replicas`, `groups` says what is left.
   * - `closing`, `closed`: no more locks are granted.
   */
  readonly state: 'starting' | 'ready' | 'unready' | 'closing' | 'closed';
  /** How many of a name's voters must agree. */
  readonly quorum: number;
  /** How many voters a name has. */
  readonly replicas: number;
  /** The groups of voters that decide on names, and which of them have a quorum. */
  readonly groups: GroupsStatus;
  /** All voters, this peer included if it is one, sorted by id. */
  readonly voters: readonly VoterStatus[];
  /** The ids of the non-voting members that are linked to this peer. */
  readonly members: readonly string[];
  /** How many locks the peer holds. */
  readonly held: number;
  /** How many calls wait for a lock. */
  readonly pending: number;
}

/** What a status is made of. */
export interface StatusSources {
  readonly options: ResolvedOptions;
  readonly driver: Driver;
  readonly state: PeerStatus['state'];
  readonly held: number;
  readonly pending: number;
  readonly nowMs: number;
  readonly wallMs: number;
}

export function describeStatus(sources: StatusSources): PeerStatus {
  const { options, driver, state, held, pending } = sources;
  const { voters, name, quorum, replicas } = options.mesh;
  const links = driver.linkStatus();
  const members = links.filter((link) => link.state === 'up' && !voters.includes(link.peer));
  return {
    id: options.id,
    mesh: name,
    incarnation: driver.incarnation,
    state,
    quorum,
    replicas,
    groups: describeGroups(options.mesh, driver),
    voters: voters.map((id) => {
      const link = links.find(({ peer }) => peer === id);
      return describeVoter(id, link, sources);
    }),
    members: members.map(({ peer }) => peer).sort(),
    held,
    pending,
  };
}

function describeGroups(mesh: MeshOptions, driver: Driver): GroupsStatus {
  const votes = mesh.voters.map((id) => driver.voterState(id) === 'voting');
  const { all, quorate } = countGroups(mesh, votes.filter(Boolean).length);
  const without = groupsWithout(mesh, votes, Math.min(withoutMax, all - quorate));
  return { count: all, quorate, without };
}

/** The word for a voter's state outside of the core. */
export function publicState(state: CoreVoterState): VoterState {
  return state === 'unlinked' ? 'unreachable' : state;
}

function describeVoter(
  id: PeerId,
  link: LinkStatus | undefined,
  { options, driver, nowMs, wallMs }: StatusSources,
): VoterStatus {
  const self = id === options.id;
  const state = publicState(driver.voterState(id));
  return {
    id,
    url: options.addresses.get(id) ?? null,
    self,
    state,
    since: Math.round(wallMs - (nowMs - (link?.sinceMs ?? driver.startedMs))),
    reason: state === 'unreachable' && !self ? reasonOf(link) : null,
  };
}
