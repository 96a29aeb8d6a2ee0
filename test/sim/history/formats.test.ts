/**
 * Histories as text: read, written, and written for other checkers.
 */

import { describe, expect, test } from 'vitest';
import { toJepsen } from '../../../src/sim/history/jepsen.ts';
import { formatHistory, parseHistory } from '../../../src/sim/history/ndjson.ts';
import type { HistoryOperation } from '../../../src/sim/history/operation.ts';
import { toPorcupine } from '../../../src/sim/history/porcupine.ts';

const history: readonly HistoryOperation[] = [
  { client: 'a', op: 'acquire', names: ['x'], call: 0, return: 2, result: 'ok', token: 7 },
  { client: 'b', op: 'try', names: ['x'], call: 1, return: 4, result: 'busy' },
  { client: 'a', op: 'look', names: ['x'], call: 5, return: 5, result: 'held' },
  { client: 'c', op: 'acquire', names: ['x'], call: 6, return: null, result: 'unknown' },
  { client: 'a', op: 'lost', names: ['x'], call: 7, return: 9, result: 'ok' },
];

describe('parseHistory()', () => {
  test('reads what formatHistory() writes', () => {
    expect(parseHistory(formatHistory(history))).toEqual(history);
  });

  test('leaves out a byte order mark', () => {
    expect(parseHistory(`\uFEFF${formatHistory(history)}`)).toEqual(history);
  });

  test('leaves out empty lines, and counts them', () => {
    const text = `\n${formatHistory(history.slice(0, 1))}\n\r\n{"client":1}\n`;
    expect(() => parseHistory(text)).toThrow(
      'Cannot read history: line 5: client must be text, received 1',
    );
  });

  const good = { client: 'a', op: 'try', names: ['x'], call: 1, return: 2, result: 'ok' };
  const faults: readonly (readonly [Record<string, unknown>, string])[] = [
    [
      { op: 'steal' },
      'op must be one of acquire, try, downgrade, release, lost, look, received "steal"',
    ],
    [{ names: [] }, 'names must be a list of one name or more, each a text or an object with'],
    [{ names: ['x', { name: 'x' }] }, 'names must be different from each other'],
    [{ names: [{ name: 'x', mode: 'both' }] }, 'mode must be exclusive or shared, received "both"'],
    [{ mode: 'both' }, 'mode must be exclusive or shared, received "both"'],
    [{ call: '1' }, 'call must be a number, received "1"'],
    [{ return: 0 }, 'return must be at least 1, the call, received 0'],
    [{ return: 'soon' }, 'return must be a number, or null, received "soon"'],
    [{ return: null }, 'result must be unknown without a return, received "ok"'],
    [{ result: 'held' }, 'result must be one of ok, busy, timeout, failed, unknown for try'],
    [{ op: 'release', token: 3 }, 'token must be of a grant only, received 3'],
    [{ token: 'x' }, 'token must be a whole number, at most 2^53 - 1, received "x"'],
    [{ token: 1.5 }, 'token must be a whole number, at most 2^53 - 1, received 1.5'],
    [
      { token: 2 ** 53 },
      'token must be a whole number, at most 2^53 - 1, received 9007199254740992',
    ],
    [{ permits: 0 }, 'permits must be a whole number from 1, received 0'],
    [{ hold: 1 }, 'hold must be text, received 1'],
  ];

  test.each(faults)('refuses %j', (fields, message) => {
    const text = `${JSON.stringify(good)}\n${JSON.stringify({ ...good, ...fields })}\n`;
    expect(() => parseHistory(text)).toThrow(`Cannot read history: line 2: ${message}`);
  });

  test('refuses what is no JSON, or no object', () => {
    expect(() => parseHistory('{"client"')).toThrow(
      'Cannot read history: line 1 must be a JSON object, received {"client"',
    );
    expect(() => parseHistory('[]')).toThrow('line 1: must be an object, received []');
  });
});

describe('toJepsen()', () => {
  test('writes the operations of a mutex', () => {
    expect(toJepsen(history)).toBe(`\
{:process 0, :type :invoke, :f :acquire, :value {:client 1}, :time 0, :index 0}
{:process 1, :type :invoke, :f :acquire, :value {:client 2}, :time 1, :index 1}
{:process 0, :type :ok, :f :acquire, :value {:client 1, :fence 7}, :time 2, :index 2}
{:process 1, :type :fail, :f :acquire, :value {:client 2}, :time 4, :index 3}
{:process 1, :type :invoke, :f :acquire, :value {:client 3}, :time 6, :index 4}
{:process 0, :type :invoke, :f :release, :value {:client 1}, :time 7, :index 5, :lost true}
{:process 1, :type :info, :f :acquire, :value {:client 3}, :time 9, :index 6}
{:process 0, :type :ok, :f :release, :value {:client 1}, :time 9, :index 7, :lost true}
`);
  });

  test('writes those of a register', () => {
    const lines = toJepsen(history, { model: 'cas-register' }).split('\n');
    expect(lines[0]).toContain(':f :cas, :value [nil 1], :time 0');
    expect(lines[4]).toContain(':type :invoke, :f :read, :value nil, :time 5');
    expect(lines[5]).toContain(':type :ok, :f :read, :value 1, :time 5');
    expect(lines.at(-2)).toContain(':type :ok, :f :cas, :value [1 nil], :time 9');
  });

  test('names the name, where there are several', () => {
    const two = [...history.slice(0, 1), { ...history[1], names: ['y "z"'] } as HistoryOperation];
    expect(toJepsen(two)).toContain(':value ["y \\"z\\"" {:client 2}]');
  });

  test('gives no process two things to do at once, and none after one without an answer', () => {
    const busy = Array.from({ length: 40 }, (_, index): HistoryOperation => {
      const isLost = index % 7 === 0;
      return {
        ...{ client: `c${index % 3}`, op: 'acquire', names: ['x'], hold: `${index}` },
        ...{ call: index, return: isLost ? null : index + 3 },
        result: isLost ? 'unknown' : 'timeout',
      };
    });
    const open = new Set<string>();
    const dead = new Set<string>();
    for (const line of toJepsen(busy).trim().split('\n')) {
      const [, process = '', type = ''] = /:process (\d+), :type :(\w+)/.exec(line) ?? [];
      expect(dead.has(process)).toBe(false);
      expect(open.has(process)).toBe(type !== 'invoke');
      if (type === 'invoke') open.add(process);
      else open.delete(process);
      if (type === 'info') dead.add(process);
    }
    expect(dead.size).toBeGreaterThan(3);
  });

  test('refuses what no model of Jepsen knows', () => {
    const [first] = history;
    for (const [odd, what] of [
      [{ mode: 'shared' }, 'is shared'],
      [{ names: ['x', 'y'] }, 'is of several names'],
      [{ permits: 2 }, 'takes several permits'],
    ] as const) {
      expect(() => toJepsen([{ ...first, ...odd } as HistoryOperation])).toThrow(
        `Cannot export history: operation 1 ${what}, which no model of Jepsen knows`,
      );
    }
  });
});

describe('toPorcupine()', () => {
  test('writes a line for each operation, and lets all return', () => {
    const lines = toPorcupine(history).trim().split('\n');
    const [first, , , open] = lines.map((line) => JSON.parse(line));
    expect(first).toEqual({
      ClientId: 0,
      Input: {
        ...{ op: 'acquire', names: [{ name: 'x', mode: 'exclusive' }] },
        ...{ hold: 1, permits: 1, client: 'a' },
      },
      Call: 0,
      Output: { result: 'ok', token: 7 },
      Return: 2,
    });
    expect(open).toMatchObject({ Call: 6, Output: { result: 'unknown', token: null }, Return: 10 });
  });

  test('tells a token of 0 from none', () => {
    const [first] = history;
    const { token: _, ...bare } = first as HistoryOperation;
    const tokens = [{ ...bare, token: 0 }, bare].map((operation) => {
      return JSON.parse(toPorcupine([operation])).Output;
    });
    expect(tokens).toEqual([
      { result: 'ok', token: 0 },
      { result: 'ok', token: null },
    ]);
  });

  test('says that it cannot export what is malformed', () => {
    const odd = [{ ...history[0], token: 0.5 } as HistoryOperation];
    expect(() => toPorcupine(odd)).toThrow('Cannot export history: operation 1: token must be');
    expect(() => toJepsen(odd)).toThrow('Cannot export history: operation 1: token must be');
  });

  test('writes whole numbers only', () => {
    const [first] = history;
    const odd = [{ ...first, call: 0.25, return: 0.5 } as HistoryOperation];
    expect(JSON.parse(toPorcupine(odd))).toMatchObject({ Call: 0, Return: 1 });
  });
});
