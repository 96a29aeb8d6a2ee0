/**
 * `npm run explore -- --canaries`: searches copies of the project with a planted bug of the core in
 * it, each in the scope in which it was found before, or scope after scope, until something is
 * broken, and keeps the shortest way there.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildCanary, projectRoot } from '../canaries/build.ts';
import { type Canary, filesOf } from '../canaries/patch.ts';
import { canaries } from '../canaries/patches.ts';
import type { Order } from './flags.ts';
import { beyondScopes, hunts } from './hunts.ts';
import { describeVerdict, keptIn, playBoth, showsBug, type Verdict } from './play-scenario.ts';
import { inThread } from './pool.ts';
import { isPlayable, printScenario } from './print-scenario.ts';
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

/** The planted bugs of the core that a scope may show. */
export function coreCanaries(only: string | undefined): readonly Canary[] {
  return canaries.filter((canary) => {
    const isOfCore = filesOf(canary).every((file) => file.startsWith('src/protocol/'));
    if (!isOfCore || beyondScopes.has(canary.name)) return false;
    return (only ?? canary.name) === canary.name;
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

async function huntOne(canary: Canary, order: Order, scratch: string): Promise<Catch> {
  const folder = buildCanary(canary, { into: scratch });
  const worker = pathToFileURL(join(folder, 'dist/test/explore/worker.js'));
  let states = 0;
  let seconds = 0;
  try {
    for (const { name } of hunted(canary, order)) {
      const report = await inThread({ task: 'scope', name, bounds: order.bounds }, worker);
      states += report.states;
      seconds += report.seconds;
      const [breach] = report.violations;
      if (breach === undefined) continue;
      const verdict = await play(canary, keep(canary, report), scratch);
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

/** The scopes asked for; else that in which it was found; else all that are made for this. */
function hunted({ name: bug }: Canary, { fresh, scope: asked }: Order): readonly ListedScope[] {
  const found = fresh ? undefined : hunts[bug];
  const chosen = scopes.filter(({ name, tier }) =>
    asked === 'release' ? name === found : name === asked || tier === asked,
  );
  return chosen.length > 0 ? chosen : scopes.filter(({ tier }) => tier === 'hunt');
}

/**
 * Keeps the way to what the bug breaks, for people to read.
 *
 * @returns the same for the simulator, if it can play it
 */
function keep({ name, story }: Canary, report: ScopeReport): string | null {
  const { moves, name: of, violations } = report;
  const [breach] = violations;
  const scope = scopes.find((other) => other.name === of);
  if (breach === undefined || scope === undefined) return null;
  const { message, property } = breach;
  const way = moves.map(({ words }, at) => `${at + 1}. ${words}`);
  const lines = [`${name}: ${story}`, '', `Scope ${of}; ${property}: ${message}.`, '', ...way];
  const folder = join(projectRoot(), keptIn);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.txt`), `${lines.join('\n')}\n`);
  if (!isPlayable(scope)) return null;
  return printScenario(scope, { name, story, message: `${property}: ${message}`, moves });
}

/** Plays what may be a scenario of the simulator, and keeps it if it shows the bug. */
async function play(
  canary: Canary,
  source: string | null,
  scratch: string,
): Promise<Verdict | null> {
  const file = join(projectRoot(), keptIn, `${canary.name}.ts`);
  rmSync(file, { force: true });
  if (source === null) return null;
  const verdict = await playBoth(canary, source, scratch);
  if (showsBug(verdict)) writeFileSync(file, source);
  return verdict;
}

function describe(caught: Catch): string {
  const { message, name, scope, seconds, states, steps, verdict } = caught;
  const extent = `${states} states, ${Math.round(10 * seconds) / 10} s`;
  if (scope === null) return `${name.padEnd(44)} not found (${extent})`;
  const line = `${name.padEnd(44)} ${scope}: ${message}, ${steps} steps (${extent})`;
  return verdict === null ? line : `${line}\n  in the simulator: ${describeVerdict(verdict)}`;
}
