/**
 * What `npm run sim` obeys, and what it refuses.
 */

import { describe, expect, test } from 'vitest';
import { drawPlan } from '../../src/sim/draw-plan.ts';
import { tokenOf } from '../../src/sim/token.ts';
import { BadFlag, parseFlags } from './flags.ts';

const plan = drawPlan(7);
const token = tokenOf(plan);

describe('parseFlags()', () => {
  test('completes what is not said', () => {
    expect(parseFlags([])).toEqual({
      ...{ order: 'campaign', from: 1, seeds: 1_000, workers: 2 },
      ...{ twice: false, guided: false, json: false },
    });
  });

  test('takes the tier of CI, and a token', () => {
    expect(parseFlags(['--tier', 'ci', '--json'])).toMatchObject({ seeds: 2_000, twice: true });
    expect(parseFlags(['--replay', token])).toEqual({ order: 'replay', plan, json: false });
  });

  test.each([
    [['--bogus'], "Unknown option '--bogus'"],
    [['extra'], "Unexpected argument 'extra'"],
    [['--seeds'], "Option '--seeds <value>' argument missing"],
    [['--seeds', '0'], '--seeds must be a whole number from 1, received 0'],
    [['--from', '1.5'], '--from must be a whole number from 0, received 1.5'],
    [['--tier', 'nightly'], '--tier must be ci, received nightly'],
    [['--tier', 'ci', '--seeds', '5'], '--tier must be alone or with --json, received --seeds'],
    [['--tier', 'ci', '--guided'], '--tier must be alone or with --json, received --guided'],
    [['--replay', token, '--twice'], '--replay must be alone or with --json, received --twice'],
    [['--replay', token, '--tier', 'ci'], '--replay must be alone or with --json, received --tier'],
    [['--replay', 'junk'], 'Cannot read token: it must be such as s2.ya.1x2y3z.abc123'],
  ])('refuses %j', (args, message) => {
    expect(() => parseFlags(args)).toThrow(BadFlag);
    expect(() => parseFlags(args)).toThrow(message);
  });
});
