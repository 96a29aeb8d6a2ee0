/**
 * Scenarios of parity in which connections break, carry nothing, or carry it one way.
 */

import type { Net } from './net.ts';
import { aWhileMs, longLease, type ParityScenario, shortLease } from './scenario.ts';

/** Nothing passes between two nodes, either way. @returns what ends that */
function cut(net: Net, one: string, other: string): () => void {
  const links = [net.link(one, other), net.link(other, one)];
  for (const link of links) link.hold();
  return () => {
    for (const link of links) link.release();
  };
}

// Section 15, schedule 2: a holder that refreshes into the void.
function cutOff(name: string, shape: 'isolate' | 'one-way'): ParityScenario {
  return {
    name,
    options: { peer: shortLease },
    tells: [
      'x: a holds it',
      'x: b waits',
      'x: b waits',
      'x: a is told of its loss: lease',
      'x: b holds it',
      'x: a waits',
      'x: b gives it back',
      'x: a holds it',
    ],
    effects: ['messages held'],
    play: async (net, story) => {
      await story.take('a', 'x');
      const next = story.ask('b', 'x');
      await story.waits(next, 'x');
      const partition = net.partition(shape);
      await story.waits(next, 'x');
      const lock = await story.granted(next);
      partition.heal();
      await net.converge(15_000);
      const again = story.ask('a', 'x');
      await story.waits(again, 'x');
      await story.release(lock);
      await story.granted(again);
    },
  };
}

// What passes on one link, and not on all, costs nobody a lock.
const halfOpen: ParityScenario = {
  name: 'half-open-link',
  options: { peer: shortLease },
  tells: [
    'x: a holds it',
    'x: b waits',
    'x: a gives it back',
    'x: b holds it',
    'x: b gives it back',
  ],
  effects: ['messages held'],
  play: async (net, story) => {
    const first = await story.take('a', 'x');
    const mend = cut(net, 'a', 'b');
    const next = story.ask('b', 'x');
    const notices = (one: string, other: string): boolean => {
      const { voters } = net.node(one).peer.status();
      return voters.some(({ id, state }) => id === other && state === 'unreachable');
    };
    await net.until(() => notices('a', 'b') && notices('b', 'a'), { timeout: 15_000 });
    await story.waits(next, 'x', 1_200);
    await story.release(first);
    const lock = await story.granted(next);
    mend();
    await net.converge(15_000);
    await story.release(lock);
  },
};

// Section 15, schedule 11: two majorities that have one node in common.
const bridge: ParityScenario = {
  name: 'bridge',
  options: { nodes: 5, peer: shortLease },
  tells: [
    'x: b holds it',
    'x: d waits',
    'x: b gives it back',
    'x: d holds it',
    'x: c waits',
    'x: d gives it back',
    'x: c holds it',
  ],
  effects: ['messages held'],
  play: async (net, story) => {
    // b and c do not hear d and e; a hears all.
    net.partition('bridge');
    const first = await story.take('b', 'x');
    const second = story.ask('d', 'x');
    await story.waits(second, 'x', 1_500);
    await story.release(first);
    const lock = await story.granted(second);
    const third = story.ask('c', 'x');
    await story.waits(third, 'x');
    await story.release(lock);
    await story.granted(third);
  },
};

// Section 15, schedule 4: neither half is all of the mesh, whom it may see or not.
const halves: ParityScenario = {
  name: 'halves-unanimous',
  options: { nodes: 4, peer: { ...shortLease, quorum: 'unanimous' } },
  tells: [
    'b: is refused y: ERR_NO_QUORUM',
    'c: is refused y: ERR_NO_QUORUM',
    'd: tries x in vain',
    'x: a holds it',
    'x: a gives it back',
    'x: c holds it',
    'y: b holds it',
  ],
  effects: ['messages held'],
  play: async (net, story) => {
    const held = await story.take('a', 'x');
    const partition = net.partition('halves');
    await Promise.all(['b', 'c'].map((node) => story.failed(story.ask(node, 'y'))));
    // What was held is kept through any partition.
    await net.sleep(1_500);
    partition.heal();
    await net.converge(15_000);
    await story.try('d', 'x');
    await story.release(held);
    await story.take('c', 'x');
    await story.take('b', 'y');
  },
};

const minority: ParityScenario = {
  name: 'minority-has-no-quorum',
  options: { nodes: 5, peer: longLease },
  tells: [
    'a: is refused x: ERR_NO_QUORUM',
    'b: is refused x: ERR_NO_QUORUM',
    'x: c holds it',
    'x: c gives it back',
    'x: b holds it',
  ],
  effects: ['connections lost', 'dials swallowed'],
  play: async (net, story) => {
    const partition = net.partition('minority', { breaks: true });
    const asked = ['a', 'b'].map((node) => story.ask(node, 'x'));
    await Promise.all(asked.map((each) => story.failed(each)));
    const lock = await story.take('c', 'x');
    partition.heal();
    await net.converge(15_000);
    await story.release(lock);
    await story.take('b', 'x');
  },
};

// Section 15, schedule 15: a release that cannot be sent takes effect when the link is back.
const releaseLost: ParityScenario = {
  name: 'release-while-cut-off',
  options: { peer: longLease },
  tells: ['x: a holds it', 'x: a gives it back', 'x: b waits', 'x: b holds it'],
  effects: ['connections lost'],
  play: async (net, story) => {
    const first = await story.take('a', 'x');
    const next = story.ask('b', 'x');
    await net.sleep(aWhileMs);
    const partition = net.partition('isolate', { breaks: true });
    await story.release(first);
    await story.waits(next, 'x', 500);
    partition.heal();
    await story.granted(next);
  },
};

// Section 15, schedule 8: a COMMIT is lost on its way to a voter, which is then asked by another.
const commitLost: ParityScenario = {
  name: 'commit-lost',
  options: { peer: longLease },
  tells: [
    'a→c: frames lost: 1',
    'c: tries x in vain',
    'x: a holds it',
    'x: c waits',
    'x: a gives it back',
    'x: c holds it',
  ],
  effects: ['messages lost'],
  play: async (net, story) => {
    const drop = net.link('a', 'c').drop('commit').once();
    const first = await story.take('a', 'x');
    const next = story.ask('c', 'x');
    await story.waits(next, 'x', 500);
    await story.try('c', 'x');
    story.tell('a→c', `frames lost: ${drop.count}`);
    await story.release(first);
    await story.granted(next);
  },
};

const flapping: ParityScenario = {
  name: 'flapping-link',
  options: { peer: longLease },
  tells: [
    'x: a holds it',
    'x: c waits',
    'x: a gives it back',
    'x: c holds it',
    'x: c gives it back',
  ],
  effects: ['connections lost'],
  play: async (net, story) => {
    const first = await story.take('a', 'x');
    const partition = net.partition('isolate', { breaks: true, every: 300 });
    const next = story.ask('c', 'x');
    await story.waits(next, 'x', 2_000);
    partition.heal();
    await story.release(first);
    const lock = await story.granted(next);
    await net.converge(15_000);
    await story.release(lock);
  },
};

const slow: ParityScenario = {
  name: 'slow-links',
  options: { peer: longLease },
  tells: ['x: a holds it', 'x: b waits', 'x: a gives it back', 'x: b holds it'],
  effects: [],
  play: async (net, story) => {
    // Some 150 ms each way, to and from whom asks first.
    for (const node of ['b', 'c'])
      for (const link of [net.link('a', node), net.link(node, 'a')]) link.slow(30);
    const first = await story.take('a', 'x');
    const next = story.ask('b', 'x');
    await story.waits(next, 'x', 500);
    await story.release(first);
    await story.granted(next);
  },
};

export const networkScenarios: readonly ParityScenario[] = [
  cutOff('holder-cut-off', 'isolate'),
  cutOff('one-way-link', 'one-way'),
  ...[halfOpen, bridge, halves, minority, releaseLost, commitLost, flapping, slow],
];
