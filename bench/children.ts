/**
 * All processes that a run starts, and the folder that their data is in: none outlives the run,
 * however it ends.
 */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How long an orderly end may take, in milliseconds. */
const patienceMs = 3_000;

/** What is told to a process for it to end at once, and to leave nothing behind. */
interface Child {
  readonly process: ChildProcess;
  readonly signal: NodeJS.Signals;
}

export class Children {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'lockmesh-bench-'));
  readonly #children = new Set<Child>();

  readonly #onExit = (): void => {
    for (const { process: each, signal } of this.#children) each.kill(signal);
    rmSync(this.folder, { recursive: true, force: true });
  };

  constructor() {
    process.once('exit', this.#onExit);
  }

  add(child: ChildProcess, signal: NodeJS.Signals): void {
    const entry = { process: child, signal };
    this.#children.add(entry);
    child.once('exit', () => this.#children.delete(entry));
  }

  /** Ends them all, and removes the folder. */
  async end(): Promise<void> {
    await Promise.all([...this.#children].map(endChild));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    if (this.#children.size === 0) process.off('exit', this.#onExit);
  }
}

async function endChild({ process: child, signal }: Child): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await exited;
  clearTimeout(timer);
}

export function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
