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
  close(): Promise<void>;
}

/** How long a lock outlives its holder, in milliseconds, wherever that can be said. */
export const leaseMs = 10_000;

/** For services that keep no queue: how long to wait, in milliseconds, before asking again. */
export const pollMs = 1;
