/**
 * Knows, within a callback of `locks.request`, what that callback holds: there, and only there,
 * asking again for the same name can be told from two unrelated calls.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClaimId } from '../protocol/ids.ts';
import type { Resource } from '../protocol/message.ts';

/** A lock, as far as it matters to what its holder asks for next. */
export interface HeldByCaller {
  readonly held: boolean;
  readonly resources: readonly Resource[];
  /** The claim that it stands for, if `keeper` keeps it. */
  claimOf(keeper: object): ClaimId | undefined;
}

/** The lock of one callback, and those of the callbacks around it. */
interface Scope {
  readonly owner: object;
  readonly lock: HeldByCaller;
  readonly outer: Scope | undefined;
}

const scopes = new AsyncLocalStorage<Scope | undefined>();

/** Runs `callback` as the holder of `lock`, which `owner`, a peer, has granted. */
export function runHolding<T>(owner: object, lock: HeldByCaller, callback: () => T): T {
  return scopes.run({ owner, lock, outer: scopes.getStore() }, callback);
}

/**
 * Runs `callback` as the holder of nothing: a listener that a peer calls has nothing to do with the
 * callback within which it happens to be called.
 */
export function runHoldingNothing<T>(callback: () => T): T {
  return scopes.run(undefined, callback);
}

/** What the callbacks around the caller hold of `owner`, the innermost first. */
export function locksAround(owner: object): readonly HeldByCaller[] {
  let scope = scopes.getStore();
  if (scope === undefined) return none;
  const locks: HeldByCaller[] = [];
  for (; scope !== undefined; scope = scope.outer) {
    if (scope.owner === owner && scope.lock.held) locks.push(scope.lock);
  }
  return locks;
}

const none: readonly HeldByCaller[] = Object.freeze([]);

/** The name, if any, that would wait for one of these: held by it, and not shared on both sides. */
export function nameHeldBy(
  locks: readonly HeldByCaller[],
  resources: readonly Resource[],
): string | undefined {
  for (const lock of locks) {
    const found = resources.find(({ name, mode }) =>
      lock.resources.some((own) => {
        return own.name === name && (mode === 'exclusive' || own.mode === 'exclusive');
      }),
    );
    if (found !== undefined) return found.name;
  }
  return undefined;
}

/** Whether this is called within the callback for which a lock is, or was, held. */
export function isWithin(lock: HeldByCaller): boolean {
  for (let scope = scopes.getStore(); scope !== undefined; scope = scope.outer) {
    if (scope.lock === lock) return true;
  }
  return false;
}
