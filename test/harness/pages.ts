/**
 * A place where locks are asked for, as a page is in the tests of the web platform: a peer that is
 * alone, or one of three.
 */

import type { MeshPeer } from '../../src/peer/mesh-peer.ts';
import type { Locks } from '../../src/peer/web-locks.ts';
import { openPeer, openThree, World } from './world.ts';

/** Locks, and a while in which whatever can happen does. */
export interface Page {
  readonly locks: Locks;
  /** Of another client: the same where there is but one peer. */
  readonly other: Locks;
  readonly settle: () => Promise<void>;
}

export type Opener = () => Promise<Page>;

const alone: Opener = async () => {
  const world = new World();
  const { locks } = await openPeer(world, { allowSteal: true });
  return { locks, other: locks, settle: () => world.settle() };
};

const ofThree: Opener = async () => {
  const world = new World();
  const [a, b]: readonly MeshPeer[] = await openThree(world, { allowSteal: true });
  if (a === undefined || b === undefined) throw new Error('There are three peers');
  return { locks: a.locks, other: b.locks, settle: () => world.settle() };
};

/** What a callback waits for until the test lets it go on. */
export function gate(): {
  readonly opened: Promise<void>;
  open(): void;
  fail(error: unknown): void;
} {
  let open = (): void => {};
  let fail = (_error: unknown): void => {};
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { opened, open, fail };
}

/** By what is told of them. */
export const pages: readonly (readonly [string, Opener])[] = [
  ['alone', alone],
  ['of three', ofThree],
];
