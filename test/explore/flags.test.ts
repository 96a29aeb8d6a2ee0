/**
 * What `npm run explore` may be told, and what it refuses.
 */

import { describe, expect, test } from 'vitest';
import { BadFlag, parseFlags } from './flags.ts';
import { scopes } from './scopes.ts';

describe('parseFlags()', () => {
  test('searches the release where nothing is said', () => {
    expect(parseFlags([])).toMatchObject({ scope: 'release', json: false, canaries: false });
  });

  test('takes bounds', () => {
    const { bounds } = parseFlags(['--memory-mb', '10', '--seconds', '5']);
    expect(bounds).toEqual({ memoryMb: 10, seconds: 5 });
  });

  test.each([
    [['--scoop', 'release'], "Unknown option '--scoop'"],
    [['--seconds', 'x'], '--seconds must be a whole number from 1, received x'],
    [['--memory-mb', '0'], '--memory-mb must be a whole number from 1, received 0'],
    [['--only', 'x'], '--only goes with --canaries or --scenarios'],
    [['--canaries', '--scenarios'], '--canaries and --scenarios do not go together'],
    [['--fresh'], '--fresh goes with --canaries'],
  ])('refuses %j', (args, message) => {
    expect(() => parseFlags(args)).toThrow(BadFlag);
    expect(() => parseFlags(args)).toThrow(message);
  });
});

describe('the scopes', () => {
  test('have names of their own', () => {
    const names = scopes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain('goldens');
  });

  test('of the release have goals', () => {
    const release = scopes.filter(({ tier }) => tier === 'release');
    expect(release.length).toBeGreaterThan(10);
    expect(release.filter(({ goals }) => goals.length === 0)).toEqual([]);
  });
});
