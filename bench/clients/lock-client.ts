/**
 * What the benchmark needs of a lock service: the same few words for all of them.
 */

/** A lock that was granted. */
export interface Held {
  /** Resolves when the service's own client would go on. */
  release(): Promise<void>;
}

export interface LockClient {
  /** Waits for as long as it takes. */
  acquire(key: string): Promise<Held>;
  /** Has those who poll for a lock stop, and reject. Absent where claims wait in a queue. */
  giveUp?(): void;
  /** How many locks it holds; absent where nobody counts. */
  holding?(): number;
  /** What was sent to others and heard from them so far; absent where nobody counts. */
  messages?(): Messages;
  close(): Promise<void>;
}

/** How many messages of the protocol; a frame may hold many, or none. */
export interface Messages {
  readonly sent: number;
  readonly heard: number;
}

/** How long a lock outlives its holder, in milliseconds, wherever that can be said. */
export const leaseMs = 10_000;
