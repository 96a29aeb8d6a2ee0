/** One thread of `npm run walks`. */

import { parentPort, workerData } from 'node:worker_threads';
import { takeWalks } from './walks.ts';

parentPort?.postMessage(takeWalks(workerData));
