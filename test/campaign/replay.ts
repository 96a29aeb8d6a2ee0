/**
 * Runs the plan of a token again, and tells what happens.
 */

import { writeFileSync } from 'node:fs';
import { describeTask, differenceTo } from '../../src/sim/determinism.ts';
import { runPlan } from '../../src/sim/run-plan.ts';
import { formatTrace } from '../../src/sim/trace/format-trace.ts';
import { TraceRecorder } from '../../src/sim/trace/recorder.ts';
import { traceToHtml } from '../../src/sim/trace/to-html.ts';
import type { Order } from './flags.ts';

/** How many of the last events are told. */
const toldMax = 40;

/** @returns the exit code: 1 when it fails */
export async function replay({
  plan,
  json,
  trace,
  html,
}: Order & { readonly order: 'replay' }): Promise<number> {
  const recorder = new TraceRecorder();
  const isTraced = trace !== undefined || html !== undefined;
  const report = await runPlan(plan, isTraced ? { recorder } : {});
  if (trace !== undefined) writeFileSync(trace, formatTrace(recorder.trace()));
  if (html !== undefined) {
    writeFileSync(html, traceToHtml(recorder.trace(), { title: `Seed ${plan.seed}` }));
  }
  const difference = await differenceTo(report);
  const { failure, verdict, hash, messages, simulatedMs } = report;
  for (const step of plan.steps) print(`  ${JSON.stringify(step)}`);
  if (failure !== null) {
    for (const task of report.recent.slice(-toldMax)) print(describeTask(task));
    print(`${failure.check}: ${failure.message} (at ${failure.atMs} ms)`);
  }
  if (difference !== null) print(`Two runs differ: ${JSON.stringify(difference)}`);
  print(`${verdict}: ${messages} messages, ${simulatedMs} ms simulated, hash ${hash}`);
  if (json) print(JSON.stringify({ verdict, failure, hash, messages, simulatedMs }));
  return failure === null && difference === null ? 0 : 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
