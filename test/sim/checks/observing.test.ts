/**
 * Who observes asks, and is answered, and does not go back.
 */

import { describe, expect, test } from 'vitest';
import { type Message, type Output, peerId, stamp } from '../../../src/protocol/index.ts';
import { Observing } from '../../../src/sim/checks/observing.ts';
import { MadeUp } from './made-up.ts';
import { decided, prepare, vote } from './made-up-messages.ts';

const observe: Message = { type: 'observe', name: 'x', isOn: true };

function leader(token: number, id: string | null): Message {
  const leading = id === null ? null : { peer: peerId(id), value: '' };
  return { type: 'leader', name: 'x', token: stamp(token), leader: leading };
}

function shows(token: number, name = 'x'): Output {
  const view = { peer: peerId('c'), value: '', token: stamp(token) };
  return { type: 'leader', name, leader: token === 0 ? null : view };
}

/** a is linked with b, and observes x. */
function observed(floor = 0): MadeUp {
  const it = new MadeUp((setup, books) => new Observing(setup, books));
  it.link('a', 'b').step('a', { type: 'observe', name: 'x', floor: stamp(floor) });
  return it;
}

describe('Observing', () => {
  test('is content with who asks at once, and on each new link', () => {
    const it = observed().say('a', 'b', observe).unlink('a', 'b').link('a', 'b');
    expect(it.say('a', 'b', observe).found).toEqual([]);
  });

  test('finds who does not ask at once, or not again', () => {
    const unasked = ['At 0 ms: a does not ask b who leads x'];
    expect(observed().say('a', 'b').found).toEqual(unasked);
    const again = observed().say('a', 'b', observe).unlink('a', 'b').link('a', 'b');
    expect(again.say('a', 'b').found).toEqual(unasked);
  });

  test('asks nothing of who does not observe any more, nor where the link is gone', () => {
    const off = observed().say('a', 'b', observe);
    off.step('a', { type: 'unobserve', name: 'x' }).unlink('a', 'b').link('a', 'b');
    expect(off.say('a', 'b').found).toEqual([]);
    expect(observed().unlink('a', 'b').say('a', 'b').found).toEqual([]);
  });

  test('finds a voter that does not answer', () => {
    const asked = (): MadeUp => {
      const it = new MadeUp((setup, books) => new Observing(setup, books));
      return it.link('a', 'b').hear('a', 'b', [observe]);
    };
    expect(asked().say('a', 'b', leader(0, null)).found).toEqual([]);
    expect(asked().say('a', 'b').found).toEqual(['At 0 ms: a does not tell b who leads x']);
    const off: Message = { type: 'observe', name: 'x', isOn: false };
    expect(asked().hear('a', 'b', [off]).say('a', 'b').found).toEqual([]);
  });

  test('finds a voter that does not tell of a grant, of another or its own', () => {
    const value = 'here';
    const observer = (): MadeUp => {
      const it = new MadeUp((setup, books) => new Observing(setup, books));
      it.tellVoting('a').link('a', 'b').link('a', 'c').hear('a', 'c', [observe]);
      return it.say('a', 'c', leader(0, null));
    };
    const untold = ['At 0 ms: a does not tell c who leads x'];
    const decide = (): MadeUp => {
      const it = observer()
        .hear('a', 'b', [prepare(1, { value })])
        .say('a', 'b', vote(1));
      return it.hear('a', 'b', [decided('commit', 1)]);
    };
    expect(decide().say('a', 'c', leader(1, 'b')).found).toEqual([]);
    expect(decide().say('a', 'b').found).toEqual(untold);
    const again = decide().say('a', 'c', leader(1, 'b'));
    expect(again.hear('a', 'b', [decided('commit', 1)]).say('a', 'b').found).toEqual([]);
    expect(observer().ask('a', 1, { value }).grant('a', 1).say('a', 'b').found).toEqual(untold);
    expect(observer().ask('a', 1).grant('a', 1).say('a', 'b').found).toEqual([]);
  });

  test('finds one that is shown after its end was heard, or its own lock was let go', () => {
    const it = observed().step('a', { type: 'wake' }, shows(5));
    expect(it.hear('a', 'b', [leader(5, null)], { outputs: [shows(0)] }).found).toEqual([]);
    expect(it.step('a', { type: 'wake' }, shows(5)).found).toEqual([
      'At 0 ms: a sees token 5 lead x, and knows that token 5 has ended',
    ]);
    const own = observed().ask('a', 1, { value: 'here' }).grant('a', 1, { token: 7 });
    own.step('a', { type: 'wake' }, shows(7)).release('a', 1);
    expect(own.found[0]).toMatch(/a sees token 7 lead x, and knows that token 7 has ended/);
  });

  test('finds one with a smaller token than the last, or than it had begun with', () => {
    const it = observed()
      .step('a', { type: 'wake' }, shows(5))
      .step('a', { type: 'wake' }, shows(0));
    expect(it.step('a', { type: 'wake' }, shows(4)).found).toEqual([
      'At 0 ms: a sees c lead x with token 4, after one with token 5',
    ]);
    const floor = observed(9).step('a', { type: 'wake' }, shows(8));
    expect(floor.found[0]).toMatch(/after one with token 9/);
  });

  test('finds that it is told of what it does not observe', () => {
    expect(observed().step('a', { type: 'wake' }, shows(5, 'y')).found).toEqual([
      'At 0 ms: a tells who leads y, which nobody asked',
    ]);
  });
});
