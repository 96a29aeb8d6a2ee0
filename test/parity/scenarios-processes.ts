/**
 * Scenarios of parity in which processes die, come back, are there twice, or do not vote.
 */

import type { Plan } from '../../src/sim/plan.ts';
import { smallPlan } from '../sim/small-plan.ts';
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

const unanimous: ParityScenario = {
  name: 'unanimous-with-one-down',
  options: { peer: { ...shortLease, quorum: 'unanimous' } },
  tells: [
    'b: is refused x: ERR_NO_QUORUM',
    'x: a holds it',
    'x: b waits',
    'x: a gives it back',
    'x: b holds it',
  ],
  effects: ['processes restarted'],
  play: async (net, story) => {
    const first = await story.take('a', 'x');
    await net.node('c').stop();
    await story.failed(story.ask('b', 'x'));
    await net.sleep(1_500);
    await net.node('c').restart();
    await net.converge(15_000);
    const next = story.ask('b', 'x');
    await story.waits(next, 'x');
    await story.release(first);
    await story.granted(next);
  },
};

const member: ParityScenario = {
  name: 'member-that-does-not-vote',
  options: {
    nodes: ['a', 'b', 'c', { id: 'm', votes: false }],
    peer: shortLease,
  },
  tells: [
    'x: m holds it',
    'x: a waits',
    'x: m gives it back',
    'x: a holds it',
    'x: m waits',
    'x: a gives it back',
    'x: m holds it',
    'x: b waits',
    'x: b waits',
    'x: b holds it',
  ],
  effects: ['processes killed'],
  play: async (net, story) => {
    const first = await story.take('m', 'x');
    const second = story.ask('a', 'x');
    await story.waits(second, 'x');
    await story.release(first);
    const lock = await story.granted(second);
    const third = story.ask('m', 'x');
    await story.waits(third, 'x');
    await story.release(lock);
    await story.granted(third);
    const last = story.ask('b', 'x');
    await story.waits(last, 'x');
    net.node('m').crash();
    await story.waits(last, 'x');
    await story.granted(last);
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

// A second process with the id of the holder: whoever hears the first refuses it.
const twin: ParityScenario = {
  name: 'duplicate-id-refused',
  options: { peer: longLease, faults: twinPlan() },
  tells: [
    'b: is warned: refused a',
    'c: is warned: refused a',
    'x: a holds it',
    'x: b waits',
    'x: a gives it back',
    'x: b holds it',
  ],
  effects: [],
  play: async (net, story) => {
    const warned = ['b', 'c'].map((node) => story.warnings(node));
    const first = await story.take('a', 'x');
    const next = story.ask('b', 'x');
    await net.until(() => warned.every(({ size }) => size > 0), { timeout: 15_000 });
    await story.waits(next, 'x', 500);
    await story.release(first);
    await story.granted(next);
  },
};

// Section 15, schedule 11: peers that differ in what they agree on have no say with each other.
const misfit: ParityScenario = {
  name: 'other-options-refused',
  options: {
    nodes: 4,
    cold: true,
    peer: ({ id }) => (id === 'd' ? { ...shortLease, lease: 1_500 } : shortLease),
  },
  tells: [
    'a: is warned: refused d',
    'd: is refused x: ERR_LOCK_TIMEOUT',
    'x: a holds it',
    'x: b waits',
    'x: a gives it back',
    'x: b holds it',
  ],
  effects: [],
  play: async (net, story) => {
    await net.until(() => net.nodes.every(({ isUp }) => isUp), { timeout: 15_000 });
    const warned = story.warnings('a');
    const first = await story.take('a', 'x');
    await story.failed(story.ask('d', 'x', { timeout: 500 }));
    await net.until(() => warned.size > 0, { timeout: 15_000 });
    const next = story.ask('b', 'x');
    await story.waits(next, 'x');
    await story.release(first);
    await story.granted(next);
  },
};

/** It comes soon, and is gone before it would give up. */
function twinPlan(): Plan {
  const plan = smallPlan();
  return {
    ...plan,
    mesh: { ...plan.mesh, leaseMs: 10_000, prepareTimeoutMs: 2_000 },
    steps: [{ when: { atMs: 300 }, act: { do: 'duplicate', host: 0, forMs: 1_500 } }],
  };
}

export const processScenarios: readonly ParityScenario[] = [
  holderDies('holder-crashes', 'reset, tail lost'),
  holderDies('machine-of-holder-goes-off', 'silent'),
  ...[
    sameId,
    forgetful,
    coordinatorDies,
    coordinatorAsks,
    unanimous,
    member,
    leader,
    allRestart,
    twin,
    misfit,
  ],
];
