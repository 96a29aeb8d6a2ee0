/**
 * Searches several scopes, so many at once, each in a thread.
 */

import { Worker } from 'node:worker_threads';
import { coreScopeOf } from '../../src/sim/explore/scope.ts';
import type { ScopeReport, Task } from './run-scope.ts';
import { scopes } from './scopes.ts';

/** Hands the tasks to threads. @returns what came of them, in their order; told as they come */
export async function runAll(
  tasks: readonly Task[],
  workers: number,
  tell: (report: ScopeReport) => void,
): Promise<readonly ScopeReport[]> {
  const reports = new Map<Task, ScopeReport>();
  const queue = [...tasks];
  const work = async (): Promise<void> => {
    const thread = new SearchThread(new URL('./worker.js', import.meta.url));
    try {
      for (let task = takeNext(queue, null); task !== null; task = takeNext(queue, task)) {
        const report = await thread.run(task);
        reports.set(task, report);
        tell(report);
      }
    } finally {
      await thread.close();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return tasks.flatMap((task) => reports.get(task) ?? []);
}

/** Takes a task that asks the same of its cores as the last one: a thread knows that already. */
function takeNext(queue: Task[], last: Task | null): Task | null {
  const alike = last === null ? -1 : queue.findIndex((task) => kindOf(task) === kindOf(last));
  return queue.splice(Math.max(0, alike), 1)[0] ?? null;
}

function kindOf(task: Task): string {
  if (task.task === 'golden') return task.task;
  const scope = scopes.find(({ name }) => name === task.name);
  return scope === undefined ? task.name : JSON.stringify(coreScopeOf(scope));
}

/** Runs a task in a thread of the copy of the project that `worker` belongs to. */
export async function inThread(task: Task, worker: URL): Promise<ScopeReport> {
  const thread = new SearchThread(worker);
  try {
    return await thread.run(task);
  } finally {
    await thread.close();
  }
}

/** A thread that runs one task after another. */
class SearchThread {
  readonly #thread: Worker;

  constructor(worker: URL) {
    const resourceLimits = { maxOldGenerationSizeMb: 8_192 };
    this.#thread = new Worker(worker, { resourceLimits });
  }

  run(task: Task): Promise<ScopeReport> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number): void => {
        reject(new Error(`A search ended with code ${code}`));
      };
      this.#thread.once('error', reject);
      this.#thread.once('exit', onExit);
      this.#thread.once('message', (report: ScopeReport) => {
        this.#thread.off('error', reject);
        this.#thread.off('exit', onExit);
        resolve(report);
      });
      this.#thread.postMessage(task);
    });
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }
}
