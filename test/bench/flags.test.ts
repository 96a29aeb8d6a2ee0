/**
 * The command line of the benchmark, and what is measured for it.
 */

import { describe, expect, test } from 'vitest';
import { parseFlags } from '../../bench/flags.ts';
import { claimsIn, planOf } from '../../bench/plan.ts';
import { systemNames } from '../../bench/system-names.ts';

describe('flags', () => {
  test('are all off by default, for three rounds of everything', () => {
    expect(parseFlags([])).toEqual({
      json: false,
      measures: null,
      plot: false,
      profile: null,
      quick: false,
      rounds: 3,
      systems: null,
    });
  });

  test('name systems, which come in their own order', () => {
    expect(parseFlags(['--systems', 'redis, central,lockmesh-3']).systems).toEqual([
      'central',
      'lockmesh-3',
      'redis',
    ]);
  });

  test.each([
    [['--systems', 'zookeeper'], 'Cannot measure zookeeper'],
    [['--measures', 'joy'], 'Cannot measure joy'],
    [['--rounds', '0'], 'received 0'],
    [['--rounds', 'some'], 'received some'],
    [['--fast'], "Unknown option '--fast'"],
  ])('%j is refused', (args, message) => {
    expect(() => parseFlags(args)).toThrow(message);
  });
});

describe('a run', () => {
  const names = (...args: readonly string[]): readonly string[] =>
    planOf(parseFlags(args)).systems.map(({ name }) => name);

  test('measures every system', () => {
    expect(names()).toEqual(systemNames);
  });

  test('that is quick leaves out what the first ratios do not need', () => {
    const quick = planOf(parseFlags(['--quick']));
    expect(names('--quick')).not.toContain('etcd-3');
    expect(names('--quick')).toContain('redlock-3');
    expect(quick.measures).toEqual(['sequential', 'in64', 'contended']);
    expect(quick.life).toBe(false);
  });

  test('measures what it is told to, also when it is quick', () => {
    expect(names('--quick', '--systems', 'etcd-3')).toEqual(['etcd-3']);
  });

  test('takes only the measures that it is told to', () => {
    const plan = planOf(parseFlags(['--measures', 'held,in64']));
    expect(plan.measures).toEqual(['in64', 'held']);
    expect(plan.life).toBe(false);
  });

  test('takes more loads for pictures', () => {
    expect(planOf(parseFlags([])).measures).not.toContain('in256');
    expect(planOf(parseFlags(['--plot'])).measures).toContain('in256');
  });

  test('knows how many pairs are in flight by the name of the measure', () => {
    expect(claimsIn('sequential')).toBe(1);
    expect(claimsIn('in256')).toBe(256);
    expect(claimsIn('contended')).toBeNull();
  });
});
