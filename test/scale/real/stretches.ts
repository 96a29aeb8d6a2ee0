/**
 * What holders in several processes have seen, put side by side: no two held one name at a time,
 * and whoever came later had a greater token.
 */

import type { Stretch } from './acts.ts';

/** @throws {Error} naming the two that cannot both be */
export function requireExclusive(stretches: readonly Stretch[]): void {
  const last = new Map<string, Stretch>();
  for (const next of stretches.toSorted((one, other) => one.fromMs - other.fromMs)) {
    const before = last.get(next.name);
    last.set(next.name, next);
    if (before === undefined) continue;
    if (before.untilMs <= next.fromMs && before.token < next.token) continue;
    throw new Error(`${describe(before)}, and then ${describe(next)}`);
  }
}

/** By how much somebody was served before one who had asked earlier, at most, in milliseconds. */
export function unfairnessMs(stretches: readonly Stretch[]): number {
  let latestMs = Number.NEGATIVE_INFINITY;
  let mostMs = 0;
  for (const { askedMs } of stretches.toSorted((one, other) => one.fromMs - other.fromMs)) {
    mostMs = Math.max(mostMs, latestMs - askedMs);
    latestMs = Math.max(latestMs, askedMs);
  }
  return mostMs;
}

function describe({ name, holder, token, fromMs, untilMs }: Stretch): string {
  const [from, until] = [fromMs, untilMs].map((ms) => ms.toFixed(3));
  return `${holder} held ${name} with token ${token} from ${from} to ${until} ms`;
}
