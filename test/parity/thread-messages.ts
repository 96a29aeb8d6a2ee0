/**
 * What a peer in a thread of its own is asked, and what it tells.
 */

import type { ErrorCode, LostReason } from '../../src/peer/errors.ts';
import type { AcquireOptions, LockRequest } from '../../src/peer/lock.ts';
import type { PeerStatus } from '../../src/peer/status.ts';

export type Call =
  | {
      readonly call: 'acquire';
      readonly id: number;
      readonly request: LockRequest;
      readonly options: Omit<AcquireOptions, 'signal'>;
    }
  /** Gives up waiting. */
  | { readonly call: 'abort'; readonly id: number }
  | { readonly call: 'release'; readonly id: number }
  | { readonly call: 'close'; readonly drain: number }
  /** Stands still until the first number is not 0. */
  | { readonly call: 'pause'; readonly flag: Int32Array };

/** What is known of a lock when it is granted. */
export interface LockFacts {
  readonly acquiredAt: number;
  readonly deadline: number;
  readonly mode: 'exclusive' | 'shared';
  readonly name: string;
  readonly names: readonly string[];
  readonly token: number;
}

/** An error, as far as it crosses to another thread. */
export interface ErrorFacts {
  /** `null` for one that is not of this library. */
  readonly code: ErrorCode | null;
  readonly message: string;
  /** Why a lock was lost. */
  readonly reason?: LostReason;
}

export type Told =
  | { readonly tell: 'open'; readonly url: string | null }
  | { readonly tell: 'not open'; readonly error: ErrorFacts }
  | { readonly tell: 'granted'; readonly id: number; readonly lock: LockFacts }
  | { readonly tell: 'failed'; readonly id: number; readonly error: ErrorFacts }
  | { readonly tell: 'lost'; readonly id: number; readonly error: ErrorFacts }
  | {
      readonly tell: 'status';
      readonly status: PeerStatus;
      /** Until when each lock is held, by the id of its call. */
      readonly deadlines: readonly (readonly [id: number, deadline: number])[];
    }
  | { readonly tell: 'closed' };
