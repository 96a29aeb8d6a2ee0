/**
 * Other names for peers, throughout a core's state.
 */

/** A copy of plain data in which peers, and the rounds that are named after them, are renamed. */
export function rename<Value>(value: Value, names: ReadonlyMap<string, string>): Value;
export function rename(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    const end = value.indexOf('/');
    const peer = end < 0 ? value : value.slice(0, end);
    return (names.get(peer) ?? peer) + (end < 0 ? '' : value.slice(end));
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => rename(item, names));
  if (value instanceof Set) return new Set([...value].map((item) => rename(item, names)));
  const entries = Object.entries(value).map(([name, field]) => [name, rename(field, names)]);
  return Object.fromEntries(entries);
}
