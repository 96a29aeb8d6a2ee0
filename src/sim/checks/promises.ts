/**
 * The checks of what users are promised (docs/protocol.md, section 1): all others are of how cores
 * keep those promises.
 */

export const promises: ReadonlySet<string> = new Set([
  'answers',
  'bounds',
  'circles',
  'crash',
  'deadlocks',
  'elections',
  'exclusion',
  'leaks',
  'lost-is-final',
  'rest',
  'told-first',
  'tokens',
]);
