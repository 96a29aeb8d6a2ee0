/**
 * Operations that are several claims, one after the other, each while those before are held.
 */

import type { Lock } from '../peer/lock.ts';
import type { Operation } from './plan.ts';

/** How long who nests without a word waits for the next, unless its plan says. */
const unsaidMs = 500;

/** The claims that an operation makes one after the other, each with its part of the time. */
export function partsOf(operation: Operation): readonly Operation[] {
  if (!isNested(operation)) return [operation];
  const { names } = operation;
  const holdMs = Math.floor(operation.holdMs / names.length);
  return names.map((name) => ({ ...operation, names: [name], holdMs }));
}

/** For how long it may wait in circles, of which each stands for so long, in ms. */
export function circlesMsOf(operation: Operation, standsMs: number): number {
  if (!isNested(operation)) return 0;
  const { names, patience } = operation;
  const eachMs = patience === 'nest unsaid' ? unsaidMsOf(operation) : standsMs;
  return (names.length - 1) * eachMs;
}

/** How long who nests without a word waits for each. */
export function unsaidMsOf({ timeoutMs }: Operation): number {
  return timeoutMs > 0 ? timeoutMs : unsaidMs;
}

/** Unless it is lost. */
export async function share(lock: Lock): Promise<void> {
  if (lock.held) await lock.downgrade();
}

/** What who nests does with each that it holds, while it may wait for the next. */
export const laterOf: Readonly<
  Partial<Record<Operation['patience'], (lock: Lock) => Promise<void>>>
> = {
  'nest and share': share,
  'nest and let go': (lock) => lock.release(),
};

function isNested({ patience }: Operation): boolean {
  return patience.startsWith('nest');
}
