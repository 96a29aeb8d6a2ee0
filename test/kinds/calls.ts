/** What a process of `npm run kinds` can be told to do, and what it answers. */

import type { AcquireOptions, Alternatives, LockRequest } from '../../src/peer/lock.ts';
import type { QueryOptions } from '../../src/peer/web-locks.ts';

/** A lock as its process tells of it; `id` names it in further calls. */
export interface Told {
  readonly id: number;
  readonly name: string;
  readonly mode: 'exclusive' | 'shared';
  readonly token: number;
  /** Of a permit. */
  readonly slot?: number;
}

type Options = Omit<AcquireOptions, 'signal'>;

export type Call =
  | { readonly call: 'acquire'; readonly request: LockRequest; readonly options?: Options }
  | { readonly call: 'tryAcquire'; readonly request: LockRequest; readonly options?: Options }
  | { readonly call: 'acquireAny'; readonly requests: Alternatives; readonly options?: Options }
  | { readonly call: 'permit'; readonly name: string; readonly permits: number }
  | { readonly call: 'tryPermit'; readonly name: string; readonly permits: number }
  | { readonly call: 'fire'; readonly name: string; readonly at: number }
  | { readonly call: 'shouldRun'; readonly key: string; readonly ttlMs: number }
  | { readonly call: 'release' | 'held' | 'contended' | 'isContended'; readonly lock: number }
  | { readonly call: 'lossOf' | 'downgrade'; readonly lock: number }
  /** Asks in the callback form, and holds for so long; answers with what the callback was given. */
  | { readonly call: 'request'; readonly name: string; readonly holdMs: number }
  | { readonly call: 'ifAvailable'; readonly name: string }
  /** Sees who leads; campaigns, until told to resign or to end. */
  | { readonly call: 'elect' | 'campaign' | 'leader' | 'resign' | 'endElection' }
  /** Has something run always, until told to end; how often it has begun here. */
  | { readonly call: 'always' | 'alwaysRuns' | 'endAlways' }
  /** Acquires while it holds, as it says. */
  | { readonly call: 'acquireHolding'; readonly name: string; readonly lock: number }
  /** Within a callback that holds the same name. */
  | { readonly call: 'reenter'; readonly name: string }
  | { readonly call: 'query'; readonly options?: QueryOptions };

export interface Asked {
  readonly asked: number;
  readonly what: Call;
}

export type Answer =
  | { readonly ready: true }
  | { readonly asked: number; readonly value: unknown }
  | { readonly asked: number; readonly error: { readonly name: string; readonly code?: string } };
