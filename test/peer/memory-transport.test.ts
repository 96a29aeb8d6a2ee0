/**
 * The network in memory is a transport like any other, and can be cut and silenced.
 */

import { describe, expect, test } from 'vitest';
import { NetworkInMemory } from '../harness/memory-transport.ts';
import { describeTransport, Recorder } from '../harness/transport-suite.ts';

const messageBytesMax = 64 * 1024;

describeTransport('NetworkInMemory', () => {
  const network = new NetworkInMemory({ delivery: 'microtasks', messageBytesMax });
  return {
    dialling: network.transport('ws://a:1'),
    listening: network.transport('ws://b:1'),
    deadUrl: 'ws://c:1',
    messageBytesMax,
  };
});

describe('NetworkInMemory', () => {
  async function join() {
    const network = new NetworkInMemory();
    const far = new Recorder();
    await network.transport('ws://b:1').listen((connection) => connection.attach(far));
    const connection = network.transport('ws://a:1').dial('ws://b:1');
    const near = new Recorder();
    connection.attach(near);
    return { network, connection, near, far };
  }

  test('does nothing until it is pumped', async () => {
    const { network, near } = await join();
    await Promise.resolve();
    expect(near.events).toEqual([]);
    expect(network.deliver()).toBe(true);
    expect(near.events).toEqual(['open']);
    expect(network.deliver()).toBe(false);
  });

  test('cut() breaks what stands and refuses what is dialled, until mend()', async () => {
    const { network, near, far } = await join();
    network.deliverAll();
    network.cut('ws://a:1', 'ws://b:1');
    network.deliverAll();
    expect([near.reason, far.reason]).toEqual(['Connection lost', 'Connection lost']);

    const second = new Recorder();
    network.transport('ws://a:1').dial('ws://b:1').attach(second);
    network.deliverAll();
    expect(second.events).toEqual(['close']);

    network.mend('ws://a:1', 'ws://b:1');
    const third = new Recorder();
    network.transport('ws://a:1').dial('ws://b:1').attach(third);
    network.deliverAll();
    expect(third.events).toEqual(['open']);
    expect(network.connectionCount('ws://a:1', 'ws://b:1')).toBe(1);
  });

  test('silence() loses messages without a word', async () => {
    const { network, connection, near, far } = await join();
    network.deliverAll();
    network.silence('ws://a:1', 'ws://b:1');
    connection.send(new Uint8Array([1]));
    network.deliverAll();
    expect(far.events).toEqual([]);
    expect(near.events).toEqual(['open']);
  });
});
