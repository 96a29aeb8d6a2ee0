/**
 * Scenarios of parity in which processes die, and come back.
 */

import { aWhileMs, longLease, type ParityScenario, shortLease } from './scenario.ts';

function holderDies(name: string, network: 'reset, tail lost' | 'silent'): ParityScenario {
  return {
    name,
    options: { peer: shortLease },
    tells: [
      'x: a holds it',
      'x: b waits',
      'x: b waits',
      'x: b holds it',
      'x: b gives it back',
      'x: a holds it',
    ],
    effects: ['processes killed', 'processes restarted'],
    play: async (net, story) => {
      await story.take('a', 'x');
      const next = story.ask('b', 'x');
      await story.waits(next, 'x');
      net.node('a').crash({ network });
      await story.waits(next, 'x');
      await story.release(await story.granted(next));
      await net.node('a').restart();
      await net.converge(15_000);
      await story.take('a', 'x');
    },
  };
}

const sameId: ParityScenario = {
  name: 'restart-under-the-same-id',
  options: { peer: shortLease },
  tells: [
    'x: a holds it',
    'x: a waits',
    'x: a holds it',
    'x: b waits',
    'x: a gives it back',
    'x: b holds it',
  ],
  effects: ['processes killed', 'processes restarted'],
  play: async (net, story) => {
    await story.take('a', 'x');
    net.node('a').crash();
    await net.node('a').restart();
    // What it held before it knows nothing of, and waits for as anybody would.
    const again = story.ask('a', 'x');
    await story.waits(again, 'x');
    const lock = await story.granted(again);
    const next = story.ask('b', 'x');
    await story.waits(next, 'x');
    await story.release(lock);
    await story.granted(next);
  },
};

// Section 15, schedule 12: voters that forget, one after the other, while a claim holds.
const forgetful: ParityScenario = {
  name: 'forgetful-voters',
  options: { peer: longLease },
  tells: [
    'b: tries x in vain',
    'c: tries x in vain',
    'x: a holds it',
    'x: c waits',
    'x: a gives it back',
    'x: c holds it',
  ],
  effects: ['processes killed', 'processes restarted'],
  play: async (net, story) => {
    const first = await story.take('a', 'x');
    for (const node of ['b', 'c']) {
      net.node(node).crash();
      await net.node(node).restart();
      await net.converge(15_000);
      await story.try(node, 'x');
    }
    const next = story.ask('c', 'x');
    await story.waits(next, 'x');
    await story.release(first);
    await story.granted(next);
  },
};

// Section 15, schedule 14: the coordinator dies when it has decided, and COMMIT is lost with it.
const coordinatorDies: ParityScenario = {
  name: 'coordinator-dies-committing',
  options: { peer: shortLease },
  tells: ['x: a holds it', 'x: b waits', 'x: b holds it'],
  effects: ['messages lost', 'processes killed'],
  play: async (net, story) => {
    // Whether what is under way dies with a process is chance: here it does.
    for (const to of ['b', 'c']) net.link('a', to).drop('commit').once();
    const committing = net.at('commit sent', { node: 'a', timeout: 10_000 });
    const first = story.ask('a', 'x');
    await committing;
    await story.granted(first);
    net.node('a').crash();
    const next = story.ask('b', 'x');
    await story.waits(next, 'x');
    await story.granted(next);
  },
};

// The same, earlier: nobody has been granted.
const coordinatorAsks: ParityScenario = {
  name: 'coordinator-dies-asking',
  options: { peer: shortLease },
  tells: ['x: b holds it', 'x: b gives it back', 'x: a holds it'],
  effects: ['messages lost', 'processes killed'],
  play: async (net, story) => {
    for (const to of ['b', 'c']) net.link('a', to).drop('prepare').once();
    const asking = net.at('prepare sent', { node: 'a', timeout: 10_000 });
    story.ask('a', 'x');
    await asking;
    net.node('a').crash();
    const lock = await story.take('b', 'x');
    await net.node('a').restart();
    await net.converge(15_000);
    await story.release(lock);
    await story.take('a', 'x');
  },
};

// A service that must run once: whoever holds the lock is its leader.
const leader: ParityScenario = {
  name: 'leader-crashes-and-comes-back',
  options: { peer: shortLease },
  tells: ['x: a holds it', 'x: b holds it', 'x: a holds it'],
  effects: ['processes killed', 'processes restarted'],
  play: async (net, story) => {
    let leader = '';
    const lead = (node: string): void => {
      void net.node(node).run(async ({ id, peer, signal, sleep }) => {
        for (;;) {
          await using lock = await peer.acquire('x', { signal });
          story.noteGrant({ node: id, peer, lock });
          leader = id;
          while (lock.held && !signal.aborted) await sleep(20);
          if (signal.aborted) return;
        }
      });
    };
    for (const node of ['a', 'b']) {
      lead(node);
      await net.sleep(aWhileMs);
    }
    for (const [from, to] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      await net.until(() => leader === from, { timeout: 15_000 });
      net.node(from).crash();
      await net.until(() => leader === to, { timeout: 15_000 });
      await net.node(from).restart();
    }
  },
};

// With no memory and no disk left, later tokens rest on the clocks.
const allRestart: ParityScenario = {
  name: 'all-restart-at-once',
  options: { peer: shortLease },
  tells: ['x: a holds it', 'x: b holds it', 'x: c waits', 'x: b gives it back', 'x: c holds it'],
  effects: ['processes killed', 'processes restarted'],
  play: async (net, story) => {
    await story.take('a', 'x');
    for (const node of net.nodes) node.crash();
    await Promise.all(net.nodes.map((node) => node.restart()));
    const lock = await story.take('b', 'x');
    const next = story.ask('c', 'x');
    await story.waits(next, 'x');
    await story.release(lock);
    await story.granted(next);
  },
};

export const processScenarios: readonly ParityScenario[] = [
  holderDies('holder-crashes', 'reset, tail lost'),
  holderDies('machine-of-holder-goes-off', 'silent'),
  ...[sameId, forgetful, coordinatorDies, coordinatorAsks, leader, allRestart],
];
