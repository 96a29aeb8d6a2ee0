import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ConfigError } from '../../src/peer/errors.ts';
import type { Connection, Listener } from '../../src/peer/transport.ts';
import { WebSocketTransport } from '../../src/peer/websocket-transport.ts';
import { describeTransport, Recorder } from '../harness/transport-suite.ts';

const loopback = { host: '127.0.0.1', port: 0 };

describeTransport('WebSocketTransport', async () => ({
  dialling: new WebSocketTransport({}),
  listening: new WebSocketTransport({ listen: loopback }),
  deadUrl: await deadUrl(),
  messageBytesMax: 1024 * 1024,
}));

describe('WebSocketTransport', () => {
  const cleanups: (() => unknown)[] = [];

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });

  async function listen(transport: WebSocketTransport) {
    const accepted: { connection: Connection; events: Recorder }[] = [];
    const listener = await transport.listen((connection) => {
      const events = new Recorder();
      connection.attach(events);
      accepted.push({ connection, events });
    });
    cleanups.push(() => closeAll(listener, accepted));
    return { listener, accepted };
  }

  test('says that a port is in use, and what to do', async () => {
    const { listener } = await listen(new WebSocketTransport({ listen: loopback }));
    const port = Number(new URL(listener.url).port);
    const second = new WebSocketTransport({ listen: { host: '127.0.0.1', port } });
    const error = await failureOf(second.listen(() => {}));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      code: 'ERR_CONFIG',
      field: 'listen.port',
      message: `Cannot listen on 127.0.0.1:${port}: the port is in use; stop the other program or choose another port (0 picks a free one)`,
    });
  });

  test('says that the machine does not have the address', async () => {
    const transport = new WebSocketTransport({ listen: { host: '192.0.2.1', port: 0 } });
    expect(await failureOf(transport.listen(() => {}))).toMatchObject({
      code: 'ERR_CONFIG',
      field: 'listen.host',
      message:
        'Cannot listen on 192.0.2.1:0: no interface of this machine has the address 192.0.2.1; choose one that it has',
    });
  });

  test('refuses text, and names the culprit', async () => {
    const { listener, accepted } = await listen(new WebSocketTransport({ listen: loopback }));
    const socket = new WebSocket(listener.url);
    await once(socket, 'open');
    socket.send('hello');
    await once(socket, 'close');
    await accepted[0]?.events.until('close');
    expect(accepted[0]?.events).toMatchObject({
      events: ['close'],
      misused: true,
      reason: 'The other end sent text',
    });
  });

  test.each([
    ['an unmasked frame', [0x82, 0x01, 0x00]],
    ['a reserved opcode', [0x83, 0x80, 0, 0, 0, 0]],
    ['a length beyond the limit, with nothing behind it', [0x82, 0xff, 0, 0, 0, 9, 0, 0, 0, 0]],
    ['a compressed frame', [0xc2, 0x81, 0, 0, 0, 0, 1]],
  ])('refuses %s', async (_, bytes) => {
    const { listener, accepted } = await listen(new WebSocketTransport({ listen: loopback }));
    const socket = await upgraded(listener.url);
    socket.write(Buffer.from(bytes));
    await until(() => accepted.length > 0);
    await accepted[0]?.events.until('close');
    expect(accepted[0]?.events).toMatchObject({ events: ['close'], misused: true });
    socket.destroy();
  });

  test('refuses a message in very many fragments', async () => {
    const { listener, accepted } = await listen(new WebSocketTransport({ listen: loopback }));
    const socket = await upgraded(listener.url);
    socket.write(Buffer.from([0x02, 0x80, 0, 0, 0, 0]));
    for (let count = 0; count < 200; count++) socket.write(Buffer.from([0x00, 0x80, 0, 0, 0, 0]));
    await until(() => accepted.length > 0);
    await accepted[0]?.events.until('close');
    expect(accepted[0]?.events).toMatchObject({ misused: true });
    socket.destroy();
  });

  test('survives a connection that is cut in the middle of a frame', async () => {
    const { listener, accepted } = await listen(new WebSocketTransport({ listen: loopback }));
    const socket = await upgraded(listener.url);
    socket.write(Buffer.from([0x82, 0x8a, 0, 0, 0, 0, 1, 2]));
    await until(() => accepted.length > 0);
    socket.resetAndDestroy();
    await accepted[0]?.events.until('close');
    expect(accepted[0]?.events.misused).toBe(false);
  });

  test('survives handlers that throw', async () => {
    const { listener } = await listen(new WebSocketTransport({ listen: loopback }));
    const connection = new WebSocketTransport({}).dial(listener.url);
    const reason = await new Promise((resolve) => {
      connection.attach({
        onOpen() {
          throw new Error('Oh');
        },
        onMessage() {},
        onClose(reason) {
          resolve(reason);
          throw new Error('No');
        },
      });
    });
    expect(reason).toBe('Oh');
  });

  test('answers plain requests and garbage without taking harm', async () => {
    const { listener, accepted } = await listen(new WebSocketTransport({ listen: loopback }));
    const url = new URL(listener.url);
    expect((await fetch(`http://${url.host}/`)).status).toBe(426);
    const socket = connect(Number(url.port), url.hostname);
    socket.write('garbage\r\n\r\n');
    await once(socket.resume(), 'close');
    expect(accepted).toEqual([]);
  });

  test('cuts the oldest of too many sockets that say nothing', async () => {
    const transport = new WebSocketTransport({ listen: loopback, limits: { strangersMax: 3 } });
    const { listener } = await listen(transport);
    const url = new URL(listener.url);
    const sockets: Socket[] = [];
    for (let count = 0; count < 3; count++) {
      const socket = connect(Number(url.port), url.hostname);
      sockets.push(socket);
      await once(socket, 'connect');
    }
    const first = once(sockets[0]?.resume() ?? listenerMissing(), 'close');
    sockets.push(connect(Number(url.port), url.hostname));
    await first;
    const connection = new WebSocketTransport({}).dial(listener.url);
    const events = new Recorder();
    connection.attach(events);
    await events.until('open');
    connection.destroy('Test over');
    for (const socket of sockets) socket.destroy();
  });

  test('cuts sockets that say nothing for too long', async () => {
    const limits = { handshakeTimeoutMs: 100 };
    const { listener } = await listen(new WebSocketTransport({ listen: loopback, limits }));
    const url = new URL(listener.url);
    await once(connect(Number(url.port), url.hostname).resume(), 'close');
  });

  test('cuts sockets that have not asked for an upgrade when it stops listening', async () => {
    const { listener } = await listen(new WebSocketTransport({ listen: loopback }));
    const url = new URL(listener.url);
    const socket = connect(Number(url.port), url.hostname);
    await once(socket, 'connect');
    const closed = once(socket.resume(), 'close');
    // The server may not have seen it yet: then it is refused when it does.
    await setImmediate();
    await listener.close();
    await closed.catch(() => {});
  });

  test('gives up a dial that is not answered', async () => {
    const silent = createServer().on('upgrade', () => {});
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    cleanups.push(() => {
      silent.close();
      silent.closeAllConnections();
    });
    const transport = new WebSocketTransport({ limits: { handshakeTimeoutMs: 50 } });
    const connection = transport.dial(`ws://127.0.0.1:${portOf(silent.address())}`);
    const events = new Recorder();
    connection.attach(events);
    await events.until('close');
    expect(events.reason).toBe('Opening handshake has timed out');
  });

  test.each(['', 'nonsense', 'ftp://a', 'ws://127.0.0.1:1/#a'])('fails to dial %j', async (url) => {
    const events = new Recorder();
    const connection = new WebSocketTransport({}).dial(url);
    connection.attach(events);
    expect(events.events).toEqual([]);
    await events.until('close');
    expect(events.reason).toContain(`Cannot dial ${url}`);
  });

  test('destroys a dial that is under way', async () => {
    const { listener } = await listen(new WebSocketTransport({ listen: loopback }));
    const events = new Recorder();
    const connection = new WebSocketTransport({}).dial(listener.url);
    connection.attach(events);
    connection.destroy('Changed our mind');
    await events.until('close');
    expect(events).toMatchObject({ events: ['close'], reason: 'Changed our mind' });
  });

  test('closes within the time limit though the other end is silent', async () => {
    const limits = { closeTimeoutMs: 50 };
    const { listener, accepted } = await listen(
      new WebSocketTransport({ listen: loopback, limits }),
    );
    const socket = await upgraded(listener.url);
    await until(() => accepted.length > 0);
    accepted[0]?.connection.close('Enough');
    await accepted[0]?.events.until('close');
    socket.destroy();
  });

  test('shares a server with the application, on its own path', async () => {
    const server = createServer((_request, response) => response.end('application'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => {
      server.close();
      server.closeAllConnections();
    });
    const { listener, accepted } = await listen(
      new WebSocketTransport({ listen: { server, path: '/locks' } }),
    );
    const host = `127.0.0.1:${portOf(server.address())}`;
    expect(listener.url).toBe(`ws://${host}/locks`);
    expect(await (await fetch(`http://${host}/`)).text()).toBe('application');

    const events = new Recorder();
    const connection = new WebSocketTransport({}).dial(listener.url);
    connection.attach(events);
    await events.until('open');
    expect(accepted.length).toBe(1);

    const elsewhere = new Recorder();
    new WebSocketTransport({}).dial(`ws://${host}/other`).attach(elsewhere);
    await elsewhere.until('close');
    expect(elsewhere.reason).toBe('Unexpected server response: 404');

    await listener.close();
    const late = new Recorder();
    new WebSocketTransport({}).dial(listener.url).attach(late);
    await late.until('close');
    expect(await (await fetch(`http://${host}/`)).text()).toBe('application');
    connection.destroy('Test over');
  });

  test('has no url while a shared server does not listen', async () => {
    const server = createServer();
    const { listener } = await listen(new WebSocketTransport({ listen: { server, path: '/' } }));
    expect(listener.url).toBe('');
  });

  describe('with TLS', () => {
    const tls = readCertificate();

    test('links peers that show certificates of the same authority', async () => {
      const { listener, accepted } = await listen(
        new WebSocketTransport({ listen: loopback, tls }),
      );
      expect(listener.url).toMatch(/^wss:\/\/127\.0\.0\.1:/);
      const events = new Recorder();
      const connection = new WebSocketTransport({ tls }).dial(listener.url);
      connection.attach(events);
      await events.until('open');
      await until(() => accepted.length > 0);
      connection.send(new Uint8Array([1]));
      await accepted[0]?.events.until('message');
      connection.destroy('Test over');
    });

    test('refuses who shows none, and who is shown a stranger', async () => {
      const { listener, accepted } = await listen(
        new WebSocketTransport({ listen: loopback, tls }),
      );
      const bare = new Recorder();
      new WebSocketTransport({}).dial(listener.url).attach(bare);
      await bare.until('close');
      expect(bare.reason).toMatch(/self-signed certificate/);

      const lenient = new WebSocket(listener.url, { rejectUnauthorized: false });
      await once(lenient, 'error');
      expect(accepted).toEqual([]);
    });

    test('survives a socket that says nothing, and garbage', async () => {
      const { listener } = await listen(new WebSocketTransport({ listen: loopback, tls }));
      const url = new URL(listener.url);
      const garbage = connect(Number(url.port), url.hostname);
      garbage.write('garbage\r\n\r\n');
      await once(garbage.resume(), 'close');
      const mute = connect(Number(url.port), url.hostname);
      await once(mute, 'connect');
      const closed = once(mute.resume(), 'close');
      await setImmediate();
      await listener.close();
      await closed;
    });

    test('says that a certificate is none', async () => {
      const bad = { cert: 'nonsense', key: 'nonsense' };
      const error = await failureOf(
        new WebSocketTransport({ listen: loopback, tls: bad }).listen(() => {}),
      );
      expect(error).toMatchObject({ code: 'ERR_CONFIG', field: 'tls' });
    });
  });
});

async function closeAll(
  listener: Listener,
  accepted: readonly { connection: Connection }[],
): Promise<void> {
  await listener.close();
  for (const { connection } of accepted) connection.destroy('Test over');
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

/** A raw socket on which the WebSocket handshake is done. */
async function upgraded(listenerUrl: string): Promise<Socket> {
  const url = new URL(listenerUrl);
  const socket = connect(Number(url.port), url.hostname);
  socket.on('error', () => {});
  socket.write(
    'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await once(socket, 'data');
  socket.resume();
  return socket;
}

async function deadUrl(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server.address());
  server.close();
  await once(server, 'close');
  return `ws://127.0.0.1:${port}`;
}

function portOf(address: AddressInfo | string | null): number {
  return address === null || typeof address === 'string' ? 0 : address.port;
}

function listenerMissing(): never {
  throw new Error('There is no socket');
}

/** A certificate that signs itself, for 127.0.0.1; of no use but in tests. */
function readCertificate(): { ca: Buffer; cert: Buffer; key: Buffer } {
  const cert = readFileSync(new URL('certificates/cert.pem', import.meta.url));
  const key = readFileSync(new URL('certificates/key.pem', import.meta.url));
  return { ca: cert, cert, key };
}
