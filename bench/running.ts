/**
 * The processes of a system that runs.
 */

import type { WorkerProcess } from './worker-process.ts';

/** A system that runs. */
export interface Running {
  /** Those that take locks; the first is the one that is measured alone. */
  readonly clients: readonly WorkerProcess[];
  /** Peers that only vote, and bare servers. */
  readonly others: readonly WorkerProcess[];
  /** Servers that are not ours. */
  readonly services: readonly number[];
}

/** The ids of all processes that a system keeps busy, but for those that they start. */
export function pidsOf({ clients, others, services: pids }: Running): readonly number[] {
  return [...clients, ...others].map(({ pid }) => pid).concat(pids);
}
