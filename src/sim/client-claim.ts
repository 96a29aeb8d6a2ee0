/**
 * A call of an application in a run, for as long as it is not over.
 */

import type { Lock } from '../peer/lock.ts';
import type { Host } from './host.ts';
import type { Operation } from './plan.ts';

/** A claim that has not ended. */
export interface Claim {
  readonly operation: Operation;
  readonly host: Host;
  readonly askedAtMs: number;
  state: 'waiting' | 'held';
  lock: Lock | null;
}
