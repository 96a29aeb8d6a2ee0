/**
 * The WebSocket transport against sockets that do not behave, in the clear and with TLS.
 */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { WebSocketTransport } from '../../src/peer/websocket-transport.ts';
import { Cleanups, failureOf, loopback, until, upgraded } from '../harness/sockets.ts';
import { Recorder } from '../harness/transport-suite.ts';

describe('WebSocketTransport', () => {
  const cleanups = new Cleanups();
  afterEach(() => cleanups.run());

  test('refuses text, and names the culprit', async () => {
    const { listener, accepted } = await cleanups.listen(
      new WebSocketTransport({ listen: loopback }),
    );
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
    const { listener, accepted } = await cleanups.listen(
      new WebSocketTransport({ listen: loopback }),
    );
    const socket = await upgraded(listener.url);
    socket.write(Buffer.from(bytes));
    await until(() => accepted.length > 0);
    await accepted[0]?.events.until('close');
    expect(accepted[0]?.events).toMatchObject({ events: ['close'], misused: true });
    socket.destroy();
  });

  test('refuses a message in very many fragments', async () => {
    const { listener, accepted } = await cleanups.listen(
      new WebSocketTransport({ listen: loopback }),
    );
    const socket = await upgraded(listener.url);
    socket.write(Buffer.from([0x02, 0x80, 0, 0, 0, 0]));
    for (let count = 0; count < 200; count++) socket.write(Buffer.from([0x00, 0x80, 0, 0, 0, 0]));
    await until(() => accepted.length > 0);
    await accepted[0]?.events.until('close');
    expect(accepted[0]?.events).toMatchObject({ misused: true });
    socket.destroy();
  });

  test('survives a connection that is cut in the middle of a frame', async () => {
    const { listener, accepted } = await cleanups.listen(
      new WebSocketTransport({ listen: loopback }),
    );
    const socket = await upgraded(listener.url);
    socket.write(Buffer.from([0x82, 0x8a, 0, 0, 0, 0, 1, 2]));
    await until(() => accepted.length > 0);
    socket.resetAndDestroy();
    await accepted[0]?.events.until('close');
    expect(accepted[0]?.events.misused).toBe(false);
  });

  test('survives handlers that throw', async () => {
    const { listener } = await cleanups.listen(new WebSocketTransport({ listen: loopback }));
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
    const { listener, accepted } = await cleanups.listen(
      new WebSocketTransport({ listen: loopback }),
    );
    const url = new URL(listener.url);
    expect((await fetch(`http://${url.host}/`)).status).toBe(426);
    const socket = connect(Number(url.port), url.hostname);
    socket.write('garbage\r\n\r\n');
    await once(socket.resume(), 'close');
    expect(accepted).toEqual([]);
  });

  test('cuts the oldest of too many sockets that say nothing', async () => {
    const transport = new WebSocketTransport({ listen: loopback, limits: { strangersMax: 3 } });
    const { listener } = await cleanups.listen(transport);
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
    const { listener } = await cleanups.listen(
      new WebSocketTransport({ listen: loopback, limits }),
    );
    const url = new URL(listener.url);
    await once(connect(Number(url.port), url.hostname).resume(), 'close');
  });

  test('cuts sockets that have not asked for an upgrade when it stops listening', async () => {
    const { listener } = await cleanups.listen(new WebSocketTransport({ listen: loopback }));
    const url = new URL(listener.url);
    const socket = connect(Number(url.port), url.hostname);
    await once(socket, 'connect');
    const closed = once(socket.resume(), 'close');
    // The server may not have seen it yet: then it is refused when it does.
    await setImmediate();
    await listener.close();
    await closed.catch(() => {});
  });
});

describe('WebSocketTransport with TLS', () => {
  const cleanups = new Cleanups();
  afterEach(() => cleanups.run());
  const tls = readCertificate();

  test('links peers that show certificates of the same authority', async () => {
    const { listener, accepted } = await cleanups.listen(
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
    const { listener, accepted } = await cleanups.listen(
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
    const { listener } = await cleanups.listen(new WebSocketTransport({ listen: loopback, tls }));
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

function listenerMissing(): never {
  throw new Error('There is no socket');
}

/** A certificate that signs itself, for 127.0.0.1; of no use but in tests. */
function readCertificate(): { ca: Buffer; cert: Buffer; key: Buffer } {
  const cert = readFileSync(new URL('certificates/cert.pem', import.meta.url));
  const key = readFileSync(new URL('certificates/key.pem', import.meta.url));
  return { ca: cert, cert, key };
}
