/**
 * What can grow is bounded, and so are the messages of a claim.
 */

import { describe, expect, test } from 'vitest';
import type { NodeSizes } from '../../../src/protocol/node.ts';
import { Bounds } from '../../../src/sim/checks/bounds.ts';
import { Messages } from '../../../src/sim/checks/messages.ts';
import { MadeUp } from './made-up.ts';
import { about, prepare, vote } from './made-up-messages.ts';

function madeUp(): MadeUp {
  return new MadeUp((setup, books) => new Bounds(setup, books));
}

/** The core of a keeps so much, and steps until it is looked at. */
function keeping(sizes: Partial<NodeSizes>): MadeUp {
  const it = madeUp().ask('a', 1, { names: ['x', 'y'] });
  const core = it.core('a');
  core.sizes = { ...core.sizes, ...sizes };
  for (let step = 0; step < 64; step += 1) it.step('a', { type: 'wake' });
  return it;
}

describe('Bounds', () => {
  test.each<Partial<NodeSizes>>([
    { entries: 1_000_000 },
    { rounds: 100_000 },
    { endings: 10_000 },
    { tracked: 10_000, entries: 1 },
    { awaiting: 24, rounds: 1 },
  ])('is content with %o', (sizes) => {
    expect(keeping(sizes).found).toEqual([]);
  });

  test.each<Partial<NodeSizes>>([
    { entries: 1_000_001 },
    { rounds: 100_001 },
    { endings: 10_001 },
    { tracked: 10_001, entries: 1 },
    { awaiting: 25, rounds: 1 },
  ])('finds %o', (sizes) => {
    expect(keeping(sizes).found).toHaveLength(1);
    expect(keeping(sizes).found[0]).toMatch(/a keeps \d+ [a-z ]+, at most \d+/);
  });

  test('lets committed entries pass the bound', () => {
    const it = madeUp().ask('a', 1).grant('a', 1).link('a', 'b');
    it.hear('a', 'b', [prepare(1, { committed: true })]);
    const core = it.core('a');
    core.sizes = { ...core.sizes, entries: 1_000_002 };
    for (let step = 0; step < 64; step += 1) it.step('a', { type: 'wake' });
    expect(it.found).toEqual([]);
  });

  test('finds a vote after more rounds than the look-ahead', () => {
    const it = madeUp()
      .link('a', 'b')
      .hear('a', 'b', [prepare(1)]);
    const rounds = Array.from({ length: 9 }, (_, number) => it.round('c', number));
    expect(it.say('a', 'b', vote(1, { after: rounds.slice(1) })).found).toEqual([]);
    expect(it.say('a', 'b', vote(1, { after: rounds })).found).toHaveLength(1);
  });

  test('finds empty frames that come too soon', () => {
    const it = madeUp().link('a', 'b').pass(200).say('a', 'b').pass(200).say('a', 'b');
    expect(it.found).toEqual([]);
    expect(it.pass(199).say('a', 'b').found[0]).toMatch(/an empty frame to b 199 ms after/);
  });

  test('finds a circle that takes no time', () => {
    const it = madeUp();
    for (let step = 0; step < 500_001; step += 1) it.step('a', { type: 'wake' });
    expect(it.found[0]).toMatch(/500000 steps at one instant, the last by a/);
    const other = madeUp();
    for (let step = 0; step < 1_000; step += 1) other.pass(1).step('a', { type: 'wake' });
    expect(other.found).toEqual([]);
  });
});

describe('Messages', () => {
  function linked(): MadeUp {
    const it = new MadeUp((setup, books) => new Messages(setup, books));
    return it.link('a', 'b').link('a', 'c').ask('a', 1);
  }

  /** b asks for its vote back, over and over, and is answered. */
  function turns(it: MadeUp, count: number): MadeUp {
    for (let of = 1; of <= count; of += 1) {
      it.hear('a', 'b', [vote(1, { of }), about('inquire', 1, of)]);
      it.say('a', 'b', about('yield', 1, of));
    }
    return it;
  }

  test('finds a vote that is given and asked back for ever', () => {
    expect(turns(linked(), 8).found).toEqual([]);
    expect(turns(linked(), 9).found[0]).toMatch(/a's claim 1 on x, has taken 25 messages/);
  });

  test('allows more with each other claim on the name', () => {
    const it = linked().ask('b', 1, { names: ['y'] });
    expect(turns(it, 9).found).not.toEqual([]);
    expect(turns(linked().ask('b', 1), 16).found).toEqual([]);
    expect(turns(linked().ask('b', 1), 17).found).not.toEqual([]);
  });

  test('allows more with each link that came up', () => {
    expect(turns(linked().link('b', 'c'), 16).found).toEqual([]);
  });

  test('does not count what others say of rounds of the same number', () => {
    const it = linked();
    for (let turn = 0; turn < 100; turn += 1) {
      it.hear('a', 'b', [prepare(1)]).say('a', 'b', vote(1));
    }
    expect(it.found).toEqual([]);
  });
});
