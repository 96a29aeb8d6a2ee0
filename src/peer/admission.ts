/**
 * What speaks against a link to a peer that has proved who it is: asked by both sides of a
 * handshake before its last step.
 *
 * Two live processes with one id: the second is refused while the first is heard. A voter that was
 * killed with its machine may seem alive for as long as its link could be silent, which is less
 * than the half lease after which being refused is fatal.
 */

import type { PeerId } from '../protocol/ids.ts';
import type { RemotePeer } from './handshake.ts';
import type { Objection } from './handshake-messages.ts';
import type { MeshFingerprint } from './link-types.ts';
import type { Way } from './way.ts';

export interface Applicant {
  readonly peer: RemotePeer;
  /** The other end of the new connection. */
  readonly remote: string;
  /** Who dialled whom. */
  readonly dialledBy: 'us' | 'them';
}

export interface Admission {
  readonly us: PeerId;
  readonly mesh: MeshFingerprint;
  /** What is remembered of the peer; `undefined` when it is new. */
  readonly way: Way | undefined;
  /** Whether another peer that is no voter can be taken. */
  readonly hasRoom: boolean;
  readonly nowMs: number;
}

/**
 * How long a link can be silent with the peer alive: idle links carry a frame every fifth of a
 * lease, so twice that, and some slack.
 */
const silencePerLease = 2 / 5 + 1 / 20;

export function findObjection(applicant: Applicant, admission: Admission): Objection | null {
  const { peer, dialledBy } = applicant;
  const { us, way } = admission;
  const outside = findOutside(peer.id, admission);
  if (outside !== null) return outside;
  if (way === undefined) return null;
  if (way.newest !== null && peer.incarnation < way.newest) {
    const detail =
      `${peer.id} ran under a newer incarnation before: its clock was set back, ` +
      'or a newer process has its id';
    return { code: 'stale-incarnation', detail, newest: way.newest };
  }
  const { state } = way;
  if (state.state === 'up' && state.incarnation !== peer.incarnation) {
    return findDuplicate(applicant, state.connection.remote, admission);
  }
  // The smaller id's connection stays, once it stands: before, it may never come to be.
  if (state.state === 'dialling' && state.opened && dialledBy === 'them' && peer.id > us) {
    return crossing;
  }
  return null;
}

const crossing: Objection = {
  code: 'crossing',
  detail: 'Both peers dialled at once; the other connection stays',
  newest: null,
};

function findOutside(peer: PeerId, { us, mesh, way, hasRoom }: Admission): Objection | null {
  const { members, voters } = mesh;
  if (voters.includes(peer)) return null;
  if (!members) {
    const detail = `${peer} is not among the voters ${voters.join(' ')}, and members is false`;
    return { code: 'not-a-member', detail, newest: null };
  }
  if (!voters.includes(us)) {
    const detail = `Neither ${us} nor ${peer} is among the voters ${voters.join(' ')}`;
    return { code: 'not-a-member', detail, newest: null };
  }
  if (way !== undefined || hasRoom) return null;
  return { code: 'crowded', detail: `${us} has as many members as it may`, newest: null };
}

function findDuplicate(
  { peer, remote }: Applicant,
  olderRemote: string,
  { mesh, nowMs, us, way }: Admission,
): Objection | null {
  if (way === undefined || nowMs - way.heardAtMs >= mesh.leaseMs * silencePerLease) return null;
  const detail =
    `Two processes run as ${peer.id}: one at ${olderRemote}, which ${us} still hears, ` +
    `and another at ${remote}; each needs an id of its own`;
  return { code: 'duplicate', detail, newest: null };
}
