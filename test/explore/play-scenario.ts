/**
 * Plays the scenario of a counterexample twice: in a copy of the project with the planted bug,
 * where a promise must be broken, and in one without, where all must be well.
 */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { buildCanary, compile, projectRoot } from '../canaries/build.ts';
import type { Canary } from '../canaries/patch.ts';
import { canaries } from '../canaries/patches.ts';
import type { Order } from './flags.ts';
import type { Played } from './scenario-worker.ts';

/** Where scenarios are kept. */
export const keptIn = 'test/explore/counterexamples';

/** What came of a scenario. */
export interface Verdict {
  readonly name: string;
  readonly planted: Played;
  readonly sound: Played;
}

/** Whether it shows the bug, and nothing else. */
export function showsBug({ planted, sound }: Verdict): boolean {
  return planted.isPromise && sound.source === null;
}

/** Plays all that are kept, or the one asked for. @returns the exit code */
export async function playAll(
  { json, only }: Order,
  print: (line: string) => void,
): Promise<number> {
  const files = readdirSync(join(projectRoot(), keptIn)).filter((file) => file.endsWith('.ts'));
  const names = files.map((file) => file.slice(0, -3));
  const kept = canaries.filter(({ name }) => names.includes(name) && (only ?? name) === name);
  if (kept.length === 0) {
    print(`--only: no scenario of a planted bug named ${only} is kept`);
    return 2;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'lockmesh-scenarios-'));
  const verdicts: Verdict[] = [];
  try {
    for (const canary of kept) {
      const source = readFileSync(join(projectRoot(), keptIn, `${canary.name}.ts`), 'utf8');
      const verdict = await playBoth(canary, source, scratch);
      verdicts.push(verdict);
      print(`${canary.name.padEnd(44)} ${describeVerdict(verdict)}`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const shown = verdicts.filter(showsBug);
  print(`${shown.length} of ${verdicts.length} planted bugs shown by their scenarios`);
  if (json) print(JSON.stringify({ kept: verdicts.length, shown: shown.length, verdicts }));
  return shown.length === verdicts.length ? 0 : 1;
}

export function describeVerdict({ planted, sound }: Verdict): string {
  const [line = ''] = planted.message.split('\n');
  if (sound.source !== null) return `fails without the bug, too: ${sound.source}: ${sound.message}`;
  if (planted.source === null) return 'nothing is broken';
  return `${planted.isPromise ? '' : 'no promise: '}${planted.source}: ${line}`;
}

/** @param source of the scenario, as it is kept */
export async function playBoth(canary: Canary, source: string, scratch: string): Promise<Verdict> {
  const { name, rules, story, symptom } = canary;
  const sound = { name: `${name}-mended`, rules, story, symptom, edits: [] };
  return {
    name,
    planted: await playOn(canary, { name, source, scratch }),
    sound: await playOn(sound, { name, source, scratch }),
  };
}

async function playOn(
  canary: Canary,
  { name, scratch, source }: { readonly name: string; source: string; scratch: string },
): Promise<Played> {
  const folder = buildCanary(canary, { into: join(scratch, 'played') });
  try {
    const file = `${keptIn}/${name}.ts`;
    const module = join(folder, 'dist', file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(module), { recursive: true });
    writeFileSync(module, compile(file, source));
    const worker = pathToFileURL(join(folder, 'dist/test/explore/scenario-worker.js'));
    return await inThread(worker, pathToFileURL(module).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function inThread(worker: URL, module: string): Promise<Played> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(worker, { workerData: module });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`A scenario ended with code ${code}`)));
  });
}
