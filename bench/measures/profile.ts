/**
 * Profiles the client of a mesh of three, which is also one of its voters: `node --cpu-prof`, once
 * for each of the measures that matter most. The first second is not told of.
 */

import { mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { Children } from '../children.ts';
import { clockMs } from '../clock.ts';
import { startMesh } from '../mesh.ts';
import { type CpuProfile, selfTimes } from '../profile.ts';
import type { Running } from '../running.ts';
import { measureContention } from './contention.ts';
import { measurePairs } from './pairs.ts';
import type { Span } from './span.ts';

const forMs = 5_000;
const compileMs = 1_000;
const functionsShown = 25;

const measures: Readonly<Record<string, (mesh: Running) => Promise<unknown>>> = {
  sequential: (mesh) => measurePairs(mesh, { claims: 1, forMs }),
  in64: (mesh) => measurePairs(mesh, { claims: 64, forMs }),
  contended: (mesh) => measureContention(mesh, { contenders: 8, forMs, warmUpMs: 0 }),
  waiters: (mesh) => measureContention(mesh, { contenders: 1_000, forMs, warmUpMs: 0 }),
};

/** Writes the profiles to `folder`, and says which functions take most of the time. */
export async function profileClient(folder: string, say: (line: string) => void): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [name, measure] of Object.entries(measures)) {
    const path = resolve(folder, `${name}.cpuprofile`);
    const part = await profile(path, measure);
    say(`\n${path}, by own time:`);
    const read: CpuProfile = JSON.parse(readFileSync(path, 'utf8'));
    for (const { place, share } of selfTimes(read, part).slice(0, functionsShown)) {
      say(`  ${(100 * share).toFixed(1).padStart(5)} %  ${place}`);
    }
  }
}

/** Returns the part of the profile that counts. */
async function profile(path: string, measure: (mesh: Running) => Promise<unknown>): Promise<Span> {
  const children = new Children();
  const target = [`--cpu-prof-dir=${dirname(path)}`, `--cpu-prof-name=${basename(path)}`];
  const flags = ['--cpu-prof', '--cpu-prof-interval=200', ...target];
  try {
    const mesh = await startMesh(children, { voters: 3, nodeFlags: flags });
    const fromMs = clockMs() + compileMs;
    await measure(mesh);
    const untilMs = clockMs();
    // It writes the profile as it ends.
    await mesh.clients[0]?.close();
    return { fromMs, untilMs };
  } finally {
    await children.end();
  }
}
