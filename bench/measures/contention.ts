/**
 * Contenders for one key in three processes, who hold it for no time and ask again at once: how
 * often it changes hands, how long that takes, and how fair it is.
 */

import { type Grants, perGrant } from '../calls.ts';
import type { Running } from '../running.ts';
import { jainIndex, maxOverMin, quantile } from '../statistics.ts';
import { freshPrefix, type Span, spanOf } from './span.ts';

export interface ContentionFigures {
  readonly grantsPerS: number;
  /** From the call of release until the code of the next holder runs. */
  readonly handoffP50Ms: number;
  readonly handoffP99Ms: number;
  readonly jain: number;
  /** Infinity when somebody was never granted. */
  readonly maxOverMin: number;
  /** From asking until it is granted, also when that is soon after the end; or until the end. */
  readonly longestWaitMs: number;
  /** How often it was had before the holder before had called release: 0, if it excludes. */
  readonly overlaps: number;
}

export interface ContentionLoad {
  readonly contenders: number;
  readonly forMs: number;
  /** What is left out at the beginning, while not all have begun. */
  readonly warmUpMs: number;
  /** How long those who wait at the end may still do so. */
  readonly graceMs?: number;
}

export async function measureContention(
  running: Running,
  { contenders, forMs, warmUpMs, graceMs = 2_000 }: ContentionLoad,
): Promise<ContentionFigures> {
  const span = spanOf(warmUpMs + forMs);
  const key = freshPrefix();
  const shares = shared(contenders, running.clients.length);
  const calls = running.clients.map((client, at) =>
    client.call('contend', { ...span, key, contenders: shares[at] ?? 0, graceMs }),
  );
  // None goes on while something else is measured, also when another has failed.
  await Promise.allSettled(calls);
  const grants = (await Promise.all(calls)).flat();
  return judge(grants, { fromMs: span.fromMs + warmUpMs, untilMs: span.untilMs });
}

/** As evenly as it goes: 8 among 3 are 3, 3 and 2. */
export function shared(count: number, among: number): readonly number[] {
  return Array.from({ length: among }, (_, at) => Math.floor((count + among - 1 - at) / among));
}

/** What the grants within a span, a list for each contender, amount to. */
export function judge(grants: readonly Grants[], { fromMs, untilMs }: Span): ContentionFigures {
  const counts: number[] = [];
  const all: Hold[] = [];
  let longestWaitMs = 0;
  for (const list of grants) {
    const mine = holdsIn(list).filter(({ hadMs }) => hadMs >= fromMs);
    for (const { askedMs, hadMs } of mine) {
      const endMs = hadMs === Number.POSITIVE_INFINITY ? untilMs : hadMs;
      longestWaitMs = Math.max(longestWaitMs, endMs - askedMs);
    }
    const within = mine.filter(({ hadMs }) => hadMs <= untilMs);
    counts.push(within.length);
    all.push(...within);
  }
  all.sort((one, other) => one.hadMs - other.hadMs);
  const gaps = all.slice(1).map(({ hadMs }, at) => hadMs - (all[at]?.releasedMs ?? Number.NaN));
  return {
    grantsPerS: (all.length / (untilMs - fromMs)) * 1_000,
    handoffP50Ms: quantile(Float64Array.from(gaps), 0.5),
    handoffP99Ms: quantile(Float64Array.from(gaps), 0.99),
    jain: jainIndex(counts),
    maxOverMin: maxOverMin(counts),
    longestWaitMs,
    overlaps: gaps.filter((gap) => gap < 0).length,
  };
}

interface Hold {
  readonly askedMs: number;
  readonly hadMs: number;
  readonly releasedMs: number;
}

function holdsIn(grants: Grants): readonly Hold[] {
  return Array.from({ length: grants.length / perGrant }, (_, at) => {
    const [askedMs = 0, hadMs = 0, releasedMs = 0] = grants.subarray(perGrant * at);
    return { askedMs, hadMs, releasedMs };
  });
}
