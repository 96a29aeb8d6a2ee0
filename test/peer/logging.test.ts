/**
 * The log: whom it speaks to, and what keeps it short.
 */

import { describe, expect, test, vi } from 'vitest';
import { Log, RateLimit } from '../../src/peer/logging.ts';

describe('Log', () => {
  test('adds who speaks to what is said', () => {
    const warn = vi.fn();
    const logger = { debug() {}, info() {}, warn, error() {} };
    new Log(logger, { peer: 'a' }).write('warn', 'Careful', { other: 'b' });
    expect(warn.mock.calls).toEqual([[{ peer: 'a', other: 'b' }, 'Careful']]);
  });

  test('goes on when the logger throws', () => {
    const fail = (): never => {
      throw new Error('full');
    };
    const log = new Log({ debug: fail, info: fail, warn: fail, error: fail }, {});
    expect(() => log.write('error', 'Careful')).not.toThrow();
  });

  test('of false says nothing', () => {
    expect(() => new Log(false, {}).write('error', 'Careful')).not.toThrow();
  });
});

describe('RateLimit', () => {
  test('lets one of a kind through in each interval, and counts the others', () => {
    const limit = new RateLimit(1_000);
    expect(limit.pass('x', 0)).toBe(0);
    expect(limit.pass('x', 10)).toBeNull();
    expect(limit.pass('y', 10)).toBe(0);
    expect(limit.pass('x', 999)).toBeNull();
    expect(limit.pass('x', 1_000)).toBe(2);
    expect(limit.pass('x', 2_500)).toBe(0);
  });

  test('remembers no more than a thousand kinds', () => {
    const limit = new RateLimit(1_000);
    for (let kind = 0; kind <= 1_000; kind++) limit.pass(`${kind}`, 0);
    expect(limit.pass('0', 1)).toBe(0);
    expect(limit.pass('1000', 1)).toBeNull();
  });
});
