/**
 * What the processes of the demo say to each other. Moments are those of the machine's monotonic
 * clock, in milliseconds, which all its processes share.
 */

/** How a worker is started: its only argument, as JSON. */
export interface WorkerSetup {
  readonly id: string;
  readonly voters: Readonly<Record<string, string>>;
  readonly port: number;
  readonly registerPort: number;
  readonly lease: number;
  readonly secret: string;
  readonly verbose: boolean;
}

/** Main → worker: stay inside at the next grant, until you are killed, paused or stopped. */
export interface WorkerOrder {
  readonly type: 'stay';
}

/** Worker → main. */
export type WorkerNews =
  /** A quorum votes. */
  | { readonly type: 'ready' }
  | { readonly type: 'staying'; readonly token: number }
  | ({ readonly type: 'woke' } & Waking);

/** What a worker found when it ran again after a pause as the holder. */
export interface Waking {
  /** When it first ran again. */
  readonly at: number;
  /** `lock.held`, read as the first thing. */
  readonly held: boolean;
  /** When `lock.signal` aborted. */
  readonly abortedAt: number;
  /** The code of the signal's reason. */
  readonly reason: string;
  /** Whether the register took the write that was made without looking. */
  readonly lateWriteTaken: boolean;
}

/**
 * Worker → register, one at a time, as a line of JSON; answered by a line of JSON: true or false.
 */
export type RegisterRequest =
  | { readonly type: 'hello'; readonly who: string; readonly pid: number }
  | { readonly type: 'enter'; readonly token: number }
  | { readonly type: 'write'; readonly token: number; readonly value: string }
  | { readonly type: 'leave'; readonly token: number; readonly held: boolean };

/** Main → register: who is paused, and may therefore overstay; or: what have you seen? */
export type RegisterOrder =
  | { readonly type: 'paused'; readonly who: string }
  | { readonly type: 'report' };

/** Register → main. */
export type RegisterNews =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'entered'; readonly who: string; readonly token: number; readonly at: number }
  | { readonly type: 'wrote'; readonly who: string; readonly pid: number }
  | { readonly type: 'left'; readonly who: string; readonly at: number }
  | { readonly type: 'trouble'; readonly what: string }
  | { readonly type: 'report'; readonly visitors: readonly Visitor[]; readonly troubles: number };

/** What the register knows of one process. */
export interface Visitor {
  readonly who: string;
  readonly pid: number;
  entered: number;
  wrote: number;
  refused: number;
}

/** A moment that can be compared between the processes of one machine. */
export function moment(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
