/**
 * The versions of the protocol on the wire that this code speaks. Two peers use the highest that
 * both speak, and refuse each other when there is none.
 *
 * Raise `max` with every change of the handshake, of a message's fields or of their meaning; raise
 * `min` when the code for an older version goes.
 *
 * - 1: the first.
 * - 2: rounds that may linger (rules 8.1 to 8.6), elections (rule 8.7), stealing and REVOKE (rule
 *   8.8), downgrades (rule 8.9), PROBE and CHASE (rules 9.1 to 9.4), voter groups and WATCH (rules
 *   10.1 to 10.4), LOOK and VIEW (rule 10.5).
 */

export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

export const protocolVersions: VersionRange = Object.freeze({ min: 2, max: 2 });

/** The highest version in both ranges; `undefined` when they do not meet. */
export function commonVersion(ours: VersionRange, theirs: VersionRange): number | undefined {
  const highest = Math.min(ours.max, theirs.max);
  return highest >= Math.max(ours.min, theirs.min) ? highest : undefined;
}
