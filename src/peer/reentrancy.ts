/**
 * Knows, within a callback of `locks.request`, what that callback holds: there, and only there,
 * asking again for the same name can be told from two unrelated calls.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Resource } from '../protocol/message.ts';
import type { Lock } from './lock.ts';

/** The lock of one callback, and those of the callbacks around it. */
interface Scope {
  readonly owner: object;
  readonly lock: Lock;
  readonly outer: Scope | undefined;
}

const scopes = new AsyncLocalStorage<Scope | undefined>();

/** Runs `callback` as the holder of `lock`, which `owner`, a peer, has granted. */
export function runHolding<T>(owner: object, lock: Lock, callback: () => T): T {
  return scopes.run({ owner, lock, outer: scopes.getStore() }, callback);
}

/**
 * Runs `callback` as the holder of nothing: a listener that a peer calls has nothing to do with the
 * callback within which it happens to be called.
 */
export function runHoldingNothing<T>(callback: () => T): T {
  return scopes.run(undefined, callback);
}

/**
 * The name, if any, that would wait for the very callback that asks for it: held by it, and not
 * shared on both sides.
 */
export function heldByCaller(owner: object, resources: readonly Resource[]): string | undefined {
  for (let scope = scopes.getStore(); scope !== undefined; scope = scope.outer) {
    const { lock } = scope;
    if (scope.owner !== owner || !lock.held) continue;
    const found = resources.find(({ name, mode }) => {
      return lock.names.includes(name) && (mode === 'exclusive' || lock.mode === 'exclusive');
    });
    if (found !== undefined) return found.name;
  }
  return undefined;
}

/** Whether this is called within the callback for which a lock is, or was, held. */
export function isWithin(lock: Lock): boolean {
  for (let scope = scopes.getStore(); scope !== undefined; scope = scope.outer) {
    if (scope.lock === lock) return true;
  }
  return false;
}
