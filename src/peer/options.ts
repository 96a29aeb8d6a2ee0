/**
 * What a peer may be told when it is created, in the form users write it. Checked and completed by
 * resolve-options.ts.
 */

import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Writable } from 'node:stream';
import type { Logger } from './logging.ts';
import type { TraceListener } from './trace-record.ts';

/** Where the peer listens by itself. */
export interface ListenAddress {
  /**
   * The address to listen on. `127.0.0.1`, `::1` and `localhost` keep everybody else out; any other
   * needs `secret`, `tls` with a `ca`, or `insecure: true`.
   *
   * @default every address of the machine
   */
  readonly host?: string;
  /** The port, 1 to 65535; 0 takes any free one (`peer.url` tells which). */
  readonly port: number;
}

/** An HTTP server, of the application's, on which the peer accepts WebSocket upgrades. */
export interface ListenServer {
  /** The server; the application makes it listen, and closes it. */
  readonly server: HttpServer | HttpsServer;
  /**
   * The path that is the peer's; upgrades to other paths are left to the application.
   *
   * @default '/'
   */
  readonly path?: string;
}

/** Certificates for `wss` connections, in PEM. */
export interface TlsOptions {
  /**
   * The authorities that both sides' certificates must be signed by. With it, peers that dial must
   * show a certificate too; without it, the system's authorities vouch for listeners only, and a
   * `secret` is needed.
   */
  readonly ca?: string | Buffer | readonly (string | Buffer)[];
  /** This peer's certificate. */
  readonly cert: string | Buffer;
  /** The key of `cert`. */
  readonly key: string | Buffer;
}

/**
 * A bound for everything that grows. The defaults suit up to some hundred thousand claims; smaller
 * values spend less memory under attack or overload, and refuse sooner.
 */
export interface PeerLimits {
  /**
   * Bytes that may wait to be sent to one peer before its link is cut as too slow.
   *
   * @default 16_777_216
   */
  readonly backlogBytesMax?: number;
  /**
   * Claims of this peer that may wait or be held at once; further ones fail with `ERR_OVERLOADED`.
   *
   * @default 100_000
   */
  readonly claimsMax?: number;
  /**
   * Elections in which this peer takes part at once; and those of which it tells one other peer, as
   * a voter: of further ones it tells nothing.
   *
   * @default 10_000
   */
  readonly electionsMax?: number;
  /**
   * Endings of other peers' claims that are remembered.
   *
   * @default 10_000
   */
  readonly endingsMax?: number;
  /**
   * Claims that this peer, as a voter, keeps in all; further ones are refused.
   *
   * @default 1_000_000
   */
  readonly entriesMax?: number;
  /**
   * In how many buckets this peer, as a voter, keeps the last tokens of free names, by their hash.
   *
   * @default 10_000
   */
  readonly idleResourcesMax?: number;
  /**
   * A voter votes ahead for claims with at most this many conflicting ones before them. More makes
   * hand-over faster when many waiters give up, at more messages.
   *
   * @default 8
   */
  readonly lookAhead?: number;
  /**
   * Non-voting members that this peer, as a voter, links with; further ones are refused.
   *
   * @default 4_096
   */
  readonly membersMax?: number;
  /**
   * Accepted connections that have not yet proved who they are; beyond it the oldest gives way.
   *
   * @default 64
   */
  readonly strangersMax?: number;
  /**
   * Bytes of a `trace` that may wait to be written; while there are more, steps are left out of it.
   *
   * @default 16_777_216
   */
  readonly traceBacklogBytesMax?: number;
  /**
   * How large, in bytes, the file of a `trace` may grow; then it ends.
   *
   * @default 1_000_000_000
   */
  readonly traceFileBytesMax?: number;
  /**
   * Claims that this peer, as a voter, keeps for one name; further ones are refused, but for those
   * that steal.
   *
   * @default 10_000
   */
  readonly waitersMax?: number;
}

/**
 * The options of {@link createPeer}. Those marked *mesh* must be equal on all peers of a mesh:
 * peers that differ refuse each other, naming the option.
 */
export interface PeerOptions {
  /**
   * *Mesh.* Whether a claim may steal a lock from whoever holds it (`steal`). Who is stolen from is
   * told first, as with any loss; and yet whatever a lock protects must bear to be stopped.
   *
   * @default false
   */
  readonly allowSteal?: boolean;
  /**
   * How long a claim waits, in milliseconds (1 or more), before this peer looks whether it waits in
   * a circle with others; and how often it looks again. Only claims whose callers hold other locks
   * can: see {@link AcquireOptions.holding}. Less finds deadlocks sooner; more sends fewer messages
   * where such claims wait for long. `Infinity` never looks.
   *
   * @default 1_000
   */
  readonly deadlockProbeAfter?: number;
  /**
   * This peer's name: 1 to 64 of `A-Z a-z 0-9 _ . -`, used by one process at a time. One of the
   * `voters`, or of a non-voting member (see `members`).
   *
   * @default 'local', allowed only without `voters`
   */
  readonly id?: string;
  /**
   * Lets the peer listen on an address open to others without a `secret` or `tls`: whoever reaches
   * it may then take and hold any lock.
   *
   * @default false
   */
  readonly insecure?: boolean;
  /**
   * *Mesh.* How long a peer that falls silent keeps its locks, in milliseconds (100 to 3,600,000):
   * after a crash the next holder is granted about one lease later. Less is a faster takeover; more
   * survives longer pauses of the event loop and of the network. Must be more than twice
   * `prepareTimeout`.
   *
   * @default 10_000
   */
  readonly lease?: number;
  /**
   * How long this peer keeps locks after their release, in milliseconds, for claims that do not
   * say: see {@link TryAcquireOptions.linger}.
   *
   * @default 0, not at all
   */
  readonly linger?: number;
  /** Bounds for everything that grows. */
  readonly limits?: PeerLimits;
  /**
   * Where this peer accepts others: its own port, or a server of the application's. Needed by a
   * voter that is not the only one.
   */
  readonly listen?: ListenAddress | ListenServer;
  /**
   * Where to log: anything of pino's shape; `false` for silence.
   *
   * @default pino, warnings and errors, to stderr
   */
  readonly logger?: Logger | false;
  /**
   * How far ahead of this machine's wall clock another peer's may be, in milliseconds, before the
   * peer is refused. More tolerates worse clocks; less keeps a broken one from pushing all tokens
   * ahead.
   *
   * @default 3_600_000
   */
  readonly maxClockAhead?: number;
  /**
   * *Mesh.* The greatest relative difference between the rates of two machines' clocks (0.01 is 1
   * %; at most 0.2). More gives up a lease that much earlier.
   *
   * @default 0.01
   */
  readonly maxClockDrift?: number;
  /**
   * *Mesh.* Whether peers that are not `voters` may take locks. They need no address, and their
   * number is free; in exchange, a voter that restarts waits one lease before it votes.
   *
   * @default false
   */
  readonly members?: boolean;
  /**
   * *Mesh.* The name of the mesh, 1 to 64 characters: keeps two meshes apart that share a secret.
   *
   * @default 'lockmesh'
   */
  readonly mesh?: string;
  /**
   * A waiting claim fails with `ERR_NO_QUORUM` when fewer voters than the quorum answered for this
   * long, in milliseconds. Less fails faster in a partition; more rides out longer ones.
   *
   * @default 2_000, or a fifth of `lease` if that is less
   */
  readonly prepareTimeout?: number;
  /**
   * *Mesh.* How many of a name's voters must agree: `majority` tolerates the loss of fewer than
   * half of them; `unanimous` tolerates none, and keeps what is held through any partition; a
   * number is more than half of them, and at most all. A name's voters are all voters, unless
   * `replicas` says how many.
   *
   * @default 'majority'
   */
  readonly quorum?: 'majority' | 'unanimous' | number;
  /**
   * *Mesh.* How many of the voters decide on each name: an odd number, at most all. With more than
   * three or five voters, fewer replicas make each lock cheaper, and all of them together the mesh
   * as much faster as it has more voters: a name's voters are chosen by a hash of the name, and
   * `quorum` is of those. A name whose own quorum is missing cannot be locked, though others can.
   *
   * @default all voters
   */
  readonly replicas?: number;
  /**
   * What all peers of the mesh know and nobody else does, at least 8 characters: they prove to
   * each other that they know it, without sending it. Of a list of up to 4, any one that both sides
   * have in common will do: to change it, add the new one everywhere, then remove the old one.
   */
  readonly secret?: string | readonly string[];
  /**
   * A file in which a voter keeps its highest token and incarnation, so that tokens never go back,
   * whatever restarts and whatever clocks show. Costs a write every few thousand grants.
   *
   * @default none: after a restart, tokens rest on wall clocks that differ by less than a lease
   */
  readonly stateFile?: string;
  /** Certificates: connections are then `wss`, and so must the urls of `voters` be. */
  readonly tls?: TlsOptions;
  /**
   * Where to tell each step of this peer, to look at or to check later: the path of a file that
   * lines of JSON are added to, a stream that they are written to, or a function that is called
   * with each record before its effects show, and must neither keep the peer waiting nor change
   * what it is given. Names, ids and tokens are told; secrets are not. Costs a few hundred bytes
   * for each message. See docs/traces.md.
   *
   * @default none
   */
  readonly trace?: string | Writable | TraceListener;
  /**
   * *Mesh* (the ids, not the addresses). The peers that vote, by id, each with the url at which
   * others reach it. 1, 3, 5 or 7 of them; up to 32 are allowed. Two tolerate no failure.
   *
   * @default this peer alone
   */
  readonly voters?: Readonly<Record<string, string>>;
}
