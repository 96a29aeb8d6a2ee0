/**
 * The loop of a world: one turn after the other, each with all that follows from it.
 */

import { describe, expect, test } from 'vitest';
import { Effects } from '../../src/sim/effects.ts';
import { Kernel, tasksAtOnceMax } from '../../src/sim/kernel.ts';
import { latencies } from '../../src/sim/latency.ts';
import { Machine } from '../../src/sim/machine.ts';
import { Network } from '../../src/sim/network.ts';
import { Process } from '../../src/sim/process.ts';
import { Stream } from '../../src/sim/random.ts';

const hour = 3_600_000_000;

function later(kernel: Kernel, atUs: number, run: () => void): void {
  kernel.add({ atUs, kind: 'fault', actor: null, detail: `at ${atUs}`, run });
}

function processOn(kernel: Kernel): Process {
  const clock = { offsetMs: 0, driftPpm: 0, startUs: 0 };
  const effects = new Effects();
  const network = new Network({ kernel, effects, seed: 1, latency: latencies.local });
  return new Process({
    kernel,
    machine: new Machine(kernel, 'a', clock),
    disk: null,
    watcher: { onStep() {} },
    chance: Stream.of(1, 'test'),
    transportOf: (process) => network.transport(process, 'ws://a:1'),
  });
}

describe('Kernel.run()', () => {
  test('jumps from task to task, and ends when nothing is left', async () => {
    const kernel = new Kernel();
    const seen: number[] = [];
    for (const at of [30, 10, hour]) later(kernel, at, () => seen.push(kernel.nowUs));
    expect(await kernel.run(() => false, 2 * hour)).toBe('nothing-left');
    expect(seen).toEqual([10, 30, hour]);
  });

  test('ends at its limit of time, and when it is over', async () => {
    const kernel = new Kernel();
    later(kernel, 10, () => {});
    later(kernel, 20, () => {});
    expect(await kernel.run(() => kernel.nowUs === 10, hour)).toBeNull();
    expect(await kernel.run(() => false, 15)).toBe('time-limit');
  });

  test('ends where time stands still, and not where it only passes slowly', async () => {
    const circle = async (stepUs: number): Promise<{ halt: unknown; tasks: number }> => {
      const kernel = new Kernel();
      const again = (): void => later(kernel, kernel.nowUs + stepUs, again);
      again();
      const halt = await kernel.run(() => kernel.taskCount > tasksAtOnceMax, hour);
      return { halt, tasks: kernel.taskCount };
    };
    expect(await circle(0)).toEqual({ halt: 'standstill', tasks: tasksAtOnceMax });
    expect(await circle(1)).toEqual({ halt: null, tasks: tasksAtOnceMax + 1 });
  });

  test('lets all microtasks of a turn run before the next task, however deep', async () => {
    const kernel = new Kernel();
    const seen: string[] = [];
    later(kernel, 1, () => {
      kernel.noteMicrotasks();
      void (async () => {
        for (let depth = 0; depth < 100; depth += 1) await null;
        seen.push('microtask');
      })();
    });
    later(kernel, 1, () => seen.push('next'));
    await kernel.run(() => false, hour);
    expect(seen).toEqual(['microtask', 'next']);
  });

  test('ends turns after the microtasks, and before the next task', async () => {
    const kernel = new Kernel();
    const process = processOn(kernel);
    const seen: string[] = [];
    later(kernel, 1, () => {
      process.endOfTurn(() => seen.push('end of turn'));
      kernel.noteMicrotasks();
      void Promise.resolve().then(() => seen.push('microtask'));
    });
    later(kernel, 1, () => seen.push('next'));
    await kernel.run(() => false, hour);
    expect(seen).toEqual(['microtask', 'end of turn', 'next']);
  });

  test('hashes what happens, where, and when', async () => {
    const hashOf = async (at: number, detail: string): Promise<string> => {
      const kernel = new Kernel();
      kernel.add({ atUs: at, kind: 'fault', actor: null, detail, run() {} });
      await kernel.run(() => false, hour);
      return kernel.hash.digest;
    };
    expect(await hashOf(1, 'x')).toBe(await hashOf(1, 'x'));
    expect(await hashOf(1, 'x')).not.toBe(await hashOf(2, 'x'));
    expect(await hashOf(1, 'x')).not.toBe(await hashOf(1, 'y'));
  });

  test('keeps the latest tasks, in order, and a hash of each thousand', async () => {
    const kernel = new Kernel();
    for (let at = 1; at <= 2_500; at += 1) later(kernel, at, () => {});
    await kernel.run(() => false, hour);
    const recent = kernel.recent().map(({ atUs }) => atUs);
    expect(recent).toHaveLength(1_024);
    expect(recent.at(0)).toBe(2_500 - 1_023);
    expect(recent.at(-1)).toBe(2_500);
    expect(new Set(kernel.checkpoints).size).toBe(2);
  });
});

describe('a process', () => {
  test('whose machine is paused gets its timers late, in one burst, in order', async () => {
    const kernel = new Kernel();
    const process = processOn(kernel);
    const seen: string[] = [];
    for (const ms of [30, 10, 20]) {
      process.setTimer(ms, () => seen.push(`${ms} at ${kernel.nowUs / 1_000}`));
    }
    later(kernel, 5_000, () => process.machine.pause());
    later(kernel, 90_000, () => process.machine.resume());
    await kernel.run(() => false, hour);
    expect(seen).toEqual(['10 at 90', '20 at 90', '30 at 90']);
  });

  test('that is slow takes one turn after the other, and none overtakes', async () => {
    const kernel = new Kernel();
    const process = processOn(kernel);
    process.machine.turnCostUs = 10_000;
    const seen: string[] = [];
    for (const ms of [1, 2, 3, 11, 12]) {
      process.setTimer(ms, () => seen.push(`${ms} at ${kernel.nowUs / 1_000}`));
    }
    await kernel.run(() => false, hour);
    expect(seen).toEqual(['1 at 1', '2 at 11', '3 at 21', '11 at 31', '12 at 41']);
  });

  test('on a suspended machine finds its timers as far off as before', async () => {
    const kernel = new Kernel();
    const process = processOn(kernel);
    const seen: number[] = [];
    process.setTimer(10, () => seen.push(kernel.nowUs / 1_000));
    later(kernel, 4_000, () => {
      process.machine.clock.freeze(kernel.nowUs);
      process.machine.pause();
    });
    later(kernel, 104_000, () => {
      process.machine.clock.thaw(kernel.nowUs);
      process.onClockChange();
      process.machine.resume();
    });
    await kernel.run(() => false, hour);
    expect(seen).toEqual([110]);
  });

  test('that has died does nothing any more', async () => {
    const kernel = new Kernel();
    const process = processOn(kernel);
    const seen: string[] = [];
    process.setTimer(10, () => seen.push('timer'));
    process.endOfTurn(() => seen.push('end of turn'));
    process.die();
    expect(await kernel.run(() => false, hour)).toBe('nothing-left');
    expect(seen).toEqual([]);
  });

  test('a cancelled timer does not ring, not even one that waited in line', async () => {
    const kernel = new Kernel();
    const process = processOn(kernel);
    const seen: string[] = [];
    const second = process.setTimer(2, () => seen.push('second'));
    process.setTimer(1, () => {
      seen.push('first');
      second.cancel();
    });
    process.machine.pause();
    later(kernel, 9_000, () => process.machine.resume());
    await kernel.run(() => false, hour);
    expect(seen).toEqual(['first']);
  });
});
