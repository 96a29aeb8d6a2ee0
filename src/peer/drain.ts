/**
 * Waits for an application to finish with its locks, before its peer takes them back.
 */

import { Alarm } from './alarm.ts';
import { optionsOf, refuse } from './call-checks.ts';
import type { Runtime } from './runtime.ts';

/** What is drained. */
interface Drained {
  /** Calls back once, when nothing is held any more. */
  whenIdle(callback: () => void): void;
}

/** Resolves once nothing is held, or after `mostMs`. */
export function untilIdle(claims: Drained, runtime: Runtime, mostMs: number): Promise<void> {
  const endsAt = runtime.monotonic() + mostMs;
  return new Promise((resolve) => {
    const alarm = new Alarm(runtime, () => {
      if (runtime.monotonic() >= endsAt) resolve();
      else alarm.set(endsAt);
    });
    alarm.set(endsAt);
    claims.whenIdle(() => {
      alarm.cancel();
      resolve();
    });
  });
}

/** For how long a peer that closes may wait. @throws `TypeError` */
export function drainIn(options: unknown): number {
  const { drain = 0 } = optionsOf(options, 'close', ['drain']);
  if (typeof drain === 'number' && drain >= 0) return drain;
  return refuse('close', 'drain must be 0 or more ms', drain);
}
