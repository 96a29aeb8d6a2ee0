/**
 * What `npm run history` says, and the codes it exits with.
 */

import { describe, expect, test } from 'vitest';
import { formatHistory } from '../../src/sim/history/ndjson.ts';
import type { HistoryOperation } from '../../src/sim/history/operation.ts';
import { historyCommand } from './command.ts';

const grant: HistoryOperation = {
  ...{ client: 'a', op: 'acquire', names: ['x'], call: 0, return: 1, result: 'ok', token: 1 },
};
const release: HistoryOperation = {
  ...{ client: 'a', op: 'release', names: ['x'], call: 2, return: 3, result: 'ok' },
};
const other: HistoryOperation = { ...grant, client: 'b', call: 4, return: 5, token: 2 };

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(history: readonly HistoryOperation[] | string, ...flags: string[]): Said {
  let [out, err] = ['', ''];
  const text = typeof history === 'string' ? history : formatHistory(history);
  const code = historyCommand(['file', ...flags], {
    read: (file) => {
      if (file === 'file') return text;
      throw new Error(`no such file: ${file}`);
    },
    out: (more) => {
      out += more;
    },
    err: (more) => {
      err += more;
    },
  });
  return { code, out, err };
}

describe('npm run history', () => {
  test('exits with 0 for a history that has an order', () => {
    expect(run([grant, release, other])).toEqual({
      ...{ code: 0, out: 'Ok as fenced: 3 operations have an order\n', err: '' },
    });
  });

  test('exits with 1 for one that has none, and says why', () => {
    const { code, out } = run([grant, other], '--model', 'exclusive', '--json');
    expect(code).toBe(1);
    expect(out).toContain('Illegal as exclusive: operation 2 cannot be placed');
    expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({
      ...{ verdict: 'illegal', unplaced: 1, because: [0, 1] },
    });
  });

  test('exits with 3 where nobody knows', () => {
    const open = Array.from({ length: 9 }, (_, index): readonly HistoryOperation[] => [
      { ...release, client: `c${index}`, op: 'acquire', call: 0, return: null, result: 'unknown' },
      { ...release, client: `c${index}`, call: 0, return: 9 },
    ]).flat();
    const { code, out } = run(open, '--budget', '50');
    expect(code).toBe(3);
    expect(out).toContain('Unknown as exclusive: its budget of configurations was used up');
  });

  test('writes for other checkers', () => {
    const { code, out } = run([grant, release], '--export', 'edn');
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(4);
    expect(run([grant, release], '--export', 'edn-cas').out).toContain(':value [nil 1]');
    expect(run([grant, release], '--export', 'porcupine').out).toContain('"ClientId":0');
  });

  test('exits with 2 for a malformed line, which it names by its number', () => {
    const { code, err } = run(`${formatHistory([grant])}{"client":"a","op":"leave"}\n`);
    expect(code).toBe(2);
    expect(err).toContain(
      'Cannot read history: line 2: op must be one of acquire, try, downgrade, release',
    );
  });

  test('exits with 2 for a history without operations, which nothing can be said of', () => {
    const refused = { code: 2, out: '', err: 'Cannot read history: it has no operations\n' };
    expect(run('\n')).toEqual(refused);
    expect(run('', '--export', 'porcupine')).toEqual(refused);
  });

  test('exits with 2 where it fails itself', () => {
    const err: string[] = [];
    const code = historyCommand(['file'], {
      read: () => formatHistory([grant]),
      out: () => {
        throw new RangeError('Invalid string length');
      },
      err: (text) => err.push(text),
    });
    expect({ code, err: err.join('') }).toEqual({
      code: 2,
      err: expect.stringContaining('Cannot go on: RangeError: Invalid string length'),
    });
  });

  test('exits with 2 for permits, of which only a semaphore knows', () => {
    const { code, err } = run([{ ...grant, permits: 2 }]);
    expect({ code, err }).toEqual({
      code: 2,
      err:
        'Cannot judge history as fenced: operation 1 takes 2 permits, of which only the model ' +
        'semaphore:N knows\n',
    });
    expect(run([{ ...grant, permits: 3 }], '--model', 'semaphore:2').err).toBe(
      'Cannot judge history as semaphore:2: operation 1 takes 3 permits, more than there are\n',
    );
  });

  test('exits with 2 for what does not fit the model', () => {
    const { code, err } = run([{ ...grant, mode: 'shared' }], '--model', 'exclusive');
    expect({ code, err }).toEqual({
      ...{ code: 2, err: 'Cannot judge history as exclusive: operation 1 is shared\n' },
    });
  });

  test.each([
    [['--model', 'mutex'], '--model must be exclusive, fenced'],
    [['--export', 'xml'], '--export must be edn, edn-cas or porcupine, received xml'],
    [['--budget', '0'], '--budget must be a whole number from 1, received 0'],
    [['--fast'], "Unknown option '--fast'"],
    [['more'], 'There must be one FILE, received 2'],
  ])('exits with 2 for %j, and shows how it is used', (flags, message) => {
    const { code, err } = run([grant], ...flags);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('Usage: npm run history');
  });

  test('exits with 2 for a file that cannot be read', () => {
    const err: string[] = [];
    const code = historyCommand(['gone'], {
      read: () => {
        throw new Error('no such file: gone');
      },
      out: () => {},
      err: (text) => err.push(text),
    });
    expect(code).toBe(2);
    expect(err[0]).toContain('Cannot read history: no such file: gone');
  });
});
