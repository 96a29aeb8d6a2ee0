/**
 * A thread that searches one scope: its own copy of the project, so that a copy with a planted bug
 * searches itself.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { runTask } from './run-scope.ts';

parentPort?.postMessage(runTask(workerData));
