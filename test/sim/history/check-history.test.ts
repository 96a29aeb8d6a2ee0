/**
 * What the models allow and forbid, and what people are told of it.
 */

import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../../src/sim/history/check-history.ts';
import type { HistoryModelName } from '../../../src/sim/history/lock-rules.ts';
import type { HistoryOperation } from '../../../src/sim/history/operation.ts';
import type { HistoryVerdict } from '../../../src/sim/history/verdict.ts';

type Rest = Partial<HistoryOperation>;

function operation(client: string, op: HistoryOperation['op'], rest: Rest): HistoryOperation {
  return { client, op, names: ['x'], call: 0, return: 1, result: 'ok', ...rest };
}

function grant(client: string, at: number, rest: Rest = {}): HistoryOperation {
  return operation(client, 'acquire', { call: at, return: at + 1, ...rest });
}

function release(client: string, at: number, rest: Rest = {}): HistoryOperation {
  return operation(client, 'release', { call: at, return: at + 1, ...rest });
}

function verdictOf(history: readonly HistoryOperation[], model?: HistoryModelName): string {
  return checkHistory(history, model === undefined ? {} : { model }).verdict;
}

function illegal(verdict: HistoryVerdict): Extract<HistoryVerdict, { verdict: 'illegal' }> {
  if (verdict.verdict !== 'illegal') throw new Error(`Cannot look: it is ${verdict.verdict}`);
  return verdict;
}

describe('exclusive', () => {
  test('allows one after the other, and none beside', () => {
    const first = [grant('a', 0), release('a', 4)];
    expect(verdictOf([...first, grant('b', 6)])).toBe('ok');
    expect(verdictOf([...first, grant('b', 2)])).toBe('illegal');
  });

  test('lets a grant that took long be made at its end', () => {
    expect(verdictOf([grant('a', 0), release('a', 4), grant('b', 0, { return: 9 })])).toBe('ok');
  });

  test('knows no reentrance', () => {
    expect(verdictOf([grant('a', 0), grant('a', 2)])).toBe('illegal');
  });

  test('needs a hold for a release, and its absence for one that found none', () => {
    expect(verdictOf([release('a', 0)])).toBe('illegal');
    expect(verdictOf([release('a', 0, { result: 'gone' })])).toBe('ok');
    expect(verdictOf([grant('a', 0), release('a', 2, { result: 'gone' })])).toBe('illegal');
  });
});

describe('a lost lock', () => {
  const lost = operation('a', 'lost', { call: 1, return: 10 });

  test('makes room for another before its holder is told', () => {
    expect(verdictOf([grant('a', 0), lost, grant('b', 4)])).toBe('ok');
  });

  test('does not, where its holder saw that it had it', () => {
    const look = operation('a', 'look', { call: 6, return: 6, result: 'held' });
    expect(verdictOf([grant('a', 0), lost, grant('b', 4), look])).toBe('illegal');
    expect(verdictOf([grant('a', 0), lost, grant('b', 4), { ...look, result: 'gone' }])).toBe('ok');
  });

  test('is not held again', () => {
    const looks = [3, 5].map((at) => {
      const result = at === 3 ? 'gone' : 'held';
      return operation('a', 'look', { call: at, return: at, result });
    });
    expect(verdictOf([grant('a', 0), lost, ...looks])).toBe('illegal');
  });
});

describe('an operation without an answer', () => {
  test('may have happened', () => {
    const asked = grant('a', 0, { return: null, result: 'unknown' });
    expect(verdictOf([asked, release('a', 5)])).toBe('ok');
    const other = [grant('b', 2), release('b', 4)];
    expect(verdictOf([asked, ...other, release('a', 9)])).toBe('ok');
    expect(verdictOf([asked, grant('b', 2), release('a', 9)])).toBe('illegal');
  });

  test('may never have', () => {
    const asked = grant('a', 0, { return: null, result: 'unknown' });
    expect(verdictOf([asked, grant('b', 2)])).toBe('ok');
  });

  test('may be the end of a hold whose process died', () => {
    const died = operation('a', 'lost', { call: 2, return: null, result: 'unknown' });
    expect(verdictOf([grant('a', 0), died, grant('b', 5)])).toBe('ok');
    expect(verdictOf([grant('a', 0), grant('b', 5)])).toBe('illegal');
  });
});

describe('fenced', () => {
  const first = [grant('a', 0, { token: 5 }), release('a', 2)];

  test('wants greater tokens, time after time', () => {
    expect(verdictOf([...first, grant('b', 4, { token: 6 })], 'fenced')).toBe('ok');
    expect(verdictOf([...first, grant('b', 4, { token: 5 })], 'fenced')).toBe('illegal');
    expect(verdictOf([...first, grant('b', 4, { token: 5 })], 'exclusive')).toBe('ok');
  });

  test('is what fits when all that was granted has a token', () => {
    expect(checkHistory(first)).toEqual({ verdict: 'ok', model: 'fenced', operations: 2 });
  });

  test('refuses a grant without one', () => {
    expect(() => checkHistory([grant('a', 0)], { model: 'fenced' })).toThrow(
      'Cannot judge history as fenced: operation 1 was granted without a token',
    );
  });
});

describe('tokens', () => {
  test('are all that counts, where leases do not', () => {
    const both = [grant('a', 0, { token: 5 }), grant('b', 2, { token: 6 })];
    expect(verdictOf(both, 'tokens')).toBe('ok');
    expect(verdictOf(both.toReversed(), 'tokens')).toBe('ok');
    expect(verdictOf([...both, grant('c', 4, { token: 4 })], 'tokens')).toBe('illegal');
  });
});

describe('shared', () => {
  const reader = (client: string, at: number, token?: number): HistoryOperation => {
    return grant(client, at, { mode: 'shared', ...(token === undefined ? {} : { token }) });
  };

  test('allows readers together, and no writer beside them', () => {
    expect(verdictOf([reader('a', 0), reader('b', 2)])).toBe('ok');
    expect(verdictOf([reader('a', 0), reader('b', 2), grant('c', 4)])).toBe('illegal');
    expect(verdictOf([grant('a', 0), reader('b', 2)])).toBe('illegal');
  });

  test('asks nothing of the tokens of readers among each other', () => {
    expect(verdictOf([reader('a', 0, 7), reader('b', 2, 3)], 'shared-fenced')).toBe('ok');
    const writer = [reader('a', 0, 7), release('a', 2), grant('b', 4, { token: 7 })];
    expect(verdictOf(writer, 'shared-fenced')).toBe('illegal');
  });
});

describe('a semaphore', () => {
  test('has so many permits', () => {
    const three = ['a', 'b', 'c'].map((client, index) => grant(client, 2 * index));
    expect(verdictOf(three, 'semaphore:3')).toBe('ok');
    expect(verdictOf(three, 'semaphore:2')).toBe('illegal');
  });

  test('counts the permits of each', () => {
    const two = [grant('a', 0, { permits: 2 }), grant('b', 2, { permits: 2 })];
    expect(verdictOf(two, 'semaphore:4')).toBe('ok');
    expect(verdictOf(two, 'semaphore:3')).toBe('illegal');
    expect(() => verdictOf(two, 'semaphore:1')).toThrow('operation 1 takes 2 permits');
  });
});

describe('a refusal', () => {
  const busy = operation('b', 'try', { call: 4, return: 6, result: 'busy' });

  test('may come for nothing, unless it is strict', () => {
    expect(checkHistory([busy]).verdict).toBe('ok');
    expect(checkHistory([busy], { strict: true }).verdict).toBe('illegal');
  });

  test('is explained by whoever had it at some moment of the call', () => {
    const before = [grant('a', 0), release('a', 2), busy];
    const meanwhile = [grant('a', 0), release('a', 5), busy];
    const timeout = [grant('a', 0), { ...busy, op: 'acquire', result: 'timeout' } as const];
    expect(checkHistory(before, { strict: true }).verdict).toBe('illegal');
    expect(checkHistory(meanwhile, { strict: true }).verdict).toBe('ok');
    expect(checkHistory(timeout, { strict: true }).verdict).toBe('ok');
  });

  test('is told with those who held what, and left it room', () => {
    const reason = 'nobody holds any of it';
    const { because, unplaced } = illegal(
      checkHistory([grant('a', 0), release('a', 2), busy], { strict: true }),
    );
    expect({ because, unplaced }).toEqual({ because: [2], unplaced: 2 });
    expect(illegal(checkHistory([busy], { strict: true })).reason).toBe(reason);
  });
});

describe('several names', () => {
  test('are judged each by itself', () => {
    expect(verdictOf([grant('a', 0), grant('b', 2, { names: ['y'] })])).toBe('ok');
  });

  test('that are locked together are had together', () => {
    const both = grant('a', 0, { names: ['x', 'y'] });
    const end = release('a', 6, { names: ['x', 'y'] });
    expect(verdictOf([both, end, grant('b', 2, { names: ['y'] })])).toBe('illegal');
    expect(verdictOf([both, end, grant('b', 2, { names: ['y'], return: 9 })])).toBe('ok');
  });
});

describe('the verdict', () => {
  test('illegal tells which operation has no place, who held what, and no more than needed', () => {
    const noise = Array.from({ length: 50 }, (_, index) => [
      grant('n', 100 + 4 * index, { token: 100 + index }),
      release('n', 102 + 4 * index),
    ]).flat();
    const history = [
      ...noise,
      grant('a', 1_000, { token: 1_000 }),
      release('a', 1_010),
      grant('b', 1_004, { token: 1_001 }),
    ];
    const found = illegal(checkHistory(history));
    expect(found).toMatchObject({ unplaced: 102, because: [100, 102] });
    expect(found.holders).toEqual([{ client: 'a', names: ['x'], operation: 100 }]);
    expect(found.message).toBe(`\
Illegal as fenced: operation 103 cannot be placed
  103: b acquire "x" (1004 to 1005): ok, token 1001
  since a holds "x" with token 1000 by operation 101, which still is held
No order of these 2 is possible:
  101: a acquire "x" (1000 to 1001): ok, token 1000
  103: b acquire "x" (1004 to 1005): ok, token 1001`);
  });

  test('illegal leaves out earlier holds of a client that asks again at once', () => {
    const turns = Array.from({ length: 20 }, (_, turn) => [
      grant('a', 4 * turn, { token: turn }),
      release('a', 4 * turn + 2, { return: 4 * turn + 4 }),
    ]).flat();
    expect(checkHistory(turns).verdict).toBe('ok');
    const stale = illegal(checkHistory([...turns, grant('b', 100, { token: 19 })]));
    expect(stale).toMatchObject({ unplaced: 40, because: [38, 39, 40] });
  });

  test('unknown tells that the budget was used up', () => {
    const open = Array.from({ length: 8 }, (_, index) => [
      grant(`c${index}`, 0, { return: null, result: 'unknown' }),
      release(`c${index}`, 0, { return: 100 + index }),
    ]).flat();
    expect(checkHistory(open).verdict).toBe('ok');
    const verdict = checkHistory(open, { budget: 200 });
    expect(verdict).toMatchObject({ verdict: 'unknown' });
    expect(verdict.verdict === 'unknown' && verdict.reason).toMatch(
      /^its budget of configurations/,
    );
  });

  test('is an error for what is no operation, or no model', () => {
    const backwards = grant('a', 5, { return: 3 });
    expect(() => checkHistory([grant('b', 0), backwards])).toThrow(
      'Cannot judge history: operation 2: return must be at least 5, the call, received 3',
    );
    const model = JSON.parse('"semaphore:0"');
    expect(() => checkHistory([], { model })).toThrow('model must be exclusive, fenced');
  });
});
