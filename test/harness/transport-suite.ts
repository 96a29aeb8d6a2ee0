/**
 * What any `Transport` must do: the memory pair and WebSockets run these same tests.
 */

import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type {
  Connection,
  ConnectionHandlers,
  Listener,
  Transport,
} from '../../src/peer/transport.ts';

export interface TransportsUnderTest {
  readonly dialling: Transport;
  readonly listening: Transport;
  /** Where nobody listens. */
  readonly deadUrl: string;
  /** Bytes of a message that it takes. */
  readonly messageBytesMax: number;
}

/** Keeps what it is told, and lets the test wait for it. */
export class Recorder implements ConnectionHandlers {
  readonly events: string[] = [];
  readonly messages: Uint8Array[] = [];
  misused: boolean | undefined;
  reason: string | undefined;

  onOpen(): void {
    this.events.push('open');
  }

  onMessage(bytes: Uint8Array): void {
    this.events.push('message');
    this.messages.push(Uint8Array.from(bytes));
  }

  onClose(reason: string, misused: boolean): void {
    this.events.push('close');
    this.reason = reason;
    this.misused = misused;
  }

  /** Waits for the event loop, not for time: until `count` events of that name have come. */
  async until(name: 'open' | 'message' | 'close', count = 1): Promise<void> {
    while (this.events.filter((event) => event === name).length < count) await setImmediate();
  }
}

interface Joined {
  readonly near: Connection;
  readonly nearEvents: Recorder;
  readonly far: Connection;
  readonly farEvents: Recorder;
}

export function describeTransport(
  name: string,
  make: () => TransportsUnderTest | Promise<TransportsUnderTest>,
): void {
  describe(name, () => {
    let transports: TransportsUnderTest;
    let listener: Listener;
    const accepted: { connection: Connection; events: Recorder }[] = [];

    beforeEach(async () => {
      accepted.length = 0;
      transports = await make();
      listener = await transports.listening.listen((connection) => {
        const events = new Recorder();
        connection.attach(events);
        accepted.push({ connection, events });
      });
    });

    afterEach(async () => {
      await listener.close();
      for (const { connection } of accepted) connection.destroy('Test over');
    });

    const join = async (): Promise<Joined> => {
      const near = transports.dialling.dial(listener.url);
      const nearEvents = new Recorder();
      near.attach(nearEvents);
      await nearEvents.until('open');
      while (accepted.length === 0) await setImmediate();
      const last = accepted.at(-1);
      if (last === undefined) throw new Error('Nothing was accepted');
      return { near, nearEvents, far: last.connection, farEvents: last.events };
    };

    test('opens a connection, and tells the side that dialled', async () => {
      const { nearEvents, farEvents, far } = await join();
      expect(nearEvents.events).toEqual(['open']);
      expect(farEvents.events).toEqual([]);
      expect(far.remote).not.toBe('');
    });

    test('says nothing before the dial has returned', () => {
      const events = new Recorder();
      const connection = transports.dialling.dial(listener.url);
      connection.attach(events);
      expect(events.events).toEqual([]);
      connection.destroy('Test over');
      expect(events.events).toEqual([]);
    });

    test('carries messages in order, both ways', async () => {
      const { near, nearEvents, far, farEvents } = await join();
      for (let index = 0; index < 200; index++) {
        near.send(new Uint8Array([index]));
        far.send(new Uint8Array([index, index]));
      }
      await Promise.all([farEvents.until('message', 200), nearEvents.until('message', 200)]);
      expect(farEvents.messages.map(([first]) => first)).toEqual(
        farEvents.messages.map((_, i) => i),
      );
      expect(nearEvents.messages.map(([first]) => first)).toEqual(
        nearEvents.messages.map((_, i) => i),
      );
    });

    test('carries empty messages and the largest', async () => {
      const { near, far, farEvents, nearEvents } = await join();
      const largest = new Uint8Array(transports.messageBytesMax).fill(7);
      near.send(new Uint8Array(0));
      near.send(largest);
      far.send(largest);
      await Promise.all([farEvents.until('message', 2), nearEvents.until('message')]);
      expect(farEvents.messages.map(({ length }) => length)).toEqual([0, largest.length]);
      expect(Buffer.from(nearEvents.messages[0] ?? []).equals(largest)).toBe(true);
    });

    test('has taken the bytes once send returns', async () => {
      const { near, far, farEvents, nearEvents } = await join();
      const bytes = new Uint8Array([1, 2, 3]);
      near.send(bytes);
      far.send(bytes);
      bytes.fill(9);
      await Promise.all([farEvents.until('message'), nearEvents.until('message')]);
      expect([...(farEvents.messages[0] ?? [])]).toEqual([1, 2, 3]);
      expect([...(nearEvents.messages[0] ?? [])]).toEqual([1, 2, 3]);
    });

    test('closes after what was sent, and tells both ends why', async () => {
      const { near, nearEvents, farEvents } = await join();
      near.send(new Uint8Array([1]));
      near.close('Enough');
      expect(nearEvents.events).toEqual(['open']);
      await Promise.all([nearEvents.until('close'), farEvents.until('close')]);
      expect(farEvents.events).toEqual(['message', 'close']);
      expect(farEvents.reason).toContain('Enough');
      expect(nearEvents.reason).toBe('Enough');
      expect([nearEvents.misused, farEvents.misused]).toEqual([false, false]);
    });

    test('destroys at once, and both ends learn that it is gone', async () => {
      const { far, nearEvents, farEvents } = await join();
      far.destroy('Away');
      expect(farEvents.events).toEqual([]);
      await Promise.all([nearEvents.until('close'), farEvents.until('close')]);
      expect(farEvents.reason).toBe('Away');
    });

    test('hears nothing but the end after close', async () => {
      const { near, nearEvents, far, farEvents } = await join();
      near.close('Enough');
      far.send(new Uint8Array([1]));
      await Promise.all([nearEvents.until('close'), farEvents.until('close')]);
      expect(nearEvents.events).toEqual(['open', 'close']);
    });

    test('loses what is sent after close, without a word', async () => {
      const { near, farEvents, nearEvents } = await join();
      near.close('Enough');
      near.send(new Uint8Array([1]));
      await Promise.all([nearEvents.until('close'), farEvents.until('close')]);
      near.send(new Uint8Array([1]));
      near.close('Again');
      near.destroy('And again');
      await setImmediate();
      expect(nearEvents.events).toEqual(['open', 'close']);
      expect(farEvents.events).toEqual(['close']);
    });

    test('loses what is sent before it is open', async () => {
      const near = transports.dialling.dial(listener.url);
      const events = new Recorder();
      near.attach(events);
      near.send(new Uint8Array([1]));
      await events.until('open');
      near.close('Enough');
      await events.until('close');
      expect(accepted[0]?.events.messages).toEqual([]);
    });

    test('tells only the handlers attached last', async () => {
      const { near, farEvents, far, nearEvents } = await join();
      const later = new Recorder();
      near.attach(later);
      far.send(new Uint8Array([1]));
      await later.until('message');
      near.close('Enough');
      await Promise.all([later.until('close'), farEvents.until('close')]);
      expect(nearEvents.events).toEqual(['open']);
    });

    test('says why a dial failed', async () => {
      const events = new Recorder();
      transports.dialling.dial(transports.deadUrl).attach(events);
      await events.until('close');
      expect(events.events).toEqual(['close']);
      expect(events.reason).toMatch(/ECONNREFUSED/);
    });

    test('refuses a message that is too large, and names the culprit', async () => {
      const { near, farEvents, nearEvents } = await join();
      near.send(new Uint8Array(transports.messageBytesMax + 1));
      await Promise.all([nearEvents.until('close'), farEvents.until('close')]);
      expect(farEvents.messages).toEqual([]);
      expect([nearEvents.misused, farEvents.misused]).toEqual([false, true]);
    });

    test('counts what has not left', async () => {
      const { near, farEvents } = await join();
      expect(near.backlog).toBe(0);
      const bytes = new Uint8Array(transports.messageBytesMax);
      for (let count = 0; count < 20; count++) near.send(bytes);
      expect(near.backlog).toBeGreaterThan(transports.messageBytesMax);
      await farEvents.until('message', 20);
      while (near.backlog > 0) await setImmediate();
    });

    test('leaves connections alone when it stops listening', async () => {
      const { near, farEvents } = await join();
      await listener.close();
      near.send(new Uint8Array([1]));
      await farEvents.until('message');
      const events = new Recorder();
      transports.dialling.dial(listener.url).attach(events);
      await events.until('close');
      expect(events.events).toEqual(['close']);
    });
  });
}
