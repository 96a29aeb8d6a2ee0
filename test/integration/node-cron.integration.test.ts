/**
 * Jobs of the real node-cron, in five processes whose clocks are up to two seconds apart: each fire
 * is run once.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { freePorts } from '../harness/free-ports.ts';

const offsetsMs = [0, -1_100, 900, -400, 350];
const runMs = 6_000;
const instances: ChildProcess[] = [];

afterEach(() => {
  for (const instance of instances.splice(0)) instance.kill();
});

type Told = { readonly ready: string } | { readonly job: string; readonly at: string };

test('each fire of a job is run by one of five instances with skewed clocks', async () => {
  const program = new URL('../../dist/test/integration/cron-instance.js', import.meta.url);
  const ports = (await freePorts(offsetsMs.length)).join(',');
  const runs = new Map<string, number>();
  const ready = offsetsMs.map((offsetMs, at) => {
    const instance = fork(program, ['abcde'.charAt(at), ports, String(offsetMs)]);
    instances.push(instance);
    return new Promise<void>((resolve, reject) => {
      instance.once('exit', (code) => reject(new Error(`An instance ended with code ${code}`)));
      instance.on('message', (told: Told) => {
        if ('ready' in told) resolve();
        else runs.set(`${told.job} ${told.at}`, (runs.get(`${told.job} ${told.at}`) ?? 0) + 1);
      });
    });
  });
  await Promise.all(ready);
  // From when the slowest clock comes to its first whole second on, all are asked for each fire.
  const fromMs = Date.now() + Math.max(...offsetsMs) + 1_000;
  await sleep(runMs);
  const untilMs = Date.now() + Math.min(...offsetsMs) - 1_000;
  const slots: string[] = [];
  for (let ms = Math.ceil(fromMs / 1_000) * 1_000; ms < untilMs; ms += 1_000) {
    slots.push(new Date(ms).toISOString());
  }
  expect(slots.length).toBeGreaterThanOrEqual(2);
  const jobs = slots.flatMap((slot) => [`coordinated ${slot}`, `single ${slot}`]);
  expect(jobs.map((job) => [job, runs.get(job) ?? 0])).toEqual(jobs.map((job) => [job, 1]));
  expect([...runs.values()].filter((count) => count > 1)).toEqual([]);
}, 60_000);
