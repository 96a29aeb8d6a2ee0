/**
 * FNV-1a, for tables and buckets: the same on every machine, and no defence against names that are
 * chosen to collide.
 */

/** The hash of a text's UTF-16 units, as a signed number of 32 bits. */
export function hashOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash;
}
