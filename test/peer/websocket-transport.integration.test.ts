/**
 * WebSockets are a transport like any other; what goes wrong with ports, urls and servers is said.
 */

import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/peer/errors.ts';
import { WebSocketTransport } from '../../src/peer/websocket-transport.ts';
import {
  Cleanups,
  deadUrl,
  failureOf,
  loopback,
  portOf,
  until,
  upgraded,
} from '../harness/sockets.ts';
import { describeTransport, Recorder } from '../harness/transport-suite.ts';

describeTransport('WebSocketTransport', async () => ({
  dialling: new WebSocketTransport({}),
  listening: new WebSocketTransport({ listen: loopback }),
  deadUrl: await deadUrl(),
  messageBytesMax: 1024 * 1024,
}));

describe('WebSocketTransport', () => {
  const cleanups = new Cleanups();
  afterEach(() => cleanups.run());

  test('says that a port is in use, and what to do', async () => {
    const { listener } = await cleanups.listen(new WebSocketTransport({ listen: loopback }));
    const port = Number(new URL(listener.url).port);
    const second = new WebSocketTransport({ listen: { host: '127.0.0.1', port } });
    const error = await failureOf(second.listen(() => {}));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      code: 'ERR_CONFIG',
      field: 'listen.port',
      message:
        `Cannot listen on 127.0.0.1:${port}: the port is in use; ` +
        'stop the other program or choose another port (0 picks a free one)',
    });
  });

  test('says that the machine does not have the address', async () => {
    const transport = new WebSocketTransport({ listen: { host: '192.0.2.1', port: 0 } });
    expect(await failureOf(transport.listen(() => {}))).toMatchObject({
      code: 'ERR_CONFIG',
      field: 'listen.host',
      message:
        'Cannot listen on 192.0.2.1:0: ' +
        'no interface of this machine has the address 192.0.2.1; choose one that it has',
    });
  });

  test('gives up a dial that is not answered', async () => {
    const silent = createServer().on('upgrade', () => {});
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    cleanups.add(() => {
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
    const { listener } = await cleanups.listen(new WebSocketTransport({ listen: loopback }));
    const events = new Recorder();
    const connection = new WebSocketTransport({}).dial(listener.url);
    connection.attach(events);
    connection.destroy('Changed our mind');
    await events.until('close');
    expect(events).toMatchObject({ events: ['close'], reason: 'Changed our mind' });
  });

  test('closes within the time limit though the other end is silent', async () => {
    const limits = { closeTimeoutMs: 50 };
    const { listener, accepted } = await cleanups.listen(
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
    cleanups.add(() => {
      server.close();
      server.closeAllConnections();
    });
    const { listener, accepted } = await cleanups.listen(
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
    const { listener } = await cleanups.listen(
      new WebSocketTransport({ listen: { server, path: '/' } }),
    );
    expect(listener.url).toBe('');
  });
});
