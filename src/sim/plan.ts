/**
 * A plan: all that makes one run, as plain data. The mesh, and steps of two kinds, what clients do
 * and what goes wrong, each at its moment. Together with the seed, from which every latency and
 * every draw within the run comes, it is the run: the same plan gives the same events, bit for bit.
 *
 * All numbers are whole, hosts are indices (voters first, then members), and leaving a step out
 * changes no other step's chance, so that a plan can be made smaller step by step.
 */

import type { Kill } from './host.ts';
import type { Latency } from './latency.ts';
import type { Mishap } from './link.ts';
import type { ClockSetting } from './machine-clock.ts';
import type { Death } from './network.ts';
import type { Point } from './point.ts';

/** Plans of another version mean something else. */
export const planVersion = 2;

/** One run, as plain data; see `parsePlan`. */
export interface Plan {
  readonly version: number;
  readonly seed: number;
  readonly mesh: PlanMesh;
  /** When faults end and the mesh has to show that it recovers, in milliseconds from its start. */
  readonly healAtMs: number;
  readonly steps: readonly PlanStep[];
}

/** The peers and what lies between them. */
export interface PlanMesh {
  readonly voters: number;
  /** Peers that do not vote. */
  readonly members: number;
  readonly quorum: number;
  /** How many voters decide on each name: all of them, unless it is given. */
  readonly replicas?: number;
  readonly leaseMs: number;
  readonly prepareTimeoutMs: number;
  /** The peers' `deadlockProbeAfter`: its default, unless it is given. */
  readonly deadlockProbeMs?: number;
  /** Whether voters keep state files. */
  readonly hasDisk: boolean;
  /** Whether the steps begin when all are linked and vote; else when their processes start. */
  readonly isWarm: boolean;
  readonly latency: Latency;
  /** One for each host. */
  readonly clocks: readonly ClockSetting[];
  readonly limits: PlanLimits;
}

/** The bounds of peers that send them down rare paths when they are small. */
export interface PlanLimits {
  /** See `endingsMax` of `PeerLimits`. */
  readonly endingsMax: number;
  /** See `idleResourcesMax` of `PeerLimits`. */
  readonly idleResourcesMax: number;
  /** See `lookAhead` of `PeerLimits`. */
  readonly lookAhead: number;
  /** See `waitersMax` of `PeerLimits`. */
  readonly waitersMax: number;
}

/** Something that happens in a run, and when. */
export interface PlanStep {
  readonly when: When;
  readonly act: Act;
}

/** When a step happens; in milliseconds from the start of the steps, or at a point. */
export type When =
  | { readonly atMs: number }
  | {
      /** At the `nth` passing (from 1), by that host, or by any where `null`. */
      readonly point: Point;
      readonly host: number | null;
      readonly nth: number;
    };

/** A step of a client, or a fault. Times are in milliseconds; `forMs` is how long a fault lasts. */
export type Act = Operation | Looking | Fault;

/** A claim from its call to its end; or what is done about an election, the first of its names. */
export interface Operation {
  readonly do: 'acquire';
  readonly host: number;
  readonly names: readonly string[];
  readonly mode: 'exclusive' | 'shared';
  /**
   * For all of the names, or for any of them; who is polite waits, and lets go when wanted; who
   * shares waits, and shares what it holds after half of its time; who steals asks exclusively.
   *
   * Who leads campaigns until it has led for its time, in all; who resigns leads as well, and
   * resigns after half of its time. What runs always is stopped when it has run for its time, and
   * fails after half of it. Who observes sees who leads for its time; 0: while its peer lives.
   *
   * Who nests asks for the names one by one, holding those before: says so, or does not and gives
   * up in time, or says so and shares each after a while, or lets go of it, asking on all the same.
   */
  readonly patience:
    | ('wait' | 'try' | 'any' | 'try any' | 'polite' | 'share' | 'steal')
    | ('lead' | 'resign' | 'always' | 'observe')
    | ('nest' | 'nest unsaid' | 'nest and share' | 'nest and let go');
  /** Released so long after the grant; who nests asks for the next after its part of that. */
  readonly holdMs: number;
  /** The call's own limit; 0: none. */
  readonly timeoutMs: number;
  /** The call's signal aborts after so long; 0: never. */
  readonly giveUpMs: number;
  /** The call's `maxHold`; 0: none. */
  readonly maxHoldMs: number;
  /** The call's `linger`; 0: none. */
  readonly lingerMs: number;
}

/** A look at what all voters keep: `query` of the mesh. */
export interface Looking {
  readonly do: 'look';
  readonly host: number;
  /** `null` for all. */
  readonly name: string | null;
}

/** How a partition is laid out. See partition.ts. */
export type Shape = 'halves' | 'isolate' | 'minority' | 'bridge' | 'ring' | 'one-way' | 'swizzle';

/** Something that goes wrong; times are in milliseconds, `forMs` is how long it lasts. */
export type Fault =
  /** The process dies, and starts again after `forMs`. */
  | {
      readonly do: 'crash';
      readonly host: number;
      readonly network: Death;
      readonly disk: Kill['disk'];
      readonly forMs: number;
    }
  /** The peer is closed by its application, and starts again after `forMs`. */
  | { readonly do: 'stop'; readonly host: number; readonly drainMs: number; readonly forMs: number }
  /** The process stands still; its clocks do not. */
  | { readonly do: 'pause'; readonly host: number; readonly forMs: number }
  /** The machine stands still, its monotonic clock too; the wall clock does not. */
  | { readonly do: 'suspend'; readonly host: number; readonly forMs: number }
  /** Each turn takes that long. */
  | {
      readonly do: 'slow';
      readonly host: number;
      readonly turnUs: number;
      readonly forMs: number;
    }
  /** The wall clock is set `ms` ahead; negative: back. */
  | { readonly do: 'jump'; readonly host: number; readonly ms: number }
  /** The wall clock is set ahead and back by `ms`, in turns. */
  | {
      readonly do: 'strobe';
      readonly host: number;
      readonly ms: number;
      readonly everyMs: number;
      readonly forMs: number;
    }
  /** The monotonic clock runs at another rate from now on. */
  | { readonly do: 'drift'; readonly host: number; readonly ppm: number }
  /** Nothing passes in one direction; what is sent meanwhile comes when it is over. */
  | {
      readonly do: 'hold';
      readonly from: number;
      readonly to: number;
      readonly forMs: number;
    }
  /** The connections of a pair break; each end is told in its time. */
  | {
      readonly do: 'reset';
      readonly a: number;
      readonly b: number;
      readonly toldMs: readonly [number, number];
    }
  /** The connections of a pair go silent; the end `told` notices at once. */
  | {
      readonly do: 'half-open';
      readonly a: number;
      readonly b: number;
      readonly told: 'a' | 'b' | 'none';
    }
  /** All connections of a host break, and both ends know. */
  | { readonly do: 'storm'; readonly host: number }
  /** Dials between a pair are refused. */
  | { readonly do: 'refuse'; readonly a: number; readonly b: number; readonly forMs: number }
  /** A direction is slower by a factor. */
  | {
      readonly do: 'lag';
      readonly from: number;
      readonly to: number;
      readonly factor: number;
      readonly extraMs: number;
      readonly forMs: number;
    }
  /** Single messages of a direction are hurt, in millionths: more than a WebSocket does. */
  | {
      readonly do: 'hostile';
      readonly from: number;
      readonly to: number;
      readonly mishap: Mishap;
      readonly ppm: number;
      readonly forMs: number;
    }
  /** The mesh is divided; `order` says who stands where, by index. */
  | {
      readonly do: 'partition';
      readonly shape: Shape;
      readonly order: readonly number[];
      /** Whether connections across break, or just carry nothing. */
      readonly breaks: boolean;
      /** 0: steady; else it comes and goes. */
      readonly periodMs: number;
      readonly forMs: number;
    }
  /** A second process with the id of a host starts on another machine. */
  | { readonly do: 'duplicate'; readonly host: number; readonly forMs: number }
  /** A new member joins, if the mesh has any, takes locks now and then, and leaves. */
  | { readonly do: 'join'; readonly leaves: 'close' | 'crash'; readonly forMs: number }
  /** A peer with other mesh options knocks. */
  | { readonly do: 'misfit'; readonly forMs: number }
  /** Writes to the disk of a host fail, or take longer. */
  | {
      readonly do: 'disk';
      readonly host: number;
      readonly extraMs: number;
      readonly fails: boolean;
      readonly forMs: number;
    };

/** What a plan is made of that no client does. */
export type FaultKind = Fault['do'];
