/**
 * How a scenario waits: until a condition holds, or at a point of the protocol, and for how long.
 */

import type { Passing, Point } from './point.ts';
import { pointNames } from './point-names.ts';
import { functionOf, knownOptions, msOf, numberOf, wordOf } from './refusals.ts';
import { SimTimeoutError } from './sim-errors.ts';
import type { Stage } from './stage.ts';
import { formatMs } from './waits.ts';

/** How to wait for a condition. */
export interface SimUntilOptions {
  /**
   * How long to wait, in milliseconds of virtual time; then the call rejects.
   *
   * @default as long as the run lasts
   */
  readonly timeout?: number;
  /**
   * What is waited for, for people.
   *
   * @default the condition as it is written
   */
  readonly what?: string;
}

/** One passing of a point of the protocol. */
export interface SimPassing {
  /** When, in milliseconds of virtual time. */
  readonly at: number;
  /** The id of the node that passed it. */
  readonly node: string;
  /** The node to or from which the message went, or whose link it is; `null` for other points. */
  readonly other: string | null;
}

/** Which passing of which point: nodes by their ids, `null` for any. */
export interface Barrier {
  readonly point: Point;
  readonly node: string | null;
  readonly other: string | null;
  readonly nth: number | undefined;
  readonly timeout: number | undefined;
}

/** A wait that may be given up. */
interface Pending<Result> {
  readonly result: Promise<Result>;
  giveUp(error: unknown): void;
}

/** @throws `TypeError` for impossible options */
export async function waitUntil(
  stage: Stage,
  condition: () => unknown,
  options: SimUntilOptions,
): Promise<void> {
  const act = 'wait until';
  functionOf(act, condition, 'the condition');
  knownOptions(act, options, ['timeout', 'what']);
  const timeout = timeoutOf(act, options.timeout);
  const what = `waits until ${options.what ?? written(condition)}`;
  await bounded(stage, { what, timeout }, () => {
    const { met, giveUp } = stage.conditions.until(condition);
    return { result: met, giveUp };
  });
}

/** @throws `TypeError` for impossible options */
export async function waitAt(stage: Stage, barrier: Barrier): Promise<SimPassing> {
  const { point, node } = barrier;
  const act = 'wait at a point';
  wordOf(act, point, { what: 'the point', of: pointNames });
  const bounds = { what: 'nth', least: 1, most: 1_000_000_000, whole: true };
  const nth = numberOf(act, barrier.nth ?? 1, bounds);
  const timeout = timeoutOf(act, barrier.timeout);
  const where = node === null ? '' : ` of ${node}`;
  const what = `waits at "${point}"${where}${nth === 1 ? '' : `, passing ${nth}`}`;
  const passing = await bounded(stage, { what, timeout }, () => passingOf(stage, barrier, nth));
  return { at: stage.nowMs, node: passing.host.name, other: passing.other };
}

function passingOf(stage: Stage, { point, node, other }: Barrier, nth: number): Pending<Passing> {
  let giveUp = (_error: unknown): void => {};
  let left = nth;
  const result = new Promise<Passing>((resolve, reject) => {
    const listener = (passing: Passing): boolean => {
      const isNode = node === null || passing.host.name === node;
      const isOther = other === null || passing.other === other;
      if (passing.point !== point || !isNode || !isOther) return false;
      left -= 1;
      if (left > 0) return false;
      stage.world.kernel.noteMicrotasks();
      resolve(passing);
      return true;
    };
    stage.points.listen(listener);
    giveUp = (error) => {
      stage.points.forget(listener);
      reject(error);
    };
  });
  return { result, giveUp };
}

/** Waits, is seen to, and gives up in time. */
async function bounded<Result>(
  stage: Stage,
  { what, timeout }: { readonly what: string; readonly timeout: number | null },
  begin: () => Pending<Result>,
): Promise<Result> {
  const wait = stage.waits.begin(null, what, framesMax);
  const { result, giveUp } = begin();
  const error = new SimTimeoutError(`For ${formatMs(timeout ?? 0)} in vain: the scenario ${what}`);
  const timer = timeout === null ? null : stage.later(timeout, () => giveUp(error));
  try {
    return await result;
  } finally {
    timer?.cancel();
    stage.waits.end(wait);
  }
}

/** From `bounded` to whoever called the method of `Sim`. */
const framesMax = 10;

function timeoutOf(act: string, timeout: number | undefined): number | null {
  return timeout === undefined ? null : msOf(act, timeout, 'timeout');
}

/** The source of a condition, without `() =>`, short enough for a line. */
function written(condition: () => unknown): string {
  const source = String(condition).replace(/^\(\)\s*=>\s*/, '');
  const body = source.replace(/\s+/g, ' ');
  return body.length > 80 ? `${body.slice(0, 80)}…` : body;
}
