/**
 * `npm run canaries -- --history`: which planted bugs can be seen in what applications see, by
 * judging the histories of runs and nothing else. Those that the checks for exclusion or for tokens
 * have found must be.
 */

import { rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { buildCanary } from './build.ts';
import type { HistoryCatch, HistoryHunt } from './history-hunter.ts';
import type { Canary } from './patch.ts';

/** What is known of the planted bugs, and how to go about it. */
export interface HistoryOrder {
  readonly chosen: readonly Canary[];
  readonly scratch: string;
  /** How many seeds besides the recorded one. */
  readonly seeds: number;
  readonly workers: number;
  readonly json: boolean;
  readonly records: Readonly<Record<string, { readonly seed: number; readonly check: string }>>;
}

interface Judged extends HistoryCatch {
  readonly name: string;
  /** The check that is recorded for it. */
  readonly check: string | null;
  /** Why it could not be judged. */
  readonly fault: string | null;
}

/** These look at nothing but what applications see. */
const visible: ReadonlySet<string | null> = new Set(['exclusion', 'tokens']);

/** A copy that does not come to an end counts as hanging. */
const huntMsMax = 1_200_000;

/** @returns the exit code: 1 when one that must be seen is not, or one could not be judged */
export async function huntHistories(order: HistoryOrder): Promise<number> {
  const queue = [...order.chosen];
  const all: Judged[] = [];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const judged = await judgeOne(next, order);
      all.push(judged);
      print(describe(judged));
    }
  };
  await Promise.all(Array.from({ length: order.workers }, work));
  return conclude(all, order);
}

async function judgeOne(canary: Canary, order: HistoryOrder): Promise<Judged> {
  const { name } = canary;
  const { seed = null, check = null } = order.records[name] ?? {};
  const folder = buildCanary(canary, { into: order.scratch });
  try {
    const caught = await inWorker({ folder, recorded: seed, seeds: order.seeds });
    return { name, check, fault: null, ...caught };
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { name, check, fault, seed: null, message: '' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function inWorker(hunt: HistoryHunt): Promise<HistoryCatch> {
  return new Promise((resolve, reject) => {
    const url = new URL('./history-hunter.js', import.meta.url);
    const worker = new Worker(url, { workerData: hunt });
    const timer = setTimeout(() => {
      void worker.terminate();
      reject(new Error(`did not end within ${huntMsMax / 1_000} s`));
    }, huntMsMax);
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`its worker ended with code ${code}`));
    });
  });
}

function conclude(all: readonly Judged[], { json, seeds }: HistoryOrder): number {
  const illegal = all.filter(({ seed }) => seed !== null);
  const due = all.filter(({ check }) => visible.has(check));
  const missed = due.filter(({ seed }) => seed === null);
  const faulty = all.filter(({ fault }) => fault !== null);
  print(
    `${illegal.length} of ${all.length} planted bugs make a history illegal, within the seed ` +
      `recorded and ${seeds} more; ${due.length - missed.length} of the ${due.length} that were ` +
      'found by exclusion or tokens',
  );
  if (json) {
    const bugs = all.map(({ name, check, seed, fault }) => ({ name, check, seed, fault }));
    print(JSON.stringify({ planted: all.length, illegal: illegal.length, bugs }));
  }
  return missed.length + faulty.length > 0 ? 1 : 0;
}

function describe({ name, check, seed, message, fault }: Judged): string {
  const head = `${name.padEnd(44)} ${(check ?? '').padEnd(14)}`;
  if (fault !== null) return `${head} ${fault}`;
  if (seed === null) return `${head} not seen`;
  const [, what = '', why = ''] = message.split('\n');
  return `${head} illegal, seed ${seed}:${what.replace('  ', ' ')},${why.replace('  ', ' ')}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
