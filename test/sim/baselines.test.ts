/**
 * The comparison of ways to lock, run as a reader would run it: while things go wrong the older
 * ways let two in, and the mesh never does; while nothing goes wrong none does.
 */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../examples/baselines/comparison.ts';
import { root } from '../tidy/sources.ts';

/** Enough for a machine that has much else to do. */
const timeoutMs = 120_000;
const older = ['shared memory', 'queue server', 'queue server, with care'];
const ways = [...older, 'lockmesh'];

describe('npm run compare', () => {
  let rows: readonly Row[] = [];

  beforeAll(async () => {
    const { lines } = await compare('--seeds', '3', '--json');
    rows = JSON.parse(lines.at(-1) ?? '').rows;
  }, timeoutMs);

  test('shows each way with each kind of trouble', () => {
    expect(new Set(rows.map(({ service }) => service))).toEqual(new Set(ways));
    expect(new Set(rows.map(({ kind }) => kind)).size).toBe(6);
    expect(rows).toHaveLength(6 * ways.length);
    for (const { grants, messages } of rows) {
      expect(grants).toBeGreaterThan(0);
      expect(messages).toBeGreaterThan(grants);
    }
  });

  test.each(ways)('lets nobody in beside another while nothing goes wrong: %s', (way) => {
    const calm = rows.filter(({ service, kind }) => service === way && kind === 'nothing');
    expect(calm).toMatchObject([{ doubleGrants: 0, tokensBack: 0 }]);
    expect(calm[0]?.longestIdleMs).toBeLessThan(500);
  });

  test.each(older)('sees two in at once while things go wrong: %s', (way) => {
    const own = rows.filter(({ service }) => service === way);
    expect(Math.max(...own.map(({ doubleGrants }) => doubleGrants))).toBeGreaterThan(0);
  });

  test('sees no two in at once, and no token go back, with the mesh', () => {
    const own = rows.filter(({ service }) => service === 'lockmesh');
    for (const row of own) expect(row).toMatchObject({ doubleGrants: 0, tokensBack: 0 });
  });

  test(
    'prints the same for the same seeds',
    async () => {
      const flags = ['--seeds', '1', '--json'];
      const [once, again] = await Promise.all([compare(...flags), compare(...flags)]);
      expect(again).toEqual(once);
    },
    timeoutMs,
  );

  test.each([
    [['--seeds', '0'], '--seeds must be a whole number from 1 to 100000, received 0'],
    [['--seeds', 'many'], '--seeds must be a whole number from 1 to 100000, received many'],
    [['--seeds'], "Option '--seeds <value>' argument missing"],
    [['--fast'], "Unknown option '--fast'"],
    [['more'], "Unexpected argument 'more'"],
  ])('says what is wrong with %j, and its usage', async (flags, message) => {
    const { code, lines, errors } = await compare(...flags);
    expect({ code, lines }).toEqual({ code: 2, lines: [''] });
    expect(errors).toContain(message);
    expect(errors).toMatch(/\nUsage: npm run compare -- \[--seeds N\] \[--json\]\n$/);
  });
});

interface Ended {
  readonly code: number;
  readonly lines: readonly string[];
  readonly errors: string;
}

async function compare(...flags: readonly string[]): Promise<Ended> {
  const args = ['dist/examples/baselines/main.js', ...flags];
  const run = promisify(execFile)(process.execPath, args, { cwd: root, timeout: timeoutMs });
  const { stdout, stderr, code } = await run.then(
    (ended) => ({ ...ended, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  );
  return { code, lines: stdout.trimEnd().split('\n'), errors: stderr };
}
