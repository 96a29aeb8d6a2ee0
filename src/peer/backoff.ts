/**
 * How long to wait before something is tried again: to dial a peer, to campaign, to do work that
 * failed. Waits grow, so that what is down costs little, and are jittered, so that those who fail
 * together do not return together.
 */

/**
 * Why the last link or dial ended.
 *
 * - `lost`, `failed`: it broke, or nobody answered; the peer may be back any moment.
 * - `refused`: one side will not have the other; people have to mend that first.
 * - `duplicate`: an earlier process with our id is heard there; it may only seem so for a part of a
 *   lease, after a crash, so this is tried often.
 */
export type Setback = 'lost' | 'failed' | 'refused' | 'duplicate';

/** How long to wait at first, and at most. */
export interface Waits {
  readonly firstMs: number;
  readonly maxMs: number;
}

const waits: Readonly<Record<Exclude<Setback, 'duplicate'>, Waits>> = {
  lost: { firstMs: 25, maxMs: 1_000 },
  failed: { firstMs: 50, maxMs: 1_000 },
  refused: { firstMs: 500, maxMs: 10_000 },
};

export interface Redial {
  readonly setback: Setback;
  /** How many dials have failed since the link last stood: 1 after the first. */
  readonly attempts: number;
  readonly leaseMs: number;
  /** At least 0, less than 1. */
  readonly random: number;
}

/** The wait, in milliseconds: from half of what it grew to, up to all of it. */
export function redialDelayMs(redial: Redial): number {
  return delayMs(waitsAfter(redial), redial);
}

/** The same for what is no dial: how often it has failed in a row, and a number as in a redial. */
export function delayMs(
  { firstMs, maxMs }: Waits,
  { attempts, random }: Pick<Redial, 'attempts' | 'random'>,
): number {
  const doublings = Math.min(Math.max(attempts - 1, 0), 16);
  const grown = Math.min(firstMs * 2 ** doublings, maxMs);
  return grown * (0.5 + random / 2);
}

function waitsAfter({ setback, leaseMs }: Redial): Waits {
  if (setback !== 'duplicate') return waits[setback];
  // Several tries must fit between what an old link may last and what is fatal (links.ts).
  const wait = Math.max(leaseMs / 40, 5);
  return { firstMs: wait, maxMs: wait };
}
