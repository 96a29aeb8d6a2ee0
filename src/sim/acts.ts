/**
 * What kind of act a step of a plan is.
 */

import type { Act, Fault } from './plan.ts';

export function isFault(act: Act): act is Fault {
  return act.do !== 'acquire' && act.do !== 'look';
}

/** The names that a client is about. */
export function namesOf(act: Act): readonly string[] {
  if (act.do === 'acquire') return act.names;
  return act.do === 'look' && act.name !== null ? [act.name] : [];
}
