/**
 * Channels between the programs of nodes: what a service says to its other instances, over the same
 * simulated network as the peers.
 */

import type { Connection } from '../peer/transport.ts';
import type { Process } from './process.ts';
import { functionOf, refuse } from './refusals.ts';
import type { Stage } from './stage.ts';

/** Where the programs of a node listen. */
function urlOfService(node: string, service: string): string {
  return `ws://${node}:80/${encodeURIComponent(service)}`;
}

interface Receiver {
  readonly resolve: (message: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One end of a channel: what is sent arrives whole, in order, once, or the channel closes. Messages
 * are copied as JSON.
 */
export class SimChannel implements AsyncIterable<unknown> {
  /** The other end: the id of its node, and a port. */
  readonly remote: string;
  readonly #stage: Stage;
  readonly #process: Process;
  readonly #connection: Connection;
  readonly #unsent: Uint8Array[] = [];
  readonly #arrived: unknown[] = [];
  readonly #receivers: Receiver[] = [];
  #state: 'connecting' | 'open' | 'closed';
  #reason = '';

  /** @internal */
  constructor(
    stage: Stage,
    process: Process,
    { connection, isOpen }: { readonly connection: Connection; readonly isOpen: boolean },
  ) {
    this.#stage = stage;
    this.#process = process;
    this.#connection = connection;
    this.#state = isOpen ? 'open' : 'connecting';
    this.remote = connection.remote;
    connection.attach({
      onOpen: () => this.#opened(),
      onMessage: (bytes) => this.#receive(bytes),
      onClose: (reason) => this.#closed(reason),
    });
  }

  /** Whether it is closed: nothing is sent or received any more. */
  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /**
   * Sends a value that JSON can hold. On a channel that has closed, or closes before it arrives, it
   * is lost.
   */
  send(message: unknown): void {
    const bytes = new TextEncoder().encode(JSON.stringify(message ?? null));
    if (this.#state === 'open') this.#connection.send(bytes);
    else if (this.#state === 'connecting') this.#unsent.push(bytes);
  }

  /**
   * Waits for the next message.
   *
   * @throws {Error} once the channel is closed and all that arrived was received
   */
  receive(): Promise<unknown> {
    if (this.#arrived.length > 0) return Promise.resolve(this.#arrived.shift());
    if (this.isClosed) return Promise.reject(this.#closedError());
    const { waits } = this.#stage;
    const wait = waits.begin(this.#process, `waits for a message from ${this.remote}`);
    return new Promise((resolve, reject) => {
      this.#receivers.push({
        resolve: (message) => {
          waits.end(wait);
          resolve(message);
        },
        reject: (error) => {
          waits.end(wait);
          reject(error);
        },
      });
    });
  }

  /** Receives each message, until the channel closes. */
  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, void> {
    while (this.#arrived.length > 0 || !this.isClosed) {
      const message = await this.receive().catch(() => ended);
      if (message === ended) return;
      yield message;
    }
  }

  /** Closes it, after what was sent. */
  close(reason = 'done'): void {
    if (this.isClosed) return;
    this.#connection.close(reason);
    this.#closed(reason);
  }

  #opened(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    for (const bytes of this.#unsent.splice(0)) this.#connection.send(bytes);
  }

  #receive(bytes: Uint8Array): void {
    if (this.isClosed) return;
    const message: unknown = parsed(bytes);
    if (message === ended) {
      this.#connection.destroy('A message that is no JSON');
      return;
    }
    const receiver = this.#receivers.shift();
    if (receiver === undefined) this.#arrived.push(message);
    else receiver.resolve(message);
  }

  #closed(reason: string): void {
    if (this.isClosed) return;
    this.#state = 'closed';
    this.#reason = reason;
    this.#stage.world.kernel.noteMicrotasks();
    for (const { reject } of this.#receivers.splice(0)) reject(this.#closedError());
  }

  #closedError(): Error {
    return new Error(`Cannot receive: the channel to ${this.remote} is closed: ${this.#reason}`);
  }
}

/** No message that was sent. */
const ended = Symbol('ended');

/** What hostile links have left of a message may be none. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return ended;
  }
}

/** Opens a channel from a process to what listens on a node. */
export function connectTo(
  stage: Stage,
  process: Process,
  { node, service }: { readonly node: string; readonly service: string },
): SimChannel {
  requireService('connect', service);
  if (!stage.world.hosts.has(node)) {
    const known = [...stage.world.hosts.keys()].join(', ');
    return refuse('connect', `the node must be one of ${known}`, node);
  }
  const transport = stage.world.network.transport(process, '', true);
  const connection = transport.dial(urlOfService(node, service));
  return new SimChannel(stage, process, { connection, isOpen: false });
}

/** Accepts channels that others open to a process. */
export function listenOn(
  stage: Stage,
  process: Process,
  {
    service,
    onChannel,
  }: { readonly service: string; readonly onChannel: (channel: SimChannel) => void },
): void {
  requireService('listen', service);
  functionOf('listen', onChannel, 'the listener');
  if (!process.isAlive) return;
  const url = urlOfService(process.name, service);
  void stage.world.network.transport(process, url, true).listen((connection) => {
    onChannel(new SimChannel(stage, process, { connection, isOpen: true }));
  });
}

function requireService(act: string, service: unknown): void {
  if (typeof service === 'string' && service !== '') return;
  refuse(act, 'the service must be a name', service);
}
