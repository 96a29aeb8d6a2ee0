/**
 * What the calls of the kinds of lock refuse, but for those that ask for a lock.
 */

import { expect, test } from 'vitest';
import {
  badNames,
  type Call,
  callOf,
  long,
  noop,
  type Row,
  testRejected,
  testThrown,
  withMore,
} from '../harness/bad-input.ts';
import { openPeer, World } from '../harness/world.ts';

const fire = { per: 'fire' } as const;
const always = { per: 'always' } as const;

const runOf: Call = (peer, ...args) => {
  const election = peer.elect('x');
  return Reflect.apply(election.run, election, args);
};

const onOf: Call = (peer, ...args) => {
  const election = peer.elect('x');
  return Reflect.apply(election.on, election, args);
};

testRejected('locks.query', (peer, options) => peer.locks.query(options as object), [
  [[{ scope: 'world' }], `scope must be 'local' or 'mesh', received "world"`],
]);

testRejected('query', callOf('query'), [
  ...badNames.slice(1).map(([[name], why]): Row => [[{ name }], why]),
  [[{ name: '' }], 'Cannot query: a name must have 1 to 1024 bytes of UTF-8, received 0'],
  [[5], 'Cannot query: options must be an object, received 5'],
  [[{ scope: null }], `Cannot query: scope must be 'local' or 'mesh', received null`],
  [[{ scop: 'mesh' }], 'options may have name, scope, received "scop": perhaps scope was meant'],
]);

testRejected('election.run', runOf, [
  [[], 'Cannot run: the work must be a function, received undefined'],
  [[noop, 5], 'Cannot run: options must be an object, received 5'],
  [[noop, { signals: [] }], 'may have signal, received "signals": perhaps signal was meant'],
  [[noop, { signal: {} }], 'Cannot run: signal must be an AbortSignal, received an object'],
]);

testRejected('a fire', (peer, at) => peer.singleton('x', noop, fire)(at as number), [
  [[null], 'Cannot run: the fire must be a date, a time in milliseconds, a text, or an object'],
  [[Number.NaN], 'with a date, received NaN'],
  [[new Date(Number.NaN)], 'with a date, received an object'],
  [[{ date: 5n }], 'with a date, received an object'],
  [['\ud800'], 'Cannot run: name and fire must have no lone surrogate, received "x@'],
  [['y'.repeat(1_023)], 'name and fire must have 1 to 1024 bytes of UTF-8, received 1025'],
]);

testRejected(
  'shouldRun',
  (peer, ...args) => Reflect.apply(peer.runCoordinator().shouldRun, undefined, args),
  [
    ...withMore(badNames, 5_000),
    [[undefined, 5_000], 'Cannot run: key must be a string, received undefined'],
    [['y'.repeat(1_020), 5_000], 'key must have 1 to 1019 bytes of UTF-8, received 1020'],
    [['job'], 'Cannot run: ttlMs must be 0 or more ms, received undefined'],
    [['job', Number.NaN], 'Cannot run: ttlMs must be 0 or more ms, received NaN'],
    [['job', -1], 'Cannot run: ttlMs must be 0 or more ms, received -1'],
  ],
);

testRejected('ready', callOf('ready'), [
  [[5], 'Cannot wait: options must be an object, received 5'],
  [[{ timeout: 5 }], 'Cannot wait: options may have signal, received "timeout"'],
  [[{ signal: {} }], 'Cannot wait: signal must be an AbortSignal, received an object'],
]);

testRejected('close', callOf('close'), [
  [[5], 'Cannot close: options must be an object, received 5'],
  [[{ drian: 5 }], 'options may have drain, received "drian": perhaps drain was meant'],
  [[{ drain: -1 }], 'Cannot close: drain must be 0 or more ms, received -1'],
  [[{ drain: '5' }], 'Cannot close: drain must be 0 or more ms, received "5"'],
]);

testThrown('semaphore', callOf('semaphore'), [
  ...withMore(badNames, 3),
  [[long, 3], 'Cannot make a semaphore: its name must have 1 to 1021 bytes of UTF-8, rec'],
  ...[undefined, null, Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1.5, 33].map((permits): Row => {
    const why = `permits must be a whole number from 1 to 32, received ${permits}`;
    return [['x', permits], `Cannot make a semaphore: ${why}`];
  }),
  [['x', '3'], 'permits must be a whole number from 1 to 32, received "3"'],
]);

testThrown('elect', callOf('elect'), [
  ...badNames.map(([args, why]): Row => [args, why]),
  [[''], 'Cannot elect: a name must have 1 to 1024 bytes'],
  [['x', null], 'Cannot elect: options must be an object, received null'],
  [['x', { valu: 'y' }], 'options may have value, received "valu": perhaps value was meant'],
  [['x', { value: 5 }], 'Cannot elect: value must be a string, received 5'],
  [['x', { value: long }], 'value must have at most 1024 bytes of UTF-8, received 1026'],
  [['x', { value: '\ud800' }], 'Cannot elect: value must have no lone surrogate'],
]);

testThrown('election.on', onOf, [
  [['changes', noop], `Cannot listen: the event must be 'change', received "changes"`],
  [['change', 5], 'Cannot listen for change: the listener must be a function, received 5'],
]);

testThrown('singleton', callOf('singleton'), [
  ...withMore(badNames, noop, fire),
  ...withMore(badNames, noop, always),
  [['', noop, fire], 'Cannot make a singleton: a name must have 1 to 992 bytes of UTF-8'],
  [['x'.repeat(993), noop, fire], '1 to 992 bytes of UTF-8, received 993'],
  [['', noop, always], 'Cannot make a singleton: a name must have 1 to 1024 bytes of UTF-8'],
  [['x', 5, fire], 'what it runs must be a function, received 5'],
  [['x', noop], `per must be 'fire' or 'always', received undefined`],
  [['x', noop, { per: 'Fire' }], `per must be 'fire' or 'always', received "Fire"`],
  [['x', noop, { ...fire, remembr: 5 }], '"remembr": perhaps remember was meant'],
  [['x', noop, { ...fire, remember: -1 }], 'remember must be 0 or more milliseconds, received'],
  [['x', noop, { ...fire, remember: Number.NaN }], 'remember must be 0 or more milliseconds'],
  [['x', noop, { ...fire, remember: null }], 'milliseconds, received null'],
  [['x', noop, { ...always, remember: 5 }], 'must be per alone, received "remember"'],
]);

testThrown('on', callOf('on'), [
  [['error', noop], 'Cannot listen: there is no event "error"'],
  [['lost', 5], 'Cannot listen for lost: the listener must be a function, received 5'],
]);

test('a name as long as it may be has room for what is made of it', async () => {
  const peer = await openPeer(new World());
  const job = peer.singleton('x'.repeat(992), ({ name }) => name.length, fire);
  expect(await job(-Number.MAX_VALUE)).toBe(1_017);
  expect(await peer.semaphore('x'.repeat(1_021), 32).acquire()).toMatchObject({ slot: 0 });
  expect(await peer.runCoordinator().shouldRun('x'.repeat(1_019), 0)).toBe(true);
});
