/**
 * What an observer makes of what the voters say (rule 8.7).
 */

import { describe, expect, test } from 'vitest';
import { Entry } from '../../src/protocol/entry.ts';
import {
  incarnation,
  type Leader,
  type Observe,
  type PeerId,
  type Prepare,
  peerId,
  roundNumber,
  stamp,
  timeMs,
} from '../../src/protocol/index.ts';
import { Leaders } from '../../src/protocol/leaders.ts';
import { Observers } from '../../src/protocol/observers.ts';
import type { Sender } from '../../src/protocol/sessions.ts';

const leaseMs = 1_000;

/** An observer of `x`, and what the voters a, b and c tell it. */
class Room {
  readonly said: (Observe & { readonly to: PeerId })[] = [];
  leaders: Leaders;

  constructor(floor = 0) {
    this.leaders = this.#create();
    this.leaders.observe('x', stamp(floor));
  }

  #create(): Leaders {
    const voters = ['a', 'b', 'c'].map((id) => peerId(id));
    const mesh = {
      allowSteal: false,
      leaseMs,
      maxClockDrift: 0.01,
      members: true,
      quorum: 2,
      replicas: 3,
      voters,
    };
    return new Leaders(mesh, (to, message) => this.said.push({ to, ...message }));
  }

  /** What the voter says; who leads then, if that has changed. */
  hear(voter: string, token: number, leader: string | null): string | null | undefined {
    const word: Leader = {
      ...{ type: 'leader', name: 'x', token: stamp(token) },
      leader: leader === null ? null : { peer: peerId(leader), value: leader },
    };
    this.leaders.onLeader(peerId(voter), word);
    return this.take();
  }

  take(): string | null | undefined {
    const [change] = this.leaders.take();
    return change === undefined ? undefined : (change.leader?.peer ?? null);
  }

  restore(now: number): void {
    const snapshot = this.leaders.snapshot(timeMs(now));
    this.leaders = this.#create();
    this.leaders.restore(structuredClone(snapshot), timeMs(now));
  }
}

describe('an observer', () => {
  test('believes the first that tells, and the greatest token', () => {
    const room = new Room();
    expect(room.said.map(({ to, isOn }) => [to, isOn])).toEqual([
      ['a', true],
      ['b', true],
      ['c', true],
    ]);
    expect(room.hear('a', 5, 'p')).toBe('p');
    expect(room.hear('b', 5, 'p')).toBe(undefined);
    expect(room.hear('c', 7, 'q')).toBe('q');
    expect(room.hear('a', 7, 'q')).toBe(undefined);
  });

  test('believes no smaller token than before, nor one that has ended', () => {
    const room = new Room();
    room.hear('a', 5, 'p');
    room.hear('c', 7, 'q');
    expect(room.hear('c', 7, null)).toBe(null);
    expect(room.hear('b', 7, 'q')).toBe(undefined);
    expect(room.hear('b', 6, 'r')).toBe(undefined);
    expect(room.hear('b', 8, 'r')).toBe('r');
    expect(new Room(9).hear('a', 8, 'r')).toBe(undefined);
  });

  test('goes on believing what one voter says, where others do not know any more', () => {
    const room = new Room();
    for (const voter of ['a', 'b']) room.hear(voter, 5, 'p');
    expect(room.hear('a', 0, null)).toBe(undefined);
    expect(room.hear('b', 0, null)).toBe(null);
    expect(room.hear('b', 5, 'p')).toBe('p');
  });

  test('lets the word of a voter count for a lease after its link', () => {
    const room = new Room();
    room.hear('a', 5, 'p');
    room.leaders.onUnlinked(peerId('a'), timeMs(100));
    room.leaders.onUnlinked(peerId('a'), timeMs(600));
    expect(room.leaders.dueAt).toBe(1_100);
    room.restore(700);
    room.leaders.advance(timeMs(1_099));
    expect(room.take()).toBe(undefined);
    room.leaders.advance(timeMs(1_100));
    expect(room.take()).toBe(null);
    expect(room.leaders.dueAt).toBe(Number.POSITIVE_INFINITY);
    room.leaders.tellAll(peerId('a'));
    expect(room.said.at(-1)).toMatchObject({ to: 'a', name: 'x', isOn: true });
  });

  test('knows of the claims of its own peer', () => {
    const room = new Room();
    room.leaders.lead('x', stamp(5), { peer: peerId('m'), value: '' });
    expect(room.take()).toBe('m');
    room.hear('a', 5, 'm');
    room.leaders.end('x', stamp(5));
    expect(room.take()).toBe(null);
    room.leaders.lead('y', stamp(6), { peer: peerId('m'), value: '' });
    expect(room.take()).toBe(undefined);
  });

  test('hears no more of what it does not observe', () => {
    const room = new Room();
    room.hear('a', 5, 'p');
    room.leaders.observe('x', stamp(0));
    room.leaders.unobserve('x');
    expect(room.said.slice(3).map(({ to, isOn }) => [to, isOn])).toEqual([
      ['a', false],
      ['b', false],
      ['c', false],
    ]);
    expect([room.hear('a', 6, 'q'), room.leaders.size]).toEqual([undefined, 0]);
    room.leaders.unobserve('x');
    expect(room.said).toHaveLength(6);
  });
});

describe('a voter', () => {
  const [m, n] = ['m', 'n'].map(
    (id): Sender => ({ peer: peerId(id), incarnation: incarnation(1) }),
  );

  function entryOf(token: number, value: string | null): Entry {
    const terms: Prepare = {
      ...{ type: 'prepare', round: roundNumber(token), ticket: stamp(token), committed: false },
      ...{ resources: [{ name: 'x', mode: 'exclusive' }], patience: 'wait', lingers: false },
      ...{ token: stamp(token), maxHoldMs: Number.POSITIVE_INFINITY, value },
    };
    const entry = new Entry({ peer: peerId('p'), incarnation: incarnation(1) }, terms);
    entry.committedAt = timeMs(1);
    return entry;
  }

  function observersOf(namesMax = 10): { observers: Observers; said: string[] } {
    const said: string[] = [];
    const observers = new Observers(namesMax, ({ peer }, { name, token, leader }) => {
      said.push(`${peer} ${name} ${token} ${leader?.value ?? '-'}`);
    });
    return { observers, said };
  }

  test('tells of the greatest token, and not of those before it again', () => {
    const { observers, said } = observersOf();
    if (m === undefined || n === undefined) throw new Error('There are two');
    const entries = [entryOf(5, 'p'), entryOf(7, 'q'), entryOf(6, 'r'), entryOf(9, null)] as const;
    observers.observe(m, 'x');
    for (const entry of entries) observers.rise(entry);
    observers.fall(entries[2], stamp(6));
    observers.observe(n, 'x');
    observers.fall(entries[1], stamp(7));
    observers.fall(entries[0], null);
    expect(said).toEqual(['m x 0 -', 'm x 5 p', 'm x 7 q', 'n x 7 q', 'm x 7 -', 'n x 7 -']);
  });

  test('tells of so many names and no more, until the link is gone', () => {
    const { observers, said } = observersOf(2);
    if (m === undefined) throw new Error('There are two');
    for (const name of ['x', 'y', 'z', 'x']) observers.observe(m, name);
    expect(said).toEqual(['m x 0 -', 'm y 0 -', 'm x 0 -']);
    observers.unobserve(m, 'y');
    observers.observe(m, 'z');
    expect([said.at(-1), observers.size]).toEqual(['m z 0 -', 2]);
    observers.forget(m.peer);
    observers.rise(entryOf(5, 'p'));
    expect([said.length, observers.size]).toEqual([4, 0]);
  });

  test('goes on as it was from a snapshot', () => {
    const { observers } = observersOf();
    if (m === undefined) throw new Error('There are two');
    const entries = new Map([entryOf(5, 'p'), entryOf(7, 'q')].map((each) => [each.round, each]));
    observers.observe(m, 'x');
    for (const entry of entries.values()) observers.rise(entry);
    const { observers: copy, said } = observersOf();
    copy.restore(structuredClone(observers.snapshot()), (_, round) => entries.get(round));
    expect(copy.snapshot()).toEqual(observers.snapshot());
    const later = entries.get(roundNumber(7));
    if (later !== undefined) copy.fall(later, null);
    expect(said).toEqual(['m x 0 -']);
  });
});
