/**
 * Looks for the fewest of some items with which something still happens (Zeller and Hildebrandt
 * 2002): leaves out larger and then smaller parts, and keeps to what is left wherever it does.
 */

/**
 * @param items with all of them it happens
 * @param happens asked at most `triesMax` times
 */
export async function fewest<Item>(
  items: readonly Item[],
  happens: (items: readonly Item[]) => Promise<boolean>,
  triesMax: number,
): Promise<readonly Item[]> {
  let left = items;
  let tries = 0;
  // Often none of them matters at all.
  if (left.length > 1) {
    tries += 1;
    if (await happens([])) return [];
  }
  let size = Math.ceil(left.length / 2);
  while (left.length > 0 && tries < triesMax) {
    let isSmaller = false;
    for (let from = 0; from < left.length && tries < triesMax; ) {
      const rest = [...left.slice(0, from), ...left.slice(from + size)];
      tries += 1;
      if (await happens(rest)) {
        left = rest;
        isSmaller = true;
      } else from += size;
    }
    if (size === 1 && !isSmaller) break;
    if (!isSmaller || size > left.length) size = Math.max(1, Math.floor(size / 2));
  }
  return left;
}
