/**
 * Pairs of acquire and release from one client, one after the other or many in flight, each of a
 * fresh key: how long an acquire takes, how many pairs there are in a second, and what they cost.
 */

import { cpuSeconds, traffic } from '../proc.ts';
import { pidsOf, type Running } from '../running.ts';
import { quantile } from '../statistics.ts';
import { freshPrefix, spanOf } from './span.ts';

export interface PairFigures {
  readonly acquireP50Ms: number;
  readonly acquireP99Ms: number;
  readonly pairsPerS: number;
  readonly cpuSPer10kPairs: number;
  readonly bytesPerPair: number;
  readonly messagesPerPair: number;
}

export interface PairLoad {
  /** How many pairs at once. */
  readonly claims: number;
  readonly forMs: number;
  /** After how many it ends early. */
  readonly pairsMax?: number;
}

export async function measurePairs(
  running: Running,
  { claims, forMs, pairsMax = Number.POSITIVE_INFINITY }: PairLoad,
): Promise<PairFigures> {
  const [client] = running.clients;
  if (client === undefined) throw new Error('There is no client');
  const pids = pidsOf(running);
  const order = { ...spanOf(forMs), pairsMax, prefix: freshPrefix() };
  const cpuBefore = cpuSeconds(pids);
  const trafficBefore = traffic();
  const { acquireMs, tookMs } =
    claims === 1
      ? await client.call('sequential', order)
      : await client.call('inFlight', { ...order, claims });
  const cpuAfter = cpuSeconds(pids);
  const trafficAfter = traffic();
  const pairs = acquireMs.length;
  return {
    acquireP50Ms: quantile(acquireMs, 0.5),
    acquireP99Ms: quantile(acquireMs, 0.99),
    pairsPerS: (pairs / tookMs) * 1_000,
    cpuSPer10kPairs: ((cpuAfter - cpuBefore) / pairs) * 10_000,
    bytesPerPair: (trafficAfter.bytes - trafficBefore.bytes) / pairs,
    messagesPerPair: (trafficAfter.messages - trafficBefore.messages) / pairs,
  };
}
