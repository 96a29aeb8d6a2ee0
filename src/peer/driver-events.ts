/**
 * What the driver of a core (driver.ts) tells of it.
 */

import type { ClaimId, Incarnation, PeerId, Stamp } from '../protocol/ids.ts';
import type {
  Failure,
  LeaderView,
  Looked,
  Lost,
  UnlinkReason,
  VoterState,
} from '../protocol/output.ts';
import type { Refusal } from './link-types.ts';

/** Nothing after `close`; a crash is the last. */
export interface DriverEvents {
  onGranted(claim: ClaimId, token: Stamp): void;
  onFailed(claim: ClaimId, failure: Failure): void;
  onLost(claim: ClaimId, reason: Lost['reason']): void;
  onWanted(claim: ClaimId): void;
  onLooked(looked: Looked): void;
  onLeader(name: string, leader: LeaderView | null): void;
  onVoter(voter: PeerId, state: VoterState): void;
  onQuorum(present: boolean): void;
  onLink(peer: PeerId, change: string): void;
  onRefused(refusal: Refusal): void;
  onUnlink(peer: PeerId, reason: UnlinkReason): void;
  onStateFile(error: unknown): void;
  onDuplicate(detail: string): void;
  onStale(newest: Incarnation): void;
  onCrash(error: unknown): void;
}
