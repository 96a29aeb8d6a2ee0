/**
 * The guards of a simulated run: what the error says, how far a run reaches, and that nothing is
 * left of it once they are undone.
 */

import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { guardedNames } from '../../src/sim/guarded-names.ts';
import { installGuards, runGuarded, runUnguarded } from '../../src/sim/guards.ts';
import { RealWorldError } from '../../src/sim/real-world-error.ts';
import { outcomeOf, refusal } from '../harness/refusals.ts';

let undo = () => {};

beforeEach(() => {
  undo = installGuards();
});

afterEach(() => {
  undo();
});

describe('the error', () => {
  test('says what was called, what to use and where', () => {
    const line = lineOf(new Error()) + 1;
    const error = refusal(() => Math.random());
    expect(error.code).toBe('ERR_SIM_REAL_WORLD');
    expect(error.name).toBe('RealWorldError');
    expect(error.callSite).toMatch(new RegExp(`^test/sim/guards\\.test\\.ts:${line}:\\d+$`));
    expect(error.message).toBe(
      'Cannot call Math.random in a simulation: use random() of the program, or sim.random, ' +
        `called at ${error.callSite}`,
    );
  });

  test('has a stack that begins with the caller', () => {
    function roll(): number {
      return Math.random();
    }
    const [title, first] = refusal(roll).stack?.split('\n') ?? [];
    expect(title).toMatch(/^RealWorldError: Cannot call Math\.random/);
    expect(first).toMatch(/^ +at roll \(.*guards\.test\.ts:\d+:\d+\)$/);
  });

  test('names the place that hands a function on', () => {
    const error = refusal(() => [1].map(Math.random));
    expect(error.callSite).toContain('guards.test.ts');
  });

  test('says so when nobody but Node called', async () => {
    const error: unknown = await runGuarded(() => {
      return new Promise((resolve) => Promise.resolve().then(Math.random).catch(resolve));
    });
    expect(error).toBeInstanceOf(RealWorldError);
    expect(error).toMatchObject({ callSite: null });
    expect(String(error)).toContain('called by Node itself');
  });

  test('stands in the record though the caller swallowed it', () => {
    const heard: RealWorldError[] = [];
    const rolled = runGuarded(
      () => {
        try {
          return Math.random();
        } catch {
          return 0.5;
        }
      },
      (error) => heard.push(error),
    );
    expect(rolled).toBe(0.5);
    expect(heard.map((error) => error.call)).toEqual(['Math.random']);
  });
});

describe('a run', () => {
  test('gives what its body gives, and throws what it throws', () => {
    expect(runGuarded(() => 7)).toBe(7);
    expect(() => runGuarded(() => JSON.parse('{'))).toThrow(SyntaxError);
  });

  test('reaches all that is started in it, and nothing else', async () => {
    const outcomes = await runGuarded(async () => {
      await Promise.resolve();
      const afterAwait = outcomeOf(() => Math.random());
      const inMicrotask = await new Promise((resolve) => {
        queueMicrotask(() => resolve(outcomeOf(() => Date.now())));
      });
      const inTick = await new Promise((resolve) => {
        process.nextTick(() => resolve(outcomeOf(() => Date.now())));
      });
      await runUnguarded(() => nextTurn());
      return [afterAwait, inMicrotask, inTick, outcomeOf(() => Math.random())];
    });
    expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect(outcomeOf(() => Math.random())).toBe('allowed');
  });

  test('is left by runUnguarded, for all that is started there', async () => {
    const outcomes = await runGuarded(async () => {
      const away = runUnguarded(async () => {
        const first = outcomeOf(() => Date.now());
        await sleep(1);
        return [first, outcomeOf(() => Date.now())];
      });
      const here = outcomeOf(() => Date.now());
      return [...(await away), here, outcomeOf(() => Date.now())];
    });
    expect(outcomes).toEqual(['allowed', 'allowed', 'refused', 'refused']);
  });

  test('within a run tells its own listener, or else that of the outer one', () => {
    const outer: string[] = [];
    const inner: string[] = [];
    runGuarded(
      () => {
        runGuarded(
          () => outcomeOf(() => Math.random()),
          (error) => inner.push(error.call),
        );
        runGuarded(() => outcomeOf(() => Date.now()));
        outcomeOf(() => performance.now());
      },
      (error) => outer.push(error.call),
    );
    expect(inner).toEqual(['Math.random']);
    expect(outer).toEqual(['Date.now', 'performance.now']);
  });

  test('beside another keeps its own record, and the world beside both goes on', async () => {
    const run = async (call: () => unknown): Promise<readonly string[]> => {
      const heard: string[] = [];
      const turns = async () => {
        for (let turn = 0; turn < 10; turn += 1) {
          outcomeOf(call);
          await runUnguarded(() => nextTurn());
        }
      };
      await runGuarded(turns, (error) => heard.push(error.call));
      return heard;
    };
    const world = async () => {
      const outcomes = new Set<string>();
      for (let turn = 0; turn < 10; turn += 1) {
        outcomes.add(outcomeOf(() => Math.random()));
        outcomes.add(outcomeOf(() => Date.now()));
        await sleep(1);
      }
      return [...outcomes];
    };
    const [dice, clock, outside] = await Promise.all([
      run(() => Math.random()),
      run(() => Date.now()),
      world(),
    ]);
    expect(new Set(dice)).toEqual(new Set(['Math.random']));
    expect(new Set(clock)).toEqual(new Set(['Date.now']));
    expect([dice.length, clock.length]).toEqual([10, 10]);
    expect(outside).toEqual(['allowed']);
  });

  test('without guards would guard nothing, and is refused', () => {
    undo();
    const message = 'Cannot run guarded: no guards are installed';
    expect(() => runGuarded(() => 7)).toThrow(message);
  });
});

describe('the undo', () => {
  test('leaves every property as it was', () => {
    undo();
    const before = properties();
    const random = Math.random;
    const undoThis = installGuards();
    expect(Math.random).not.toBe(random);
    expect(properties()).not.toEqual(before);
    undoThis();
    expect(Math.random).toBe(random);
    const after = properties();
    expect(after.length).toBe(before.length);
    for (const [index, each] of before.entries()) {
      expect(isSame(after[index]?.descriptor, each.descriptor), each.property).toBe(true);
    }
  });

  test('of the last of several takes the guards away, and each counts once', () => {
    const undoSecond = installGuards();
    undo();
    undo();
    expect(outcomeOf(() => runGuarded(() => Math.random()))).toBe('refused');
    undoSecond();
    expect(() => runGuarded(() => 7)).toThrow('no guards');
  });

  test('leaves the fakes of a test in their place', () => {
    undo();
    const { random } = Math;
    undo = installGuards();
    const fake = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    undo();
    expect(Math.random()).toBe(0.5);
    // The fake gives back what it found, a guard. Those that come next take it for their own.
    fake.mockRestore();
    undo = installGuards();
    expect(refusal(() => Math.random()).call).toBe('Math.random');
    undo();
    expect(Math.random).toBe(random);
  });

  test('leaves what a run has left behind to itself', async () => {
    let late = Promise.resolve('');
    runGuarded(() => {
      late = runUnguarded(() => nextTurn()).then(() => outcomeOf(() => Math.random()));
    });
    undo();
    expect(await late).toBe('allowed');
  });
});

function lineOf(error: Error): number {
  return Number(/guards\.test\.ts:(\d+)/.exec(error.stack ?? '')?.[1]);
}

interface Property {
  readonly property: string;
  readonly descriptor: PropertyDescriptor | undefined;
}

/** All that the guards replace, as it stands. */
function properties(): readonly Property[] {
  const names = [
    ...guardedNames(),
    { owner: globalThis, property: 'Date' },
    { owner: Date, property: 'now' },
    { owner: Date.prototype, property: 'constructor' },
  ];
  return names.map(({ owner, property }) => {
    const parent: object = Object.getPrototypeOf(owner);
    const holder = Object.hasOwn(owner, property) ? owner : parent;
    return { property, descriptor: Object.getOwnPropertyDescriptor(holder, property) };
  });
}

function isSame(a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean {
  const keys = ['value', 'get', 'set', 'writable', 'enumerable', 'configurable'] as const;
  return keys.every((key) => a?.[key] === b?.[key]);
}
