/**
 * Scenarios of parity about who has a say: voters that are down, members that do not vote, and
 * processes that do not belong.
 */

import type { Plan } from '../../src/sim/plan.ts';
import { smallPlan } from '../sim/small-plan.ts';
import { longLease, type ParityScenario, shortLease } from './scenario.ts';

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

export const membershipScenarios: readonly ParityScenario[] = [unanimous, member, twin, misfit];

/** It comes soon, and is gone before it would give up. */
function twinPlan(): Plan {
  const plan = smallPlan();
  return {
    ...plan,
    mesh: { ...plan.mesh, leaseMs: 10_000, prepareTimeoutMs: 2_000 },
    steps: [{ when: { atMs: 300 }, act: { do: 'duplicate', host: 0, forMs: 1_500 } }],
  };
}
