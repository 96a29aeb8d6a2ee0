/**
 * What calls that ask for locks refuse.
 */

import { expect, test } from 'vitest';
import type { Lock } from '../../src/peer/lock.ts';
import { badNames, callOf, noop, type Row, testRejected, withMore } from '../harness/bad-input.ts';
import { openPeer, World } from '../harness/world.ts';

/** What is no name of one lock, though a request for several, or with a mode, may have it. */
const badRequests: readonly Row[] = [
  ...badNames.filter(([[name]]) => !(Array.isArray(name) || typeof name === 'object')),
  [[null], 'a name must be a string, received null'],
  [[{}], 'a name must be a string, received undefined'],
  [[{ name: 5 }], 'a name must be a string, received 5'],
  [[[]], 'a claim must have 1 to 256 names, received 0'],
  [[Array.from({ length: 257 }, (_, at) => `n${at}`)], '1 to 256 names, received 257'],
  [[['x', ['y']]], 'a name must be a string, received an array of 1'],
  // biome-ignore lint/suspicious/noSparseArray: that it has a hole is what it is for
  [[['x', , 'y']], 'a name must be a string, received undefined'],
  [[['x', { name: 'x', mode: 'shared' }]], '"x" must have one mode, received both'],
  [[{ name: 'x', mode: 'Shared' }], `mode must be 'exclusive' or 'shared', received "Shared"`],
  [[['x', { name: 'y', mode: null }]], `mode must be 'exclusive' or 'shared', received null`],
  [[{ nam: 'x' }], 'a request may have mode, name, received "nam": perhaps name was meant'],
  [[{ name: 'x', modes: 'shared' }], 'received "modes": perhaps mode was meant'],
  [[{ name: 'x', steal: true }], 'received "steal", which belongs in the options'],
  [[['y', { name: 'x', timeout: 0 }]], 'received "timeout", which belongs in the options'],
  [[{ name: 'x', colour: 'red' }], 'a request may have mode, name, received "colour"'],
];

/** For whatever takes a lock, and says how long it may be had. */
const badTryOptions: readonly Row[] = [
  [['x', 5], 'options must be an object, received 5'],
  [['x', null], 'options must be an object, received null'],
  [['x', ['shared']], 'options must be an object, received an array of 1'],
  [['x', { maxhold: 5 }], 'received "maxhold": perhaps maxHold was meant'],
  [['x', { mode: 'write' }], `mode must be 'exclusive' or 'shared', received "write"`],
  [['x', { mode: null }], `mode must be 'exclusive' or 'shared', received null`],
  [['x', { linger: -1 }], 'linger must be 0 or more milliseconds, received -1'],
  [['x', { linger: Number.NaN }], 'linger must be 0 or more milliseconds, received NaN'],
  [['x', { maxHold: 0 }], 'maxHold must be a positive number of ms, received 0'],
  [['x', { maxHold: '9' }], 'maxHold must be a positive number of ms, received "9"'],
  [['x', { signal: {} }], 'signal must be an AbortSignal, received an object'],
  [['x', { signal: null }], 'signal must be an AbortSignal, received null'],
];

const badTimeouts: readonly Row[] = [-1, Number.NaN, '5', null, 5n].map((timeout) => [
  ['x', { timeout }],
  `timeout must be 0 or more milliseconds, received ${
    typeof timeout === 'string' ? `"${timeout}"` : timeout
  }`,
]);

const badHoldings: readonly Row[] = [
  [['x', { holding: 'y' }], 'holding must be an array of locks, received "y"'],
  [['x', { holding: ['y'] }], 'holding must be locks of this peer, received "y"'],
  [['x', { holding: [{ held: true }] }], 'holding must be locks of this peer, received an object'],
];

const badSteals: readonly Row[] = [
  [['x', { steal: 1 }], 'steal must be true or false, received 1'],
  [['x', { steal: null }], 'steal must be true or false, received null'],
  [['x', { steal: true }], 'steal needs a mesh with allowSteal: true on all its peers'],
];

const badAlternatives: readonly Row[] = [
  [['x'], 'any of several must be given as an array, received "x"'],
  [[{ name: 'x' }], 'any of several must be given as an array, received an object'],
  [[new Set(['x'])], 'any of several must be given as an array, received an object'],
  [[[]], 'any of 1 to 32 names may be asked for, received 0'],
  [[Array.from({ length: 33 }, (_, at) => `n${at}`)], 'any of 1 to 32 names may be asked for'],
  [[['x', 5]], 'a name must be a string, received 5'],
  [[['x', { name: 'y', maxHold: 5 }]], 'received "maxHold", which belongs in the options'],
  [[['x'], { holding: [] }], 'options may have linger, maxHold, mode, signal, '],
  [[['x'], { steal: true }], 'received "steal"'],
];

/** Those of a lock, for what takes an array of names. */
function ofAny(rows: readonly Row[]): readonly Row[] {
  return rows.map(([[name, options], why]) => [[[name], options], why]);
}

/** Those of a lock, for what has a name. */
function ofPermit(rows: readonly Row[]): readonly Row[] {
  const isMode = ([[, options]]: Row): boolean => Object.hasOwn(Object(options), 'mode');
  return rows.filter((row) => !isMode(row)).map(([[, options], why]) => [[options], why]);
}

const noMode: Row = [[{ mode: 'shared' }], 'a permit must have no mode, received "shared"'];

testRejected('acquire', callOf('acquire'), [
  ...[badRequests, badTryOptions, badTimeouts, badHoldings, badSteals].flat(),
  [['x', { timout: 5 }], 'received "timout": perhaps timeout was meant'],
  [['x', { ifAvailable: true }], 'received "ifAvailable"'],
]);

testRejected('tryAcquire', callOf('tryAcquire'), [
  ...badRequests,
  ...badTryOptions,
  [['x', { timeout: 0 }], 'options may have linger, maxHold, mode, signal, received "timeout"'],
  [['x', { steal: true }], 'received "steal"'],
  [['x', { holding: [] }], 'received "holding"'],
]);

testRejected(
  'acquireAny',
  callOf('acquireAny'),
  [badAlternatives, ofAny(badTryOptions), ofAny(badTimeouts)].flat(),
);

testRejected('tryAcquireAny', callOf('tryAcquireAny'), [
  ...badAlternatives,
  ...ofAny(badTryOptions),
  [[['x'], { timeout: 5 }], 'received "timeout"'],
]);

testRejected(
  'semaphore.acquire',
  (peer, options) => peer.semaphore('x', 3).acquire(options as object),
  [
    noMode,
    ...ofPermit([...badTryOptions, ...badTimeouts]),
    [[{ permits: 2 }], 'received "permits"'],
  ],
);

testRejected(
  'semaphore.tryAcquire',
  (peer, options) => peer.semaphore('x', 3).tryAcquire(options as object),
  [noMode, ...ofPermit(badTryOptions), [[{ timeout: 5 }], '"timeout"']],
);

testRejected(
  'locks.request',
  (peer, ...args) => Reflect.apply(peer.locks.request, peer.locks, args),
  [
    ...withMore(badNames, noop),
    [['x'], 'the last argument must be a function, received undefined'],
    [['x', {}, 'y'], 'the last argument must be a function, received "y"'],
    [['x', 5, noop], 'options must be an object, received 5'],
    [['x', { mode: 'write' }, noop], `mode must be 'exclusive' or 'shared', received "write"`],
    [['x', { mode: null }, noop], `mode must be 'exclusive' or 'shared', received null`],
    [['x', { signal: null }, noop], 'signal must be an AbortSignal, received null'],
    [['x', { timeout: -1 }, noop], 'timeout must be 0 or more milliseconds, received -1'],
    [['x', { timeout: '5', ifAvailable: true }, noop], 'timeout must be 0 or more milliseconds'],
    [['x', { holding: [5] }, noop], 'holding must be locks of this peer, received 5'],
    [['x', { linger: -1 }, noop], 'linger must be 0 or more milliseconds, received -1'],
    [['x', { maxHold: 0 }, noop], 'maxHold must be a positive number of ms, received 0'],
  ],
);

test.each([
  ['timeout: 0', 'x', { timeout: 0 }, 'steal waits until the holder was told, and so is no try'],
  ['a shared mode', 'x', { mode: 'shared' }, 'steal takes exclusive locks, received the mode'],
  ['one that is shared', ['y', { name: 'x', mode: 'shared' }], {}, 'steal takes exclusive locks'],
])('acquire() that steals is refused with %s', async (_, request, options, why) => {
  const peer = await openPeer(new World(), { allowSteal: true });
  const asked = callOf('acquire')(peer, request, { ...options, steal: true });
  await expect(asked).rejects.toThrow(TypeError);
  await expect(asked).rejects.toThrow(`Cannot acquire: ${why}`);
});

test('acquire() with locks of another peer is refused, and not with locks that ended', async () => {
  const [peer, other] = [await openPeer(new World()), await openPeer(new World())];
  const holding: Lock[] = [await other.acquire('x')];
  await expect(peer.acquire('y', { holding })).rejects.toThrow(
    'holding must be locks of this peer, received a lock of another peer',
  );
  const ended = await peer.acquire('x');
  await ended.release();
  expect((await peer.acquire('x', { holding: [ended] })).held).toBe(true);
});
