/**
 * `npm run explore -- --canaries`: searches copies of the project with a planted bug of the core in
 * it, scope after scope, until something is broken, and keeps the shortest way there.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildCanary, projectRoot } from '../canaries/build.ts';
import { type Canary, filesOf } from '../canaries/patch.ts';
import { canaries } from '../canaries/patches.ts';
import type { Order } from './flags.ts';
import { describeVerdict, keptIn, playBoth, showsBug, type Verdict } from './play-scenario.ts';
import { inThread } from './pool.ts';
import { printScenario } from './print-scenario.ts';
import type { ScopeReport } from './run-scope.ts';
import { type ListedScope, scopes } from './scopes.ts';

interface Catch {
  readonly name: string;
  /** Where it was found; `null` for nowhere. */
  readonly scope: string | null;
  readonly message: string | null;
  readonly steps: number;
  readonly states: number;
  readonly seconds: number;
  /** Of its scenario in the simulator; `null` where there is none. */
  readonly verdict: Verdict | null;
}

/** The planted bugs of the core. */
function coreCanaries(only: string | undefined): readonly Canary[] {
  return canaries.filter((canary) => {
    const isOfCore = filesOf(canary).every((file) => file.startsWith('src/protocol/'));
    return isOfCore && (only ?? canary.name) === canary.name;
  });
}

/** Searches for each planted bug. @returns the exit code */
export async function huntAll(order: Order, print: (line: string) => void): Promise<number> {
  const queue = [...coreCanaries(order.only)];
  if (queue.length === 0) {
    print(`--only: there is no planted bug of the core named ${order.only}`);
    return 2;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'lockmesh-explore-'));
  const catches: Catch[] = [];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const caught = await huntOne(next, order, scratch);
      catches.push(caught);
      print(describe(caught));
    }
  };
  try {
    await Promise.all(Array.from({ length: order.workers }, work));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const found = catches.filter(({ scope }) => scope !== null);
  const shown = catches.filter(({ verdict }) => verdict !== null && showsBug(verdict));
  print(`${found.length} of ${catches.length} planted bugs of the core found`);
  print(`${shown.length} of ${found.length} shown by their scenarios in the simulator`);
  if (order.json)
    print(
      JSON.stringify({
        planted: catches.length,
        killed: found.length,
        shown: shown.length,
        bugs: catches,
      }),
    );
  return found.length === catches.length ? 0 : 1;
}

async function huntOne(canary: Canary, { bounds, scope }: Order, scratch: string): Promise<Catch> {
  const folder = buildCanary(canary, { into: scratch });
  const worker = pathToFileURL(join(folder, 'dist/test/explore/worker.js'));
  let states = 0;
  let seconds = 0;
  try {
    for (const { name } of hunted(scope)) {
      const report = await inThread({ task: 'scope', name, bounds }, worker);
      states += report.states;
      seconds += report.seconds;
      const [breach] = report.violations;
      if (breach === undefined) continue;
      const verdict = await playBoth(canary, keep(canary, report), scratch);
      const { message, steps } = breach;
      const found = { scope: name, message, steps: steps.length, verdict };
      return { name: canary.name, ...found, states, seconds };
    }
    const none = { scope: null, message: null, steps: 0, verdict: null };
    return { name: canary.name, ...none, states, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All scopes made for this, or those asked for. */
function hunted(asked: string): readonly ListedScope[] {
  const chosen = scopes.filter(({ name, tier }) => name === asked || tier === asked);
  return asked === 'release' || chosen.length === 0
    ? scopes.filter(({ tier }) => tier === 'hunt')
    : chosen;
}

/** Keeps the way to what the bug breaks: for people to read, and for the simulator, as returned. */
function keep({ name, story }: Canary, { moves, name: of, violations }: ScopeReport): string {
  const [breach] = violations;
  const scope = scopes.find((other) => other.name === of);
  if (breach === undefined || scope === undefined) return '';
  const { message, property } = breach;
  const way = moves.map(({ words }, at) => `${at + 1}. ${words}`);
  const lines = [`${name}: ${story}`, '', `Scope ${of}; ${property}: ${message}.`, '', ...way];
  const folder = join(projectRoot(), keptIn);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.txt`), `${lines.join('\n')}\n`);
  const source = printScenario(scope, { name, story, message: `${property}: ${message}`, moves });
  writeFileSync(join(folder, `${name}.ts`), source);
  return source;
}

function describe(caught: Catch): string {
  const { message, name, scope, seconds, states, steps, verdict } = caught;
  const extent = `${states} states, ${Math.round(10 * seconds) / 10} s`;
  if (scope === null) return `${name.padEnd(44)} not found (${extent})`;
  const line = `${name.padEnd(44)} ${scope}: ${message}, ${steps} steps (${extent})`;
  return verdict === null ? line : `${line}\n  in the simulator: ${describeVerdict(verdict)}`;
}
