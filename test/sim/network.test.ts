/**
 * The simulated network is a transport like any other, and breaks in all the ways that sockets do.
 */

import { afterEach, describe, expect, test } from 'vitest';
import { Effects } from '../../src/sim/effects.ts';
import { Kernel } from '../../src/sim/kernel.ts';
import { latencies } from '../../src/sim/latency.ts';
import { Network } from '../../src/sim/network.ts';
import type { Actor } from '../../src/sim/task.ts';
import { describeTransport, Recorder } from '../harness/transport-suite.ts';

class Somebody implements Actor {
  readonly name: string;
  isAlive = true;

  constructor(name: string) {
    this.name = name;
  }

  admits(): boolean {
    return true;
  }

  ran(): void {}
}

class Wires {
  readonly kernel = new Kernel();
  readonly effects = new Effects();
  readonly network: Network;
  readonly a = new Somebody('a');
  readonly b = new Somebody('b');

  constructor() {
    const { kernel, effects } = this;
    this.network = new Network({ kernel, effects, seed: 1, latency: latencies.local });
  }

  /** A connection from a to b, with whoever listens at its ends. */
  async join() {
    const far = new Recorder();
    const ends: { close(reason: string): void; send(bytes: Uint8Array): void }[] = [];
    await this.network.transport(this.b, 'ws://b:1').listen((connection) => {
      connection.attach(far);
      ends.push(connection);
    });
    const connection = this.network.transport(this.a, 'ws://a:1').dial('ws://b:1');
    const near = new Recorder();
    connection.attach(near);
    await this.run(10);
    const [acceptor] = ends;
    if (acceptor === undefined) throw new Error('Nothing was accepted');
    return { connection, near, far, acceptor };
  }

  async run(ms: number): Promise<void> {
    const untilUs = this.kernel.nowUs + ms * 1_000;
    await this.kernel.run(() => false, untilUs);
    this.kernel.nowUs = untilUs;
  }
}

const pumps: { isOver: boolean }[] = [];

afterEach(() => {
  for (const pump of pumps.splice(0)) pump.isOver = true;
});

describeTransport('Network', () => {
  const wires = new Wires();
  const pump = { isOver: false };
  pumps.push(pump);
  // Time passes by itself, and lets the test look in between.
  const tick = (): void => {
    wires.kernel.noteMicrotasks();
    wires.kernel.after(100, { kind: 'fault', actor: null, detail: '', run: tick });
  };
  tick();
  void wires.kernel.run(() => pump.isOver, Number.POSITIVE_INFINITY);
  return {
    dialling: wires.network.transport(wires.a, 'ws://a:1'),
    listening: wires.network.transport(wires.b, 'ws://b:1'),
    deadUrl: 'ws://c:1',
    messageBytesMax: 1024 * 1024,
  };
});

function bytesOf(recorder: Recorder): readonly number[] {
  return recorder.messages.map((message) => message[0] ?? -1);
}

describe('a link that is held', () => {
  test('keeps what is sent, and lets it through in order when it is released', async () => {
    const wires = new Wires();
    const { connection, far } = await wires.join();
    const link = wires.network.link('a', 'b');
    link.hold();
    for (const byte of [1, 2, 3]) connection.send(new Uint8Array([byte]));
    await wires.run(1_000);
    expect(far.messages).toEqual([]);
    expect(connection.backlog).toBe(3);
    link.release();
    await wires.run(10);
    expect(bytesOf(far)).toEqual([1, 2, 3]);
    expect(connection.backlog).toBe(0);
  });

  test('carries the other way all the same', async () => {
    const wires = new Wires();
    const { acceptor, near } = await wires.join();
    wires.network.link('a', 'b').hold();
    acceptor.send(new Uint8Array([9]));
    await wires.run(10);
    expect(bytesOf(near)).toEqual([9]);
  });

  test('swallows dials until it is released', async () => {
    const wires = new Wires();
    await wires.join();
    wires.network.link('a', 'b').hold();
    const second = new Recorder();
    wires.network.transport(wires.a, 'ws://a:1').dial('ws://b:1').attach(second);
    await wires.run(10_000);
    expect(second.events).toEqual([]);
    wires.network.link('a', 'b').release();
    await wires.run(10);
    expect(second.events).toEqual(['open']);
  });
});

describe('a connection', () => {
  test('reset() tells both ends, each in its time, and loses what is under way', async () => {
    const wires = new Wires();
    const { connection, near, far } = await wires.join();
    connection.send(new Uint8Array([1]));
    wires.network.reset('a', 'b', [0, 5_000]);
    await wires.run(2);
    expect(near.events).toEqual(['open', 'close']);
    expect(far.events).toEqual([]);
    await wires.run(10);
    expect(far.events).toEqual(['close']);
    expect(wires.effects.of('messages lost')).toBe(1);
  });

  test('halfOpen() leaves an end that believes in it, and what it sends is lost', async () => {
    const wires = new Wires();
    const { near, far, acceptor } = await wires.join();
    wires.network.halfOpen('a', 'b', 'a');
    acceptor.send(new Uint8Array([1]));
    await wires.run(60_000);
    expect(near.events).toEqual(['open', 'close']);
    expect(far.events).toEqual([]);
    expect(wires.effects.of('messages lost')).toBe(1);
    expect(wires.effects.of('connections half-open')).toBe(1);
  });

  test('of a process that was killed is reset at the other end', async () => {
    const wires = new Wires();
    const { near } = await wires.join();
    wires.b.isAlive = false;
    wires.network.died(wires.b, 'reset');
    await wires.run(10);
    expect(near.events).toEqual(['open', 'close']);
  });

  test('of a machine that went dark is not, until the machine is back', async () => {
    const wires = new Wires();
    const { near } = await wires.join();
    wires.b.isAlive = false;
    wires.network.died(wires.b, 'silent');
    await wires.run(60_000);
    expect(near.events).toEqual(['open']);
    wires.network.relight('b');
    await wires.run(10);
    expect(near.events).toEqual(['open', 'close']);
  });
});

describe('a hostile link', () => {
  const sent = Array.from({ length: 400 }, (_, index) => index % 250);

  async function arrived(mishap: string): Promise<{ got: readonly Uint8Array[]; wires: Wires }> {
    const wires = new Wires();
    const { connection, far } = await wires.join();
    wires.network.link('a', 'b').hostility = { [mishap]: 200_000 };
    for (const byte of sent) {
      connection.send(new Uint8Array([byte, byte]));
      await wires.run(1);
    }
    await wires.run(100);
    return { got: far.messages, wires };
  }

  test.each([
    ['lost', (got: readonly Uint8Array[]) => got.length < 380],
    ['repeated', (got: readonly Uint8Array[]) => got.length > 420],
    ['reordered', (got: readonly Uint8Array[]) => got.some((each, at) => each[0] !== sent[at])],
    ['corrupted', (got: readonly Uint8Array[]) => got.some(([first]) => first === 0xc1)],
    ['truncated', (got: readonly Uint8Array[]) => got.some(({ length }) => length < 2)],
    ['replayed', (got: readonly Uint8Array[]) => got.length > 420],
  ] as const)('has messages %s, and counts them', async (mishap, isSo) => {
    const { got, wires } = await arrived(mishap);
    expect(isSo(got)).toBe(true);
    const count = wires.effects.of(`messages ${mishap}`);
    expect(count).toBeGreaterThan(40);
    expect(count).toBeLessThan(120);
  });

  test('that sends too much is cut off by the receiver', async () => {
    const { wires } = await arrived('oversized');
    expect(wires.effects.of('messages oversized')).toBeGreaterThan(0);
    expect(wires.network.openCount).toBe(0);
  });

  test('does the same to a message whatever befell those before it', async () => {
    const fates = (tap: 'all' | 'but the first'): readonly (string | null)[] => {
      const { network } = new Wires();
      const link = network.link('a', 'b');
      link.hostility = { lost: 300_000 };
      const indices = Array.from({ length: 50 }, (_, index) => index + 1);
      return indices.slice(tap === 'all' ? 0 : 1).map((index) => link.mishap(index));
    };
    expect(fates('but the first')).toEqual(fates('all').slice(1));
  });
});
