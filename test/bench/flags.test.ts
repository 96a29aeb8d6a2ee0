/**
 * The command line of the benchmark, and what is measured for it.
 */

import { describe, expect, test } from 'vitest';
import { parseFlags, type ScaleFlags, type SpeedFlags } from '../../bench/flags.ts';
import { claimsIn, planOf } from '../../bench/plan.ts';
import { scaleMeasures } from '../../bench/scale/names.ts';
import { systemNames } from '../../bench/system-names.ts';

function speedFlags(args: readonly string[]): SpeedFlags {
  const flags = parseFlags(args);
  if (flags.suite !== 'speed') throw new Error('These are flags of another suite');
  return flags;
}

function scaleFlags(...args: readonly string[]): ScaleFlags {
  const flags = parseFlags(['--suite', 'scale', ...args]);
  if (flags.suite !== 'scale') throw new Error('These are flags of another suite');
  return flags;
}

describe('flags', () => {
  test('are all off by default, for three rounds of everything', () => {
    expect(parseFlags([])).toEqual({
      json: false,
      measures: null,
      plot: false,
      profile: null,
      quick: false,
      rounds: 3,
      suite: 'speed',
      systems: null,
    });
  });

  test('name systems, which come in their own order', () => {
    expect(speedFlags(['--systems', 'redis, central,lockmesh-3']).systems).toEqual([
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
    [['--suite', 'width'], 'Cannot run suite width: --suite takes speed or scale'],
    [['--suite', 'scale', '--quick'], 'with --quick: --quick is of the suite speed only'],
    [['--suite', 'scale', '--systems', 'redis'], 'with --systems redis: --systems is of'],
    [['--suite', 'scale', '--profile', '/tmp/p'], 'with --profile /tmp/p: --profile is of'],
    [['--suite', 'scale', '--measures', 'in64'], 'Cannot measure in64: --measures takes lingering'],
    [['--measures', 'lingering'], 'Cannot measure lingering'],
  ])('%j is refused', (args, message) => {
    expect(() => parseFlags(args)).toThrow(message);
  });
});

describe('flags of the suite scale', () => {
  test('are for three rounds of everything', () => {
    expect(scaleFlags()).toEqual({
      json: false,
      measures: scaleMeasures,
      plot: false,
      rounds: 3,
      suite: 'scale',
    });
  });

  test('name measures, which come in their own order', () => {
    const { measures, json, rounds } = scaleFlags(
      '--measures',
      'many,idle',
      '--json',
      '--rounds',
      '1',
    );
    expect(measures).toEqual(['idle', 'many']);
    expect(json).toBe(true);
    expect(rounds).toBe(1);
  });
});

describe('a run', () => {
  const names = (...args: readonly string[]): readonly string[] =>
    planOf(speedFlags(args)).systems.map(({ name }) => name);

  test('measures every system', () => {
    expect(names()).toEqual(systemNames);
  });

  test('that is quick leaves out what the first ratios do not need', () => {
    const quick = planOf(speedFlags(['--quick']));
    expect(names('--quick')).not.toContain('etcd-3');
    expect(names('--quick')).toContain('redlock-3');
    expect(quick.measures).toEqual(['sequential', 'in64', 'contended']);
    expect(quick.life).toBe(false);
  });

  test('measures what it is told to, also when it is quick', () => {
    expect(names('--quick', '--systems', 'etcd-3')).toEqual(['etcd-3']);
  });

  test('takes only the measures that it is told to', () => {
    const plan = planOf(speedFlags(['--measures', 'held,in64']));
    expect(plan.measures).toEqual(['in64', 'held']);
    expect(plan.life).toBe(false);
  });

  test('takes more loads for pictures', () => {
    expect(planOf(speedFlags([])).measures).not.toContain('in256');
    expect(planOf(speedFlags(['--plot'])).measures).toContain('in256');
  });

  test('knows how many pairs are in flight by the name of the measure', () => {
    expect(claimsIn('sequential')).toBe(1);
    expect(claimsIn('in256')).toBe(256);
    expect(claimsIn('contended')).toBeNull();
  });
});
