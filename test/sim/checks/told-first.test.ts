/**
 * Loss is told first: to the core's driver in time, to the application at once.
 */

import { describe, expect, test } from 'vitest';
import type { Lock } from '../../../src/peer/lock.ts';
import { type LossTeller, ToldFirst } from '../../../src/sim/checks/told-first.ts';
import { MadeUp } from './made-up.ts';

function madeUp(): MadeUp {
  return new MadeUp((setup, books) => new ToldFirst(setup, books, () => null));
}

/** a holds x, and has been invalid for a while when b is granted it. */
function lapsed(it: MadeUp): MadeUp {
  return it.ask('a', 1).ask('b', 1).grant('a', 1, { validForMs: 0 }).pass(500);
}

describe('ToldFirst, before another claim is granted,', () => {
  test('finds a loss that was not told', () => {
    const it = lapsed(madeUp()).grant('b', 1);
    expect(it.found).toHaveLength(1);
    expect(it.found[0]).toMatch(/b's claim 1 .* before it, a's claim 1 on x, .* lost and not told/);
  });

  test('is content when it was told', () => {
    expect(lapsed(madeUp()).lose('a', 1).grant('b', 1).found).toEqual([]);
  });

  test('excuses who stands still', () => {
    const it = lapsed(madeUp());
    it.host('a').machine.pause();
    expect(it.grant('b', 1).found).toEqual([]);
  });

  test('excuses who stood still since its last step, and nobody for what was before', () => {
    const it = madeUp().ask('a', 1).ask('b', 1).ask('c', 1).grant('a', 1, { validForMs: 0 });
    const { machine } = it.host('a');
    machine.pause();
    it.pass(100).turn();
    machine.resume();
    it.pass(100).turn().grant('b', 1).release('b', 1);
    expect(it.found).toEqual([]);
    it.step('a', { type: 'wake' }).pass(1).grant('c', 1);
    expect(it.found).toHaveLength(1);
  });

  test('leaves two holders to another', () => {
    expect(madeUp().ask('a', 1).ask('b', 1).grant('a', 1).grant('b', 1).found).toEqual([]);
  });
});

/** Tells of a lock as its peer would; `null`: of nothing. */
class Teller implements LossTeller {
  lock: Pick<Lock, 'token' | 'held' | 'signal'> | null = null;
  #listener: ((lock: Lock) => void) | undefined;

  on(_event: 'lost', listener: (lock: Lock) => void): this {
    this.#listener = listener;
    return this;
  }

  tell(token: number, held: boolean, signal: AbortSignal): void {
    const lock = { token, held, signal };
    this.#listener?.(Object.assign(Object.create(null), lock));
  }
}

describe('ToldFirst, when a core has told a loss,', () => {
  /** a holds x with token 5, and loses it; `tell` is what its peer does in the same turn. */
  function lost(tell: (teller: Teller) => void): MadeUp {
    const teller = new Teller();
    const it = new MadeUp((setup, books) => {
      const checker = new ToldFirst(setup, books, () => teller);
      return {
        onStep: (seen) => {
          checker.onStep(seen);
          if (seen.step.outputs.some(({ type }) => type === 'lost')) tell(teller);
        },
        onTurn: () => checker.onTurn(),
      };
    });
    return it.ask('a', 1).grant('a', 1, { token: 5 }).lose('a', 1);
  }

  test('finds an application that is not told', () => {
    expect(lost(() => {}).found[0]).toMatch(/was lost, and its application was not told/);
  });

  test('is content when the lock is not held and its signal has aborted', () => {
    expect(lost((teller) => teller.tell(5, false, AbortSignal.abort())).found).toEqual([]);
  });

  test('finds a lock that still says that it is held', () => {
    const { found } = lost((teller) => teller.tell(5, true, AbortSignal.abort()));
    expect(found[0]).toMatch(/its lock still says that it is held/);
  });

  test('finds a signal that has not aborted', () => {
    const { signal } = new AbortController();
    const { found } = lost((teller) => teller.tell(5, false, signal));
    expect(found[0]).toMatch(/its signal has not aborted/);
  });

  test('expects nothing of a lock that was let go in the same turn', () => {
    const teller = new Teller();
    const it = new MadeUp((setup, books) => {
      const checker = new ToldFirst(setup, books, () => teller);
      return { onStep: (seen) => checker.onStep(seen) };
    });
    it.ask('a', 1).grant('a', 1).lose('a', 1).release('a', 1).turn();
    expect(it.found).toEqual([]);
  });
});
