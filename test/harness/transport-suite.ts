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

/** What each test starts with: a listener, and nobody connected to it. */
class Fixture {
  readonly #make: () => TransportsUnderTest | Promise<TransportsUnderTest>;
  readonly accepted: { readonly connection: Connection; readonly events: Recorder }[] = [];
  #transports: TransportsUnderTest | undefined;
  #listener: Listener | undefined;

  constructor(make: () => TransportsUnderTest | Promise<TransportsUnderTest>) {
    this.#make = make;
  }

  get transports(): TransportsUnderTest {
    if (this.#transports === undefined) throw new Error('The test has not been set up');
    return this.#transports;
  }

  get listener(): Listener {
    if (this.#listener === undefined) throw new Error('The test has not been set up');
    return this.#listener;
  }

  async setUp(): Promise<void> {
    this.accepted.length = 0;
    this.#transports = await this.#make();
    this.#listener = await this.#transports.listening.listen((connection) => {
      const events = new Recorder();
      connection.attach(events);
      this.accepted.push({ connection, events });
    });
  }

  async tearDown(): Promise<void> {
    await this.#listener?.close();
    for (const { connection } of this.accepted) connection.destroy('Test over');
  }

  dial(url: string = this.listener.url): { connection: Connection; events: Recorder } {
    const connection = this.transports.dialling.dial(url);
    const events = new Recorder();
    connection.attach(events);
    return { connection, events };
  }

  async join(): Promise<Joined> {
    const { connection: near, events: nearEvents } = this.dial();
    await nearEvents.until('open');
    while (this.accepted.length === 0) await setImmediate();
    const last = this.accepted.at(-1);
    if (last === undefined) throw new Error('Nothing was accepted');
    return { near, nearEvents, far: last.connection, farEvents: last.events };
  }
}

export function describeTransport(
  name: string,
  make: () => TransportsUnderTest | Promise<TransportsUnderTest>,
): void {
  describe(name, () => {
    const fixture = new Fixture(make);
    beforeEach(() => fixture.setUp());
    afterEach(() => fixture.tearDown());
    testOpening(fixture);
    testMessages(fixture);
    testClosing(fixture);
  });
}

function testOpening(fixture: Fixture): void {
  test('opens a connection, and tells the side that dialled', async () => {
    const { nearEvents, farEvents, far } = await fixture.join();
    expect(nearEvents.events).toEqual(['open']);
    expect(farEvents.events).toEqual([]);
    expect(far.remote).not.toBe('');
  });

  test('says nothing before the dial has returned', () => {
    const { connection, events } = fixture.dial();
    expect(events.events).toEqual([]);
    connection.destroy('Test over');
    expect(events.events).toEqual([]);
  });

  test('says why a dial failed', async () => {
    const { events } = fixture.dial(fixture.transports.deadUrl);
    await events.until('close');
    expect(events.events).toEqual(['close']);
    expect(events.reason).toMatch(/ECONNREFUSED/);
  });

  test('leaves connections alone when it stops listening', async () => {
    const { near, farEvents } = await fixture.join();
    await fixture.listener.close();
    near.send(new Uint8Array([1]));
    await farEvents.until('message');
    const { events } = fixture.dial();
    await events.until('close');
    expect(events.events).toEqual(['close']);
  });
}

function testMessages(fixture: Fixture): void {
  test('carries messages in order, both ways', async () => {
    const { near, nearEvents, far, farEvents } = await fixture.join();
    for (let index = 0; index < 200; index++) {
      near.send(new Uint8Array([index]));
      far.send(new Uint8Array([index, index]));
    }
    await Promise.all([farEvents.until('message', 200), nearEvents.until('message', 200)]);
    expect(farEvents.messages.map(([first]) => first)).toEqual(farEvents.messages.map((_, i) => i));
    expect(nearEvents.messages.map(([first]) => first)).toEqual(
      nearEvents.messages.map((_, i) => i),
    );
  });

  test('carries empty messages and the largest', async () => {
    const { near, far, farEvents, nearEvents } = await fixture.join();
    const largest = new Uint8Array(fixture.transports.messageBytesMax).fill(7);
    near.send(new Uint8Array(0));
    near.send(largest);
    far.send(largest);
    await Promise.all([farEvents.until('message', 2), nearEvents.until('message')]);
    expect(farEvents.messages.map(({ length }) => length)).toEqual([0, largest.length]);
    expect(Buffer.from(nearEvents.messages[0] ?? []).equals(largest)).toBe(true);
  });

  test('carries the same bytes twice and both ways, and changes none of them', async () => {
    const { near, far, farEvents, nearEvents } = await fixture.join();
    const sent = [3, 100, fixture.transports.messageBytesMax].map((length) =>
      Buffer.alloc(length, 'abc'),
    );
    for (const bytes of [...sent, ...sent]) for (const end of [near, far]) end.send(bytes);
    await Promise.all([farEvents.until('message', 6), nearEvents.until('message', 6)]);
    for (const { messages } of [farEvents, nearEvents]) {
      expect(messages.map((each) => each.length)).toEqual(
        [...sent, ...sent].map((each) => each.length),
      );
      expect(messages.every((each) => Buffer.alloc(each.length, 'abc').equals(each))).toBe(true);
    }
  });

  test('refuses a message that is too large, and names the culprit', async () => {
    const { near, farEvents, nearEvents } = await fixture.join();
    near.send(new Uint8Array(fixture.transports.messageBytesMax + 1));
    await Promise.all([nearEvents.until('close'), farEvents.until('close')]);
    expect(farEvents.messages).toEqual([]);
    expect([nearEvents.misused, farEvents.misused]).toEqual([false, true]);
  });

  test('counts what has not left', async () => {
    const { near, farEvents } = await fixture.join();
    expect(near.backlog).toBe(0);
    const bytes = new Uint8Array(fixture.transports.messageBytesMax);
    for (let count = 0; count < 20; count++) near.send(bytes);
    expect(near.backlog).toBeGreaterThan(fixture.transports.messageBytesMax);
    await farEvents.until('message', 20);
    while (near.backlog > 0) await setImmediate();
  });

  test('loses what is sent before it is open', async () => {
    const { connection: near, events } = fixture.dial();
    near.send(new Uint8Array([1]));
    await events.until('open');
    near.close('Enough');
    await events.until('close');
    expect(fixture.accepted[0]?.events.messages).toEqual([]);
  });
}

function testClosing(fixture: Fixture): void {
  test('closes after what was sent, and tells both ends why', async () => {
    const { near, nearEvents, farEvents } = await fixture.join();
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
    const { far, nearEvents, farEvents } = await fixture.join();
    far.destroy('Away');
    expect(farEvents.events).toEqual([]);
    await Promise.all([nearEvents.until('close'), farEvents.until('close')]);
    expect(farEvents.reason).toBe('Away');
  });

  test('hears nothing but the end after close', async () => {
    const { near, nearEvents, far, farEvents } = await fixture.join();
    near.close('Enough');
    far.send(new Uint8Array([1]));
    await Promise.all([nearEvents.until('close'), farEvents.until('close')]);
    expect(nearEvents.events).toEqual(['open', 'close']);
  });

  test('loses what is sent after close, without a word', async () => {
    const { near, farEvents, nearEvents } = await fixture.join();
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

  test('tells only the handlers attached last', async () => {
    const { near, farEvents, far, nearEvents } = await fixture.join();
    const later = new Recorder();
    near.attach(later);
    far.send(new Uint8Array([1]));
    await later.until('message');
    near.close('Enough');
    await Promise.all([later.until('close'), farEvents.until('close')]);
    expect(nearEvents.events).toEqual(['open']);
  });
}
