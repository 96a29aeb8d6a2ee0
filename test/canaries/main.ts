/**
 * `npm run canaries`: shows that the simulator finds planted bugs. Each is compiled into a copy of
 * the project in a scratch folder; there 100 seeds without faults must pass, and the seed that is
 * recorded for it must fail. With `--fresh` the seed is searched anew, from the first.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { buildCanary, projectRoot } from './build.ts';
import { huntHistories } from './histories.ts';
import type { Catch, Found, Hunt } from './hunter.ts';
import type { Canary } from './patch.ts';
import { alwaysFails, canaries } from './patches.ts';

const usage = `Usage: npm run canaries -- [--fresh] [--shrink] [--only NAME]
                                  [--seeds N] [--workers N] [--json]
       npm run canaries -- --history [--only NAME] [--seeds N] [--workers N] [--json]

  --fresh       searches seeds anew, from 1, and records what it finds
  --shrink      makes the plan that finds each smaller, for 30 s at most
  --history     tells which of them make the history of a run illegal, and why
  --only NAME   this planted bug alone
  --seeds N     how many seeds to search, at most (5000; with --history, 100)
  --workers N   how many bugs at once (2)
  --json        ends with one line of JSON`;

/** How many seeds each must survive without faults. */
const calmSeeds = 100;

/** A copy that does not come to an end counts as hanging. */
const huntMsMax = 1_200_000;

/** What people can read, and which share of the plans is to be made so small. */
const readable = { steps: 10, messages: 40 };
const readableShare = 0.9;

/** Within so many seeds most are to be found. */
const soonSeeds = 1_000;
const soonShare = 0.8;

/**
 * By name: the seed that finds it, counted from 1, so that it is also the number of seeds needed.
 */
type Records = Record<string, { readonly seed: number; readonly check: string }>;

interface Flags {
  readonly fresh: boolean;
  readonly history: boolean;
  readonly shrink: boolean;
  readonly json: boolean;
  readonly only: string | undefined;
  readonly seeds: number;
  readonly workers: number;
}

interface Result {
  readonly canary: Canary;
  readonly found: Found | null;
  /** Why it is no good canary: noticed without faults, or its copy hung. */
  readonly fault: string | null;
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const flags = parse(args);
  if (flags === null) return 2;
  const chosen = [...canaries, alwaysFails].filter(({ name }) => name === (flags.only ?? name));
  if (chosen.length === 0) return refuse(`--only: there is no planted bug ${flags.only}`);
  const scratch = mkdtempSync(join(tmpdir(), 'lockmesh-canaries-'));
  try {
    const records = readRecords();
    if (flags.history) return await huntHistories({ chosen, scratch, records, ...flags });
    const results = await huntAll(chosen, { flags, scratch, records });
    if (flags.fresh) writeRecords(records, results);
    return conclude(results, flags);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Ground {
  readonly flags: Flags;
  readonly scratch: string;
  readonly records: Records;
}

/** So many at once as there are workers; told as they come. */
async function huntAll(chosen: readonly Canary[], ground: Ground): Promise<readonly Result[]> {
  const queue = [...chosen];
  const results: Result[] = [];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const result = await huntOne(next, ground);
      results.push(result);
      print(describe(result));
    }
  };
  await Promise.all(Array.from({ length: ground.flags.workers }, work));
  return results;
}

async function huntOne(canary: Canary, { flags, scratch, records }: Ground): Promise<Result> {
  const recorded = records[canary.name]?.seed;
  const isSearch = flags.fresh || recorded === undefined;
  const folder = buildCanary(canary, { into: scratch });
  const isCalm = canary.showsInCalm !== true;
  try {
    const { calm, found } = await inWorker({
      folder,
      calmSeeds: isCalm ? calmSeeds : 0,
      from: isSearch ? 1 : recorded,
      to: isSearch ? flags.seeds : recorded,
      shrinks: flags.shrink,
    });
    const fault = calm === null ? null : `noticed without faults: ${calm.check}: ${calm.message}`;
    return { canary, found, fault };
  } catch (error) {
    return { canary, found: null, fault: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function inWorker(hunt: Hunt): Promise<Catch> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./hunter.js', import.meta.url), { workerData: hunt });
    const timer = setTimeout(() => {
      void worker.terminate();
      reject(new Error(`did not end within ${huntMsMax / 1_000} s`));
    }, huntMsMax);
    const end = <Result>(act: (result: Result) => void): ((result: Result) => void) => {
      return (result) => {
        clearTimeout(timer);
        act(result);
      };
    };
    worker.once('message', end(resolve));
    worker.once('error', end(reject));
    worker.once('exit', (code) => reject(new Error(`its worker ended with code ${code}`)));
  });
}

function conclude(results: readonly Result[], { json, shrink }: Flags): number {
  const killed = results.filter(({ found, fault }) => found !== null && fault === null);
  const soon = killed.filter(({ found }) => (found?.seed ?? soonSeeds + 1) <= soonSeeds);
  print(
    `${killed.length} of ${results.length} planted bugs found, ` +
      `${soon.length} of them within ${soonSeeds} seeds`,
  );
  const small = killed.filter(isReadable);
  if (shrink) {
    const { steps, messages } = readable;
    print(`${small.length} made as small as ${steps} steps and ${messages} messages`);
  }
  if (json) {
    const bugs = results.map(({ canary, found, fault }) => ({
      name: canary.name,
      rules: canary.rules,
      files: [...new Set(canary.edits.map(({ file }) => file))],
      seeds: found?.seed ?? null,
      check: found?.check ?? null,
      small: found?.small ?? null,
      fault,
    }));
    print(JSON.stringify({ planted: results.length, killed: killed.length, bugs }));
  }
  if (killed.length < results.length) return 1;
  if (results.length === 1) return 0;
  const isSmall = !shrink || small.length >= readableShare * results.length;
  return soon.length >= soonShare * results.length && isSmall ? 0 : 1;
}

function isReadable({ found }: Result): boolean {
  const small = found?.small ?? null;
  if (small === null) return false;
  return small.steps <= readable.steps && small.messages <= readable.messages;
}

function describe({ canary, found, fault }: Result): string {
  const name = canary.name.padEnd(44);
  if (fault !== null) return `${name} ${fault}`;
  if (found === null) return `${name} not found`;
  const { check, seed, small } = found;
  const line = `${name} ${check.padEnd(14)} ${String(seed).padStart(5)}`;
  if (small === null) return line;
  const took = `${small.runs} runs, ${Math.round(small.tookMs / 1_000)} s`;
  return `${line}  ${small.steps} steps, ${small.messages} messages (${took})`;
}

function recordsPath(): string {
  return join(projectRoot(), 'test/canaries/records.json');
}

function readRecords(): Records {
  return JSON.parse(readFileSync(recordsPath(), 'utf8'));
}

/** What was not found keeps no record. */
function writeRecords(records: Records, results: readonly Result[]): void {
  const kept = new Map(Object.entries(records));
  for (const { canary, found, fault } of results) {
    if (found === null || fault !== null) kept.delete(canary.name);
    else kept.set(canary.name, { seed: found.seed, check: found.check });
  }
  const sorted = Object.fromEntries([...kept].sort(([one], [other]) => (one < other ? -1 : 1)));
  writeFileSync(recordsPath(), `${JSON.stringify(sorted, null, 2)}\n`);
}

function parse(args: readonly string[]): Flags | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        fresh: { type: 'boolean', default: false },
        history: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        shrink: { type: 'boolean', default: false },
        only: { type: 'string' },
        seeds: { type: 'string' },
        workers: { type: 'string', default: '2' },
      },
    });
    const { fresh, history, json, only, shrink } = values;
    const seeds = count('--seeds', values.seeds ?? (history ? '100' : '5000'));
    const workers = count('--workers', values.workers);
    return { fresh, history, json, only, seeds, shrink, workers };
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
    return null;
  }
}

function count(flag: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number;
  throw new TypeError(`${flag} must be a whole number from 1, received ${text}`);
}

function refuse(message: string): number {
  process.stderr.write(`${message}\n${usage}\n`);
  return 2;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
