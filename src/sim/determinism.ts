/**
 * Shows that a plan is its run: runs it twice and compares all that happened, and where two runs
 * differ finds the first event that does.
 */

import { checkpointTasks } from './kernel.ts';
import { runPlan } from './run-plan.ts';
import type { RunReport } from './run-report.ts';
import type { Task } from './task.ts';

/** Two runs of one plan that are not the same. */
export interface Difference {
  /** The first event that differs, counted from 1. */
  readonly event: number;
  readonly first: string;
  readonly second: string;
}

/** What is compared of a run. */
export interface Recorded {
  readonly hash: string;
  readonly tasks: number;
  readonly checkpoints: readonly string[];
}

/** Runs it all once more, and shows each event to `onTask`. */
export type Rerun = (onTask?: (task: Task, count: number) => void) => Promise<Recorded>;

/**
 * Runs a plan again and compares.
 *
 * @param run runs the plan: the tests give one that is not the same twice
 */
export async function differenceTo(
  report: RunReport,
  run: typeof runPlan = runPlan,
): Promise<Difference | null> {
  const { plan } = report;
  return await differenceOf(report, (onTask) => run(plan, onTask === undefined ? {} : { onTask }));
}

/** Runs whatever it was again and compares. */
export async function differenceOf(recorded: Recorded, rerun: Rerun): Promise<Difference | null> {
  const again = await rerun();
  if (again.hash === recorded.hash && again.tasks === recorded.tasks) return null;
  return await firstDifference(firstBlock(recorded, again), rerun);
}

/** The first checkpoint at which the hashes differ. */
function firstBlock(one: Recorded, other: Recorded): number {
  const block = one.checkpoints.findIndex((hash, index) => other.checkpoints[index] !== hash);
  return block === -1 ? Math.min(one.checkpoints.length, other.checkpoints.length) : block;
}

async function firstDifference(block: number, rerun: Rerun): Promise<Difference> {
  const first = await tasksFrom(block * checkpointTasks, rerun);
  const second = await tasksFrom(block * checkpointTasks, rerun);
  const most = Math.max(first.length, second.length);
  for (let at = 0; at < most; at += 1) {
    const [one, other] = [first[at] ?? 'nothing', second[at] ?? 'nothing'];
    if (one !== other) {
      return { event: block * checkpointTasks + at + 1, first: one, second: other };
    }
  }
  const same = 'the same, this time: the difference does not come back';
  return { event: block * checkpointTasks, first: same, second: same };
}

/** What happened after the first `from` tasks, to the end of the next two blocks. */
async function tasksFrom(from: number, rerun: Rerun): Promise<readonly string[]> {
  const lines: string[] = [];
  const until = from + 2 * checkpointTasks;
  await rerun((task, count) => {
    if (count > from && count <= until) lines.push(describeTask(task));
  });
  return lines;
}

/** One line for people. */
export function describeTask({ atUs, kind, actor, detail }: Task): string {
  const what = typeof detail === 'string' ? detail : `${detail.length} bytes ${hexOf(detail)}`;
  return `${(atUs / 1_000).toFixed(3)} ms ${actor?.name ?? '-'} ${kind} ${what}`;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
