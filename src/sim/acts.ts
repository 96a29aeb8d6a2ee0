/**
 * What kind of act a step of a plan is.
 */

import type { Act, Fault, Operation } from './plan.ts';

export function isFault(act: Act): act is Fault {
  return act.do !== 'acquire' && act.do !== 'look';
}

/** Whether it is about an election, or about what always runs, rather than a claim. */
export function isElection(act: Act): boolean {
  return act.do === 'acquire' && words.has(act.patience);
}

const words: ReadonlySet<string> = new Set<Operation['patience']>([
  'always',
  'lead',
  'observe',
  'resign',
]);

/** The names that a client is about. */
export function namesOf(act: Act): readonly string[] {
  if (act.do === 'acquire') return act.names;
  return act.do === 'look' && act.name !== null ? [act.name] : [];
}
