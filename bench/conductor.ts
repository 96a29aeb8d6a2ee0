/**
 * Conducts a run: starts the systems, has each measured in turn, again and again, and ends them.
 * While one is measured the others have nothing to do.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Children } from './children.ts';
import type { SpeedFlags } from './flags.ts';
import type { MeasureName } from './measure-names.ts';
import { measureContention } from './measures/contention.ts';
import { measureHeld, measureQueued } from './measures/memory.ts';
import { measurePairs } from './measures/pairs.ts';
import { claimsIn, type Plan, takesPart } from './plan.ts';
import { type Figures, Results } from './results.ts';
import type { Running } from './running.ts';
import { missingFor, type System } from './systems.ts';

/** A system with its processes. */
interface Started {
  readonly system: System;
  readonly running: Running;
}

/** Between two measures, for what is left of one to end. */
const pauseMs = 50;
const contenders = 8;
/** Until all have asked, and their claims are in the queue. */
const gatherMs = 200;
const gatherManyMs = 1_500;
/** Until the last of 10,000 have had their turn. */
const graceMs = 15_000;

/** Starts those for which everything is installed; says what is missing for the others. */
export async function startSystems(
  { systems }: Plan,
  children: Children,
  say: (line: string) => void,
): Promise<readonly Started[]> {
  const started: Started[] = [];
  for (const system of systems) {
    const missing = missingFor(system);
    if (missing.length > 0) {
      say(`${system.name}: skipped, ${missing.join(' and ')} not installed (see bench/setup.sh)`);
      continue;
    }
    started.push({ system, running: await system.start(children) });
  }
  return started;
}

interface Run {
  readonly flags: SpeedFlags;
  readonly plan: Plan;
  readonly started: readonly Started[];
  readonly say: (line: string) => void;
}

/** All rounds, after a warm-up. A measure that fails has no figures, and the run goes on. */
export async function measure(run: Run): Promise<Results> {
  const { flags, plan, started, say } = run;
  const results = new Results();
  await warmUp(run);
  const parts = plan.measures.map((name) => ({
    name,
    systems: started.filter(({ system }) => takesPart(system, name, flags)),
  }));
  for (let round = 1; round <= plan.rounds; round += 1) {
    const startedMs = performance.now();
    for (const { name, systems } of parts) {
      for (const { system, running } of systems) {
        await sleep(pauseMs);
        try {
          const figures = await take(name, { system, running }, plan);
          results.add({ system: system.name, measure: name, round, figures });
        } catch (error) {
          say(`${system.name}: ${name} failed: ${firstLine(error)}`);
          process.exitCode = 1;
        }
      }
    }
    say(
      `round ${round} of ${plan.rounds}: ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`,
    );
  }
  return results;
}

/**
 * Until engines have compiled what is run often: what takes one pair after the other is not the
 * code that takes many at once, and an engine compiles it only when it has run some thousand times.
 */
async function warmUp({ flags, plan, started }: Run): Promise<void> {
  const { warmUpMs: forMs } = plan.times;
  for (const { system, running } of started) {
    if (plan.measures.some((name) => claimsIn(name) !== null && takesPart(system, name, flags))) {
      await measurePairs(running, { claims: 64, forMs, pairsMax: 40_000 });
      await measurePairs(running, { claims: 1, forMs, pairsMax: 10_000 });
    }
    if (takesPart(system, 'contended', flags)) {
      await measureContention(running, { contenders, forMs, warmUpMs: gatherMs });
    }
  }
}

/** Takes one measure of one system. */
async function take(
  name: MeasureName,
  { system, running }: Started,
  { times }: Plan,
): Promise<Figures> {
  const claims = claimsIn(name);
  if (claims !== null) {
    const forMs = claims === 1 ? times.sequentialMs : times.inFlightMs;
    return { ...(await measurePairs(running, { claims, forMs })) };
  }
  if (name === 'held') return measureHeld(running, system);
  if (name === 'queued') return measureQueued(running, system);
  const load = {
    contended: { contenders, forMs: times.contendedMs, warmUpMs: gatherMs },
    waiters10: { contenders: 10, forMs: times.waitersMs, warmUpMs: gatherManyMs, graceMs },
    waiters10k: { contenders: 10_000, forMs: times.waitersMs, warmUpMs: gatherManyMs, graceMs },
  };
  if (name !== 'contended' && name !== 'waiters10' && name !== 'waiters10k') return {};
  return { ...(await measureContention(running, load[name])) };
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? '';
}
