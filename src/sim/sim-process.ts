/**
 * What a program on a node is given: all that it may touch of the outside, as that node sees it.
 */

import type { Peer } from '../peer/peer.ts';
import type { Host } from './host.ts';
import { callOutside } from './outside.ts';
import { Stream } from './random.ts';
import { functionOf, msOf } from './refusals.ts';
import { connectTo, listenOn, type SimChannel } from './sim-channel.ts';
import type { Stage } from './stage.ts';

/** How to sleep. */
export interface SimSleepOptions {
  /** Ends the sleep early: it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * One run of a program on a node, from a start of its process to the end. Its members need no
 * `this`, so that they can be handed to the service under test one by one.
 */
export interface SimProcess {
  /** The id of the node. */
  readonly id: string;
  /** The peer on this node, of this start. */
  readonly peer: Peer;
  /** Aborts when the node is stopped properly. A crash tells nobody. */
  readonly signal: AbortSignal;
  /**
   * Opens a channel to what listens on another node.
   *
   * @throws `TypeError` for an unknown node
   */
  readonly connect: (node: string, service: string) => SimChannel;
  /** Calls back with each channel that is opened to this node under that name. */
  readonly listen: (service: string, onChannel: (channel: SimChannel) => void) => void;
  /** What the monotonic clock of the node shows, in milliseconds. */
  readonly now: () => number;
  /** At least 0 and less than 1; the same for the same seed. */
  readonly random: () => number;
  /**
   * Calls something outside of the mesh, such as a database: `act` runs one network delay from now,
   * whether or not this process still lives, and what it returns or throws arrives after another.
   */
  readonly request: <Result>(act: () => Result | Promise<Result>) => Promise<Result>;
  /**
   * Waits, by the clock of this node; late when it was paused, for ever when it has crashed.
   *
   * @throws `TypeError` for an impossible time
   */
  readonly sleep: (ms: number, options?: SimSleepOptions) => Promise<void>;
  /** What the wall clock of the node shows, in milliseconds since 1970. */
  readonly wall: () => number;
}

/** A program that runs on a node, started anew with each process. */
export type SimService<Result> = (process: SimProcess) => Result | Promise<Result>;

/** What the program of one start is given. */
export function createSimProcess(
  stage: Stage,
  host: Host,
  { peer, signal, stream }: { readonly peer: Peer; readonly signal: AbortSignal; stream: string },
): SimProcess {
  const { process } = host;
  const chance = Stream.of(stage.seed, stream);
  return {
    id: host.name,
    peer,
    signal,
    connect: (node, service) => connectTo(stage, process, { node, service }),
    listen: (service, onChannel) => listenOn(stage, process, { service, onChannel }),
    now: () => process.monotonic(),
    random: () => chance.next() / 0x1_0000_0000,
    request: (act) => callOutside(stage, process, functionOf('call', act, 'the request')),
    sleep: (ms, options = {}) => sleepOn(stage, process, { ms, ...options }),
    wall: () => process.wall(),
  };
}

function sleepOn(
  stage: Stage,
  process: Host['process'],
  { ms, signal }: SimSleepOptions & { readonly ms: number },
): Promise<void> {
  msOf('sleep', ms);
  if (signal?.aborted === true) {
    return stage.world.onAsk(process.name, true) ?? Promise.reject(signal.reason);
  }
  const wait = stage.waits.begin(process, `sleeps for ${ms} ms`);
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      if (!process.isAlive) return;
      timer.cancel();
      stage.waits.end(wait);
      stage.world.kernel.noteMicrotasks();
      reject(signal?.reason);
    };
    const timer = process.sleep(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      stage.waits.end(wait);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
