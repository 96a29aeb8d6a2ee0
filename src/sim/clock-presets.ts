/**
 * Clocks as they are wrong in the field, by name: how they are set and how fast they run at the
 * start, and what befalls them later.
 */

import type { ClockSetting } from './machine-clock.ts';
import type { Fault } from './plan.ts';
import type { Stream } from './random.ts';

/** How far clocks of a preset are off, either way. */
export interface ClockSpread {
  /** Of the wall clock, in milliseconds. */
  readonly offsetMs: number;
  /** Of the monotonic clock's rate, in millionths. */
  readonly driftPpm: number;
}

/** How clocks are at the start. */
export const clockPresets: Readonly<
  Record<'exact' | 'NTP ±50 ms' | 'drift ±500 ppm', ClockSpread>
> = Object.freeze({
  exact: { offsetMs: 0, driftPpm: 0 },
  'NTP ±50 ms': { offsetMs: 50, driftPpm: 20 },
  'drift ±500 ppm': { offsetMs: 0, driftPpm: 500 },
});

/** What happens to the clocks of a host. */
export const clockEvents: Readonly<
  Record<'VM resume +90 s' | 'operator sets clock back 1 h', (host: number) => Fault>
> = Object.freeze({
  'VM resume +90 s': (host: number): Fault => ({ do: 'suspend', host, forMs: 90_000 }),
  'operator sets clock back 1 h': (host: number): Fault => ({ do: 'jump', host, ms: -3_600_000 }),
});

/** A clock within a spread. */
export function drawClock({ offsetMs, driftPpm }: ClockSpread, chance: Stream): ClockSetting {
  return {
    offsetMs: chance.between(-offsetMs, offsetMs),
    driftPpm: chance.between(-driftPpm, driftPpm),
  };
}
