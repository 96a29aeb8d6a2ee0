/**
 * One thing that is to happen in a simulated world.
 */

/** What an event is, for traces and for the hash. */
export type EventKind =
  | 'accept'
  | 'close'
  | 'deliver'
  | 'disk'
  | 'fault'
  | 'open'
  | 'operation'
  | 'resume'
  | 'sleep'
  | 'timer'
  | 'turn';

/** Where a task happens: a process on a machine that may stand still, and that may die. */
export interface Actor {
  readonly name: string;
  /** Nothing happens any more where this is false. */
  readonly isAlive: boolean;
  /** Whether the task may happen now; if not, it is kept for later. */
  admits(task: Task): boolean;
  /** A task has happened. */
  ran(): void;
}

export interface Task {
  /** In true time. */
  readonly atUs: number;
  readonly kind: EventKind;
  /** `null`: outside of all machines. */
  readonly actor: Actor | null;
  /** The bytes that are delivered, or words for people. */
  readonly detail: Uint8Array | string;
  run(): void;
}

/** A task in its place. */
export interface Scheduled {
  readonly task: Task;
  readonly sequence: number;
  isCancelled: boolean;
}
