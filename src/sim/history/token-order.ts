/**
 * Judges tokens alone, where nothing is said of who may hold together with whom: there is an order
 * exactly if the grants can be made in that of their tokens, each within its call.
 */

import type { Move } from './moves.ts';
import type { SweepResult } from './sweep.ts';

/** The latest that had to be placed, by the moment at which it was. */
interface Placed {
  readonly at: number;
  readonly grant: Move;
}

interface OnName {
  any: Placed | null;
  exclusive: Placed | null;
  /** Where several have one token, that of the exclusive ones must be theirs alone. */
  anyToken: Move | null;
  exclusiveToken: Move | null;
}

/** Places all grants one after the other, each as early as those before it allow. */
export function orderByTokens(grants: readonly Move[]): SweepResult {
  const names = new Map<number, OnName>();
  for (const grant of grants.toSorted((one, other) => (one.token ?? 0) - (other.token ?? 0))) {
    const clash = place(grant, names);
    if (clash !== null) return { found: 'clash', moves: [clash, grant] };
  }
  return { found: 'order' };
}

function place(grant: Move, names: Map<number, OnName>): Move | null {
  let after: Placed | null = null;
  for (const { name, isExclusive } of grant.wants) {
    const on = names.get(name);
    if (on === undefined) continue;
    const equal = isExclusive ? on.anyToken : on.exclusiveToken;
    if (equal !== null && equal.token === grant.token) return equal;
    const before = isExclusive ? on.any : on.exclusive;
    if (before !== null && before.at > (after?.at ?? Number.NEGATIVE_INFINITY)) after = before;
  }
  if (after !== null && after.at > grant.until) return after.grant;
  // Whoever made this one late makes those late that come after it.
  const placed: Placed =
    after === null || after.at <= grant.call ? { at: grant.call, grant } : after;
  for (const { name, isExclusive } of grant.wants)
    note({ names, name, isExclusive, placed, grant });
  return null;
}

function note({
  names,
  name,
  isExclusive,
  placed,
  grant,
}: {
  readonly names: Map<number, OnName>;
  readonly name: number;
  readonly isExclusive: boolean;
  readonly placed: Placed;
  readonly grant: Move;
}): void {
  const on = names.get(name) ?? {
    any: null,
    exclusive: null,
    anyToken: null,
    exclusiveToken: null,
  };
  names.set(name, on);
  if (on.any === null || placed.at > on.any.at) on.any = placed;
  on.anyToken = grant;
  if (!isExclusive) return;
  if (on.exclusive === null || placed.at > on.exclusive.at) on.exclusive = placed;
  on.exclusiveToken = grant;
}
