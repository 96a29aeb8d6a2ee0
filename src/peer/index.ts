/**
 * Distributed locks without a server: peers embedded in each instance of an application agree by
 * two-phase commit.
 *
 * @module
 */

export { createPeer } from './create-peer.ts';
export type * from './election.ts';
export * from './errors.ts';
export type * from './events.ts';
export type * from './lock.ts';
export type { Logger } from './logging.ts';
export type * from './options.ts';
export type * from './peer.ts';
export type { Permit, PermitOptions, Semaphore, TryPermitOptions } from './semaphore.ts';
export type {
  DateLike,
  Fire,
  RunCoordinator,
  SingletonFire,
  SingletonOptions,
  StandingSingletonOptions,
} from './singleton.ts';
export type { RunningSingleton } from './standing-singleton.ts';
export type { GroupsStatus, PeerStatus, VoterStatus } from './status.ts';
export type * from './trace-record.ts';
export type { AcquireTrace } from './tracing.ts';
export type * from './web-locks.ts';
