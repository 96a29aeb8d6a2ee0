/**
 * What a program on a real node is given. Once its process has crashed, nothing that it waits for
 * through this ever returns, as in the simulator.
 */

import type { Peer } from '../../src/peer/peer.ts';
import { functionOf, msOf } from '../../src/sim/refusals.ts';
import type { SimProcess, SimService } from '../../src/sim/sim-process.ts';
import { cannot } from './net.ts';

/** One start of a node. */
export interface Life {
  readonly peer: Peer;
  /** Whether it has crashed or ended. */
  isOver: boolean;
  /** Aborts when the node is stopped properly. */
  readonly stopping: AbortController;
  /** What would still call back. */
  readonly timers: Set<NodeJS.Timeout>;
}

export function createLife(peer: Peer): Life {
  return { peer, isOver: false, stopping: new AbortController(), timers: new Set() };
}

export function endLife(life: Life): void {
  life.isOver = true;
  for (const timer of life.timers) clearTimeout(timer);
  life.timers.clear();
}

/**
 * Runs a program.
 *
 * @param onError is given what it throws, unless its process is dead or told to end
 * @returns what it returns; never, if there is nothing to return
 */
export async function runProgram<Result>(
  life: Life,
  service: SimService<Result>,
  onError: (error: unknown) => void,
): Promise<Result> {
  try {
    const result = await service(createRealProcess(life));
    if (!life.isOver) return result;
  } catch (error) {
    if (!life.isOver && !life.stopping.signal.aborted) onError(error);
  }
  return await never();
}

function createRealProcess(life: Life): SimProcess {
  const { peer } = life;
  return {
    id: peer.id,
    peer,
    signal: life.stopping.signal,
    connect: () => cannot('open a channel', 'only peers have proxies between them'),
    listen: () => cannot('listen for channels', 'only peers have proxies between them'),
    now: () => performance.now(),
    random: () => Math.random(),
    request: async (act) => {
      const answer = functionOf('call', act, 'the request')();
      return await answer;
    },
    sleep: (ms, { signal } = {}) => sleep(life, ms, signal),
    wall: () => Date.now(),
  };
}

function sleep(life: Life, ms: number, signal: AbortSignal | undefined): Promise<void> {
  msOf('sleep', ms);
  if (signal?.aborted === true) return Promise.reject(signal.reason);
  if (life.isOver) return never();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      if (life.timers.delete(timer)) reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      life.timers.delete(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    life.timers.add(timer);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function never<Result>(): Promise<Result> {
  return new Promise(() => {});
}
