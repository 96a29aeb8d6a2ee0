/**
 * For what can only be a bug of ours: input from outside never reaches an assertion.
 */

/** A broken invariant of the core. The driver closes the peer that throws one. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new InvariantError(`Broken invariant: ${invariant}`);
}

/** Ends the `default` of a switch over a union: a new member then fails to compile there. */
export function unreachable(value: never): never {
  throw new InvariantError(`Broken invariant: no case for ${JSON.stringify(value)}`);
}
