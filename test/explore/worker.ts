/**
 * A thread that searches scopes: its own copy of the project, so that a copy with a planted bug
 * searches itself.
 */

import { parentPort } from 'node:worker_threads';
import { runTask, type Task } from './run-scope.ts';

parentPort?.on('message', (task: Task) => parentPort?.postMessage(runTask(task)));
