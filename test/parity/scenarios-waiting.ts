/**
 * Scenarios of parity without faults: who waits for whom, and how a wait ends.
 */

import { aWhileMs, longLease, type ParityScenario } from './scenario.ts';

const waiters: ParityScenario = {
  name: 'waiters-in-order',
  options: { peer: longLease },
  tells: [
    'x: a holds it',
    'x: a waits',
    'x: a gives it back',
    'x: b holds it',
    'x: b gives it back',
    'x: c holds it',
    'x: c gives it back',
    'x: a holds it',
  ],
  effects: [],
  play: async (net, story) => {
    const first = await story.take('a', 'x');
    const second = story.ask('b', 'x');
    await net.sleep(aWhileMs);
    const third = story.ask('c', 'x');
    await net.sleep(aWhileMs);
    const last = story.ask('a', 'x');
    await story.waits(last, 'x');
    await story.release(first);
    for (const next of [second, third]) await story.release(await story.granted(next));
    await story.granted(last);
  },
};

const trying: ParityScenario = {
  name: 'try',
  options: { peer: longLease },
  tells: ['b: tries x in vain', 'x: a holds it', 'x: a gives it back', 'x: b holds it'],
  effects: [],
  play: async (net, story) => {
    const first = await story.take('a', 'x');
    await net.sleep(aWhileMs);
    await story.try('b', 'x');
    await story.release(first);
    await net.sleep(aWhileMs);
    await story.try('b', 'x');
  },
};

// Section 15, schedule 9: what was given up stands in nobody's way, nor is it granted later.
const timeout: ParityScenario = {
  name: 'timeout',
  options: { peer: longLease },
  tells: [
    'b: is refused x: ERR_LOCK_TIMEOUT',
    'b: is refused x: ERR_LOCK_TIMEOUT',
    'x: a holds it',
    'x: a gives it back',
    'x: c holds it',
    'x: c gives it back',
    'x: b holds it',
  ],
  effects: [],
  play: async (net, story) => {
    const first = await story.take('a', 'x');
    for (const timeout of [300, 0]) await story.failed(story.ask('b', 'x', { timeout }));
    await story.release(first);
    await story.release(await story.take('c', 'x'));
    await net.sleep(aWhileMs);
    await story.take('b', 'x', { timeout: 5_000 });
  },
};

const abort: ParityScenario = {
  name: 'abort-signal',
  options: { peer: longLease },
  tells: [
    'b: is refused x: Error: Changed its mind',
    'x: a holds it',
    'x: c waits',
    'x: a gives it back',
    'x: c holds it',
  ],
  effects: [],
  play: async (net, story) => {
    const first = await story.take('a', 'x');
    const ending = new AbortController();
    const second = story.ask('b', 'x', { signal: ending.signal });
    await net.sleep(aWhileMs);
    const third = story.ask('c', 'x');
    await story.waits(third, 'x');
    ending.abort(new Error('Changed its mind'));
    await story.failed(second);
    await story.release(first);
    await story.granted(third);
  },
};

const modes: ParityScenario = {
  name: 'shared-and-exclusive',
  options: { peer: longLease },
  tells: [
    'x: a holds it, shared',
    'x: b holds it, shared',
    'x: c waits',
    'x: a waits',
    'x: a gives it back',
    'x: c waits',
    'x: b gives it back',
    'x: c holds it',
    'x: c gives it back',
    'x: a holds it, shared',
  ],
  effects: [],
  play: async (_net, story) => {
    const shared = { mode: 'shared' } as const;
    const one = await story.take('a', 'x', shared);
    const other = await story.take('b', 'x', shared);
    const writer = story.ask('c', 'x');
    await story.waits(writer, 'x');
    const late = story.ask('a', 'x', shared);
    await story.waits(late, 'x');
    await story.release(one);
    await story.waits(writer, 'x');
    await story.release(other);
    await story.release(await story.granted(writer));
    await story.granted(late);
  },
};

const several: ParityScenario = {
  name: 'several-names',
  options: { peer: longLease },
  tells: [
    'x: a holds it',
    'x: a gives it back',
    'y: a holds it',
    'y: a gives it back',
    'y: b holds it',
    'y: b gives it back',
    'z: b waits',
    'z: c waits',
    'z: b holds it',
    'z: b gives it back',
    'z: c holds it',
  ],
  effects: [],
  play: async (_net, story) => {
    const first = await story.take('a', ['x', 'y']);
    const second = story.ask('b', ['y', 'z']);
    await story.waits(second, 'z');
    // The name is free, and yet b has asked before.
    const third = story.ask('c', 'z');
    await story.waits(third, 'z');
    await story.release(first);
    await story.release(await story.granted(second));
    await story.granted(third);
  },
};

// Section 15, schedule 3: in each order at once, and nobody waits for ever.
const crossing: ParityScenario = {
  name: 'crossing-orders-unanimous',
  options: { peer: { ...longLease, quorum: 'unanimous' } },
  tells: [
    ...['a', 'b', 'c'].flatMap((node) => [`x: ${node} gives it back`, `x: ${node} holds it`]),
    ...['a', 'b', 'c'].flatMap((node) => [`y: ${node} gives it back`, `y: ${node} holds it`]),
  ],
  effects: [],
  unordered: ['x', 'y'],
  play: async (_net, story) => {
    const asked = [
      story.ask('a', ['x', 'y']),
      story.ask('b', ['y', 'x']),
      story.ask('c', ['x', 'y']),
    ];
    const done = asked.map(async (each) => await story.release(await story.granted(each)));
    await Promise.all(done);
  },
};

const maxHold: ParityScenario = {
  name: 'max-hold',
  options: { peer: longLease },
  tells: ['x: a holds it', 'x: b waits', 'x: a is told of its loss: max-hold', 'x: b holds it'],
  effects: [],
  play: async (_net, story) => {
    await story.take('a', 'x', { maxHold: 800 });
    const next = story.ask('b', 'x');
    await story.waits(next, 'x');
    await story.granted(next);
  },
};

const handOver: ParityScenario = {
  name: 'graceful-hand-over',
  options: { peer: longLease },
  tells: [
    'a: is refused y: ERR_PEER_CLOSED',
    'x: a holds it',
    'x: b waits',
    'x: a is told of its loss: ERR_PEER_CLOSED',
    'x: b holds it',
    'x: b gives it back',
    'x: a holds it',
    'y: c holds it',
  ],
  effects: [],
  play: async (net, story) => {
    await story.take('a', 'x');
    await story.take('c', 'y');
    story.ask('a', 'y');
    const next = story.ask('b', 'x');
    await story.waits(next, 'x');
    await net.node('a').stop();
    await story.release(await story.granted(next));
    await net.node('a').restart();
    await story.take('a', 'x');
  },
};

// Section 15, schedule 15: SIGTERM while holding.
const drain: ParityScenario = {
  name: 'drain',
  options: { peer: longLease },
  tells: [
    'a: is refused y: ERR_PEER_CLOSED',
    'x: a holds it',
    'x: b waits',
    'x: a gives it back',
    'x: b holds it',
  ],
  effects: [],
  play: async (net, story) => {
    const first = await story.take('a', 'x');
    const next = story.ask('b', 'x');
    const stopped = net.node('a').stop({ drain: 30_000 });
    await net.sleep(aWhileMs);
    await story.failed(story.ask('a', 'y'));
    await story.waits(next, 'x');
    await story.release(first);
    await stopped;
    await story.granted(next);
  },
};

export const waitingScenarios: readonly ParityScenario[] = [
  ...[waiters, trying, timeout, abort, modes, several, crossing, maxHold, handOver, drain],
];
