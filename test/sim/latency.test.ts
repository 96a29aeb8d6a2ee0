/**
 * Delays: in whole microseconds, and as their distribution says.
 */

import { expect, test } from 'vitest';
import { delayUs, type Latency, latencies } from '../../src/sim/latency.ts';
import { draw } from '../../src/sim/random.ts';

function sample(latency: Latency): readonly number[] {
  return Array.from({ length: 20_000 }, (_, index) => delayUs(latency, draw(17, index)));
}

function mean(delays: readonly number[]): number {
  return delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
}

function quantile(delays: readonly number[], share: number): number {
  return delays.toSorted((one, other) => one - other)[Math.floor(delays.length * share)] ?? 0;
}

test.each(Object.entries(latencies))('%s gives whole microseconds', (_, latency) => {
  expect(sample(latency).filter((delay) => !Number.isSafeInteger(delay) || delay < 0)).toEqual([]);
});

test('uniform: within its bounds, and in the middle on average', () => {
  const delays = sample({ kind: 'uniform', leastUs: 100, mostUs: 300 });
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(100);
  expect(Math.max(...delays)).toBeLessThanOrEqual(300);
  expect(mean(delays)).toBeCloseTo(200, -1);
});

test('exponential: its least, and its mean above that', () => {
  const delays = sample({ kind: 'exponential', leastUs: 1_000, meanUs: 500 });
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(1_000);
  expect(mean(delays)).toBeGreaterThan(1_450);
  expect(mean(delays)).toBeLessThan(1_550);
});

test('log-normal: its median, and a long tail', () => {
  const delays = sample({ kind: 'log-normal', medianUs: 1_000 });
  expect(quantile(delays, 0.5)).toBeGreaterThan(900);
  expect(quantile(delays, 0.5)).toBeLessThan(1_100);
  expect(quantile(delays, 0.975)).toBeGreaterThan(3_000);
  expect(quantile(delays, 0.975)).toBeLessThan(5_000);
});

test('bimodal: one in a thousand is rare', () => {
  const delays = sample({ kind: 'bimodal', usualUs: 1, rareUs: 2 });
  const rare = delays.filter((delay) => delay === 2).length;
  expect(rare).toBeGreaterThan(5);
  expect(rare).toBeLessThan(50);
});
