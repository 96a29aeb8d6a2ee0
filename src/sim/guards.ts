/**
 * Keeps the real world out of a simulated run: inside of `runGuarded`, and in all that is started
 * there, whatever would make two runs of a seed differ throws, and names who called it.
 *
 * The guards are put in place of the functions themselves, for as long as somebody has them
 * installed; outside of a run they pass every call on, so that the test runner, and whatever else
 * is in this process, goes on as before. They see neither what was taken from its place earlier,
 * as in `const { now } = Date` at the top of a module, nor the time of day in `Intl`.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';
import { dateNames, guardedNames } from './guarded-names.ts';
import { RealWorldError, type RefusedCall } from './real-world-error.ts';

/** Is told of every refused call, since whoever made it may swallow the error. */
export type ViolationListener = (error: RealWorldError) => void;

type Callable = (...args: never[]) => unknown;

/** One property that has been replaced. */
interface Patch {
  readonly owner: object;
  readonly property: string;
  readonly before: PropertyDescriptor;
  readonly guard: Callable;
}

interface Run {
  readonly onViolation: ViolationListener | undefined;
}

/** The run that the running code is part of; `undefined` outside, and where a run is left. */
const runs = new AsyncLocalStorage<Run | undefined>();

/** The guard of each function: one that is found in two places stays one. */
const guards = new WeakMap<Callable, Callable>();

/** What each guard stands in for. */
const originals = new WeakMap<Callable, Callable>();

const installations = new Set<symbol>();
let patches: readonly Patch[] = [];

/**
 * Puts the guards in place, unless they are already.
 *
 * @returns what undoes it: the last one to be called takes the guards away
 */
export function installGuards(): () => void {
  const installation = Symbol('installation');
  if (installations.size === 0) patches = patchAll();
  installations.add(installation);
  return () => {
    if (installations.delete(installation) && installations.size === 0) unpatchAll();
  };
}

/**
 * Runs `body` with the guards on, for it and for all that it starts: promises, microtasks, timers.
 *
 * @param onViolation without one, that of the run around this one
 * @throws {Error} when the guards are not installed
 */
export function runGuarded<T>(body: () => T, onViolation?: ViolationListener): T {
  if (installations.size === 0) throw new Error('Cannot run guarded: no guards are installed');
  return runs.run({ onViolation: onViolation ?? runs.getStore()?.onViolation }, body);
}

/** Runs `body`, and all that it starts, with the guards off. */
export function runUnguarded<T>(body: () => T): T {
  return runs.run(undefined, body);
}

function patchAll(): readonly Patch[] {
  const made = guardedNames().flatMap(({ owner, property, ...call }) => {
    const original: unknown = Reflect.get(owner, property);
    return isCallable(original) ? [patch(owner, property, guardOf(original, call))] : [];
  });
  const date = guardDate(Date);
  made.push(patch(globalThis, 'Date', date), patch(Date.prototype, 'constructor', date));
  // Named imports of Node's modules are copies, which this renews.
  syncBuiltinESMExports();
  return made;
}

function unpatchAll(): void {
  for (const { owner, property, before, guard } of patches.toReversed()) {
    // What was put there since, a test's fake, is not ours to take away.
    const isOurs = Object.getOwnPropertyDescriptor(owner, property)?.value === guard;
    if (isOurs) Object.defineProperty(owner, property, before);
  }
  patches = [];
  syncBuiltinESMExports();
}

/** Replaces what `object` has as `property`, itself or by inheritance. */
function patch(object: object, property: string, guard: Callable): Patch {
  const [owner, found] = ownPropertyOf(object, property);
  const original = originals.get(found.value);
  const before = original === undefined ? found : { ...found, value: original };
  const { enumerable = false } = found;
  const writable = true;
  Object.defineProperty(owner, property, {
    value: guard,
    writable,
    enumerable,
    configurable: true,
  });
  return { owner, property, before, guard };
}

function ownPropertyOf(object: object, property: string): readonly [object, PropertyDescriptor] {
  let owner: object | null = object;
  while (owner !== null) {
    const found = Object.getOwnPropertyDescriptor(owner, property);
    if (found !== undefined) return [owner, found];
    owner = Object.getPrototypeOf(owner);
  }
  throw new Error(`Cannot guard ${property}: there is no such property`);
}

/** What stands in for `original`: in a run it throws, elsewhere it is the same. */
function guardOf(original: Callable, call: RefusedCall): Callable {
  return guardWith(original, {
    apply: function apply(target, self, args): unknown {
      refuseInRun(call, apply);
      return Reflect.apply(target, self, args);
    },
    construct: function construct(target, args, newTarget): object {
      refuseInRun(call, construct);
      return Reflect.construct(target, args, unguarded(newTarget, target));
    },
  });
}

/**
 * `Date` without the present. The original keeps its own `now`: who took hold of it before, as test
 * runners do to print the time, wants the real one.
 */
function guardDate(original: DateConstructor): Callable {
  return guardWith(original, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property);
      if (property !== 'now' || !isCallable(value)) return value;
      return guards.get(value) ?? guardOf(value, dateNames.now);
    },
    apply: function apply(target, self, args): unknown {
      refuseInRun(dateNames.call, apply);
      return Reflect.apply(target, self, args);
    },
    construct: function construct(target, args, newTarget): object {
      if (args.length === 0) refuseInRun(dateNames.new, construct);
      return Reflect.construct(target, args, unguarded(newTarget, target));
    },
  });
}

function guardWith(original: Callable, handler: ProxyHandler<Callable>): Callable {
  const known = guards.get(original);
  if (known !== undefined) return known;
  const guard = new Proxy(original, handler);
  guards.set(original, guard);
  originals.set(guard, original);
  // One that is found in place, where a fake has given it back too late, needs no other.
  guards.set(guard, guard);
  return guard;
}

/** `new` of a guard is `new` of what it stands in for; a class that extends it stays itself. */
function unguarded<T>(newTarget: T, target: Callable): T | Callable {
  return newTarget === guards.get(target) ? target : newTarget;
}

/** @param below what the caller sees itself as having called */
function refuseInRun(call: RefusedCall, below: Callable): void {
  const run = runs.getStore();
  if (run === undefined) return;
  const error = new RealWorldError(call, below);
  run.onViolation?.(error);
  throw error;
}

function isCallable(value: unknown): value is Callable {
  return typeof value === 'function';
}
