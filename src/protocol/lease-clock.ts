/**
 * The clock on which a coordinator stamps its frames and counts its leases (rule 6.7): the
 * monotonic clock, plus each forward excess of the wall clock over it, added once. A monotonic
 * clock may stand still while the machine is suspended; the wall clock then shows what it missed. A
 * wall clock set back changes nothing; one set forward only ends leases early, which is safe.
 *
 *     wall − monotonic   ──┐   ┌── rises: a suspension, or a clock set forward → added
 *                          └───┘   falls: a clock set back → the reference follows, no more
 */

import { type LeaseTimeMs, leaseTimeMs } from './ids.ts';
import type { Time } from './input.ts';

export interface LeaseClock {
  /** What the wall clock has gained in all. Never falls. */
  readonly shiftMs: number;
  /** The wall clock's lead over the monotonic clock that has been accounted for. */
  readonly leadMs: number;
}

/**
 * How far the wall clock's lead may fall before the reference follows. Readings of two clocks
 * jitter by a millisecond or so: following at once would add that jitter up. Until it follows, a
 * suspension this short goes unseen, so that limits are shortened by as much (coordinator.ts).
 */
export const leadSlackMs = 20;

export function startLeaseClock(time: Time): LeaseClock {
  return { shiftMs: 0, leadMs: time.wall - time.now };
}

export function stepLeaseClock(clock: LeaseClock, time: Time): LeaseClock {
  const leadMs = time.wall - time.now;
  const gainMs = leadMs - clock.leadMs;
  if (gainMs > 0) return { shiftMs: clock.shiftMs + gainMs, leadMs };
  if (gainMs < -leadSlackMs) return { shiftMs: clock.shiftMs, leadMs };
  return clock;
}

/** The moment that the lease clock shows. */
export function leaseNow(clock: LeaseClock, time: Time): LeaseTimeMs {
  return leaseTimeMs(time.now + clock.shiftMs);
}
