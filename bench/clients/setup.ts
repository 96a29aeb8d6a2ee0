/**
 * How a process of the benchmark is told what it is: which client it runs, or which bare server.
 */

/** A client that locks, of the service on these ports of loopback. */
export type ClientSetup =
  | LockmeshSetup
  | { readonly type: 'central'; readonly port: number }
  | FloorSetup
  | { readonly type: 'redis'; readonly port: number }
  | { readonly type: 'redlock'; readonly ports: readonly number[] }
  | { readonly type: 'etcd'; readonly ports: readonly number[] }
  | { readonly type: 'postgres'; readonly port: number };

/** What sends to all of these ports, and waits for the first answer. */
export interface FloorSetup {
  readonly type: 'floor';
  readonly ports: readonly number[];
  /** How what is sent in a turn of the event loop leaves: all in one frame, or a frame each. */
  readonly batched: boolean;
  /** Whether a release is sent. */
  readonly releases: boolean;
}

/** A peer: one of the voters, if its id is theirs, or else a member. */
export interface LockmeshSetup {
  readonly type: 'lockmesh';
  readonly id: string;
  readonly voters: Readonly<Record<string, number>>;
  /** Whether there are members. */
  readonly members: boolean;
  /** How many of the voters there are for each name; `null` for all. */
  readonly replicas: number | null;
  /** Whether it takes locks that are measured, rather than only vote for those of others. */
  readonly locks: boolean;
  readonly leaseMs: number;
  /** Whether it keeps what it releases, until others want it. */
  readonly lingers: boolean;
  /** Whether it counts the messages that it sends and hears. */
  readonly counts: boolean;
}

/** A bare server over WebSockets, on a free port that it tells. */
export interface WsServerSetup {
  readonly type: 'central-server' | 'echo-server';
}

export type ProcessSetup = ClientSetup | WsServerSetup;
