/**
 * How long to wait before a peer is dialled again. Waits grow, so that a peer that is down costs
 * little, and are jittered, so that peers that fail together do not return together.
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

interface Waits {
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
  const { firstMs, maxMs } = waitsAfter(redial);
  const doublings = Math.min(Math.max(redial.attempts - 1, 0), 16);
  const grown = Math.min(firstMs * 2 ** doublings, maxMs);
  return grown * (0.5 + redial.random / 2);
}

function waitsAfter({ setback, leaseMs }: Redial): Waits {
  if (setback !== 'duplicate') return waits[setback];
  // Several tries must fit between what an old link may last and what is fatal (links.ts).
  const wait = Math.max(leaseMs / 40, 5);
  return { firstMs: wait, maxMs: wait };
}
