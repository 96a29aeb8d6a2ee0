/**
 * Scenarios of parity in which a process stands still, and does not know it.
 */

import type { Net } from './net.ts';
import { aWhileMs, longLease, type ParityScenario, shortLease } from './scenario.ts';

// Section 15, schedule 5 (Kleppmann): a holder pauses past its lease, and wakes up.
const holderPauses: ParityScenario = {
  name: 'holder-pauses-past-its-lease',
  options: { peer: shortLease },
  tells: [
    'x: a holds it',
    'x: b waits',
    'x: b waits',
    'x: b holds it',
    'x: a is told of its loss: lease',
    'x: a waits',
    'x: b gives it back',
    'x: a holds it',
  ],
  effects: [],
  pauses: true,
  play: async (net, story) => {
    const first = await story.take('a', 'x');
    const next = story.ask('b', 'x');
    await story.waits(next, 'x');
    net.node('a').pause();
    await story.waits(next, 'x');
    const lock = await story.granted(next);
    net.node('a').resume();
    await story.lost(first);
    const again = story.ask('a', 'x');
    await story.waits(again, 'x');
    await story.release(lock);
    await story.granted(again);
  },
};

// Section 15, schedule 6: the release that a waiter waits for finds it past its session.
const waiterPauses: ParityScenario = {
  name: 'waiter-pauses-past-its-session',
  options: { peer: shortLease },
  tells: [
    'x: b holds it',
    'x: b gives it back',
    'x: c waits',
    'x: c holds it',
    'x: a waits',
    'x: c gives it back',
    'x: a holds it',
  ],
  effects: [],
  pauses: true,
  play: async (net, story) => {
    const held = await story.take('b', 'x');
    const waiter = story.ask('a', 'x');
    await net.sleep(aWhileMs);
    const next = story.ask('c', 'x');
    await net.sleep(aWhileMs);
    // So long that a stands still before it arrives, and its link stays.
    net.link('b', 'a').slow(30);
    const sent = net.at('release sent', { node: 'b', with: 'a', timeout: 10_000 });
    await story.release(held);
    await sent;
    net.node('a').pause();
    await story.waits(next, 'x');
    const lock = await story.granted(next);
    net.node('a').resume();
    await story.waits(waiter, 'x', 500);
    await story.release(lock);
    await story.granted(waiter);
  },
};

const shortPause: ParityScenario = {
  name: 'holder-pauses-within-its-lease',
  options: { peer: longLease },
  tells: ['x: a holds it', 'x: b waits', 'x: b waits', 'x: a gives it back', 'x: b holds it'],
  effects: [],
  pauses: true,
  play: async (net, story) => {
    const first = await story.take('a', 'x');
    const next = story.ask('b', 'x');
    await story.waits(next, 'x');
    net.node('a').pause(500);
    await net.until(() => !net.node('a').isPaused, { timeout: 15_000 });
    await story.waits(next, 'x');
    await story.release(first);
    await story.granted(next);
  },
};

const voterPauses: ParityScenario = {
  name: 'voter-pauses-and-is-not-missed',
  options: { peer: shortLease },
  tells: [
    'x: a holds it',
    'x: c waits',
    'x: a gives it back',
    'x: c holds it',
    'x: b waits',
    'x: c gives it back',
    'x: b holds it',
  ],
  effects: [],
  pauses: true,
  play: async (net, story) => {
    net.node('b').pause();
    const first = await story.take('a', 'x');
    const next = story.ask('c', 'x');
    await net.until(() => stateOf(net, 'b') === 'unreachable', { timeout: 15_000 });
    await story.waits(next, 'x', 500);
    await story.release(first);
    const lock = await story.granted(next);
    net.node('b').resume();
    await net.converge(15_000);
    const last = story.ask('b', 'x');
    await story.waits(last, 'x');
    await story.release(lock);
    await story.granted(last);
  },
};

/** What a makes of another voter. */
function stateOf(net: Net, voter: string): string | undefined {
  const { voters } = net.node('a').peer.status();
  return voters.find(({ id }) => id === voter)?.state;
}

export const pauseScenarios: readonly ParityScenario[] = [
  ...[holderPauses, waiterPauses, shortPause, voterPauses],
];
