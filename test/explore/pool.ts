/**
 * Searches several scopes, so many at once, each in a thread.
 */

import { Worker } from 'node:worker_threads';
import type { ScopeReport, Task } from './run-scope.ts';

/** Hands each task to a thread; in the order of the tasks, told as they come. */
export async function runAll(
  tasks: readonly Task[],
  workers: number,
  tell: (report: ScopeReport) => void,
): Promise<readonly ScopeReport[]> {
  const reports: ScopeReport[] = [];
  const queue = [...tasks.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, task] = next;
      const report = await inThread(task, new URL('./worker.js', import.meta.url));
      reports[index] = report;
      tell(report);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return reports;
}

/** Runs a task in a thread of the copy of the project that `worker` belongs to. */
export function inThread(task: Task, worker: URL): Promise<ScopeReport> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(worker, {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: 8_192 },
    });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`A search ended with code ${code}`)));
  });
}
