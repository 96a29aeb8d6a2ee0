/**
 * A call of an application in a run, for as long as it is not over.
 */

import type { Lock } from '../peer/lock.ts';
import type { Host } from './host.ts';
import type { Operation } from './plan.ts';

/** An operation that has not ended. */
export interface Claim {
  readonly operation: Operation;
  readonly host: Host;
  readonly askedAtMs: number;
  /** Whether it waits for its lock; who nests, for the next one. */
  state: 'waiting' | 'held';
  /** What it holds, in the order granted. */
  locks: readonly Lock[];
}
