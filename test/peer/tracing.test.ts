/**
 * What tools that trace are told of claims.
 */

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, expect, test } from 'vitest';
import { openPeer, World } from '../harness/world.ts';

const seen: unknown[] = [];
const names = ['start', 'end', 'asyncEnd', 'error'].map(
  (step) => `tracing:lockmesh:acquire:${step}`,
);
const onMessage = (message: unknown, name: string | symbol): void => {
  seen.push([String(name).split(':').at(-1), { ...Object(message) }]);
};

afterEach(() => {
  for (const name of names) unsubscribe(name, onMessage);
});

test('a claim is traced from the call to its outcome', async () => {
  const peer = await openPeer(new World());
  for (const name of names) subscribe(name, onMessage);
  const what = { peer: 'local', names: ['x'], mode: 'exclusive' };
  const lock = await peer.acquire('x');
  expect(seen.splice(0)).toEqual([
    ['start', what],
    ['end', what],
    ['asyncEnd', { ...what, result: lock }],
  ]);
  const error = await peer.acquire('x', { timeout: 0 }).catch((reason: unknown) => reason);
  expect(seen.splice(0)).toEqual([
    ['start', what],
    ['end', what],
    ['error', { ...what, error }],
    ['asyncEnd', { ...what, error }],
  ]);
});
