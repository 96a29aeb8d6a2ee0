/**
 * What is told of a seed that failed: the plan made smaller, the line that repeats it, and where
 * all of it is kept.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { describeTask } from '../../src/sim/determinism.ts';
import { runPlan } from '../../src/sim/run-plan.ts';
import { shrink } from '../../src/sim/shrink.ts';
import { toTest } from '../../src/sim/to-test.ts';
import { tokenOf } from '../../src/sim/token.ts';
import { formatTrace } from '../../src/sim/trace/format-trace.ts';
import { TraceRecorder } from '../../src/sim/trace/recorder.ts';
import { traceToHtml } from '../../src/sim/trace/to-html.ts';
import type { FailedSeed } from './tally.ts';

const folder = '.sim/failures';

/** How long a plan is made smaller, at most. */
const shrinkMs = 30_000;

/** Shrinks, keeps, and tells. */
export async function reportFailure(failed: FailedSeed): Promise<string> {
  const { seed, plan, check, message } = failed;
  const head = `Seed ${seed} failed: ${check}: ${message}`;
  const report = await runPlan(plan);
  if (report.failure === null)
    return `${head}\n  (it does not fail again: npm run sim -- --replay ${tokenOf(plan)})`;
  const endsAt = performance.now() + shrinkMs;
  const small = await shrink(plan, {
    run: (smaller) => runPlan(smaller),
    isOver: () => performance.now() > endsAt,
  });
  const token = tokenOf(small.plan);
  const recorder = new TraceRecorder();
  const last = await runPlan(small.plan, { recorder });
  mkdirSync(folder, { recursive: true });
  const trace = recorder.trace();
  writeFileSync(`${folder}/${seed}.ndjson`, formatTrace(trace));
  writeFileSync(`${folder}/${seed}.html`, traceToHtml(trace, { title: `Seed ${seed}` }));
  const path = `${folder}/${seed}.json`;
  const capsule = {
    seed,
    failure: report.failure,
    hash: report.hash,
    token,
    plan: small.plan,
    recent: last.recent.slice(-200).map(describeTask),
  };
  writeFileSync(path, `${JSON.stringify(capsule, null, 2)}\n`);
  return [
    head,
    `  ${small.plan.steps.length} steps and ${last.messages} messages are enough ` +
      `(${small.runs} runs)`,
    `  Again: npm run sim -- --replay ${token}`,
    `  Kept:  ${path}; as a picture: ${folder}/${seed}.html`,
    toTest(small.plan, last.failure),
  ].join('\n');
}
