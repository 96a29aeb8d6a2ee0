/**
 * What calls that wait in a world come to.
 */

import { expect } from 'vitest';
import type { Lock } from '../../src/peer/lock.ts';
import type { MeshPeer } from '../../src/peer/mesh-peer.ts';
import { isSettled, type World } from './world.ts';

export async function held(world: World, peer: MeshPeer, name: string): Promise<Lock> {
  const granted = peer.acquire(name);
  await world.settle();
  return await granted;
}

/** What it comes to: what it resolves to, or rejects with. */
export function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

export async function errorAfter(
  world: World,
  promise: Promise<unknown>,
  ms: number,
): Promise<unknown> {
  const outcome = errorOf(promise);
  await world.advance(ms);
  expect(await isSettled(world, outcome)).toBe(true);
  return await outcome;
}
