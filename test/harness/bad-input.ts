/**
 * Tables of what calls of a peer refuse, and a test for each row: at the call, by an error that
 * says what it got and what it wants, and with nothing asked of anybody.
 */

import { expect, test } from 'vitest';
import type { MeshPeer } from '../../src/peer/mesh-peer.ts';
import { openPeer, World } from './world.ts';

/** A call with arguments that no type allows. */
export type Call = (peer: MeshPeer, ...args: unknown[]) => unknown;

/** What a call is given, and what it says. */
export type Row = readonly [args: readonly unknown[], why: string];

export const noop = (): void => {};

/** Too long for a name. */
export const long: string = 'é'.repeat(513);

/** What is no name of one lock, wherever one is wanted: what is said of it. */
export const badNames: readonly Row[] = [
  [[undefined], 'must be a string, received undefined'],
  [[null], 'must be a string, received null'],
  [[42], 'must be a string, received 42'],
  [[['x', 'y']], 'must be a string, received an array of 2'],
  [[{ name: 'x' }], 'must be a string, received an object'],
  [[''], 'bytes of UTF-8, received 0'],
  [[long], 'bytes of UTF-8, received 1026'],
  [['\ud800'], 'must have no lone surrogate'],
  [['\uFEFFx'], 'must not begin with a byte order mark'],
];

export function withMore(rows: readonly Row[], ...more: unknown[]): readonly Row[] {
  return rows.map(([args, why]) => [[...args, ...more], why]);
}

export function callOf(name: keyof MeshPeer): Call {
  return (peer, ...args) => Reflect.apply(peer[name] as () => unknown, peer, args);
}

/** What a call rejects. */
export function testRejected(name: string, call: Call, rows: readonly Row[]): void {
  test.each(rows)(`${name} rejects %o: %s`, async (args, why) => {
    const peer = await openPeer(new World());
    const asked = Promise.resolve(call(peer, ...args));
    asked.catch(noop);
    // Nothing was asked of the core, and nothing is closed.
    expect(peer.status()).toMatchObject(untouched);
    await expect(asked).rejects.toThrow(TypeError);
    await expect(asked).rejects.toThrow(why);
    await expect(asked).rejects.toThrow(wording);
    expect(peer.status()).toMatchObject(untouched);
  });
}

/** What a call throws for. */
export function testThrown(name: string, call: Call, rows: readonly Row[]): void {
  test.each(rows)(`${name} throws for %o: %s`, async (args, why) => {
    const peer = await openPeer(new World());
    const make = (): unknown => call(peer, ...args);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(why);
    expect(make).toThrow(wording);
    expect(peer.status()).toMatchObject(untouched);
  });
}

const untouched = Object.freeze({ pending: 0, held: 0, state: 'ready' });
const wording = /^Cannot [a-z]+( [a-z]+)*: /;
