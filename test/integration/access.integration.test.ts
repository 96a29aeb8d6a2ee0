/**
 * Who is let in, on real sockets: secrets, certificates, mesh options, ids, and people with no
 * business here.
 */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createPeer } from '../../src/peer/create-peer.ts';
import { ConfigError } from '../../src/peer/errors.ts';
import type { PeerWarning } from '../../src/peer/events.ts';
import type { PeerOptions } from '../../src/peer/options.ts';
import type { Peer } from '../../src/peer/peer.ts';
import { loopback, RealMesh } from '../harness/real-mesh.ts';

const leaseMs = 1_500;
const secret = 'what all of us know';
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function createMesh(ids: readonly string[], options: PeerOptions = {}): Promise<RealMesh> {
  const mesh = await RealMesh.create(ids, { lease: leaseMs, secret, ...options });
  cleanups.push(() => mesh.close());
  return mesh;
}

/** The message of the first warning of a refusal. */
function refusalAt(peer: Peer): Promise<string> {
  return new Promise((resolve) => {
    peer.on('warning', (warning: PeerWarning) => {
      if (warning.type === 'refused') resolve(warning.message);
    });
  });
}

describe('peers with one secret', () => {
  test('link', async () => {
    const mesh = await createMesh(['a', 'b']);
    const [a] = await mesh.openAll();
    expect((await a?.acquire('x'))?.held).toBe(true);
  });

  test('in common link, so that it can be changed without a stop', async () => {
    const mesh = await createMesh(['a', 'b']);
    const a = await mesh.open('a', { secret: ['the old secret'] });
    const b = await mesh.open('b', { secret: ['the new secret', 'the old secret'] });
    await Promise.all([a.ready(), b.ready()]);
  });
});

describe('peers that differ in', () => {
  test('their secret refuse each other, and both say so', async () => {
    const mesh = await createMesh(['a', 'b']);
    const a = await mesh.open('a');
    const b = await mesh.open('b', { secret: 'another secret' });
    const [atA, atB] = await Promise.all([refusalAt(a), refusalAt(b)]);
    expect(atA).toMatch(/secret/);
    expect(atB).toMatch(/secret/);
    expect(`${atA} ${atB}`).not.toContain('another secret');
    expect(a.status().state).toBe('starting');
  });

  test.each<[string, PeerOptions]>([
    ['voters', { voters: { a: '', b: 'ws://127.0.0.1:9', d: 'ws://127.0.0.1:10' } }],
    ['lease', { lease: 2_000 }],
    ['quorum', { quorum: 3 }],
    ['replicas', { replicas: 1 }],
    ['maxClockDrift', { maxClockDrift: 0.05 }],
    ['members', { members: true }],
    ['mesh', { mesh: 'another' }],
  ])('%s refuse each other, naming it', async (field, options) => {
    const mesh = await createMesh(['a', 'b', 'c']);
    const b = await mesh.open('b');
    const a = await mesh.open('a', options);
    const [atA, atB] = await Promise.all([refusalAt(a), refusalAt(b)]);
    expect(atA).toContain(`${field} must be equal`);
    expect(atB).toContain(`${field} must be equal`);
  });
});

describe('a second process with an id in use', () => {
  test('fails, with an error that names both; the first goes on', async () => {
    const mesh = await createMesh(['a', 'b', 'c']);
    const [a] = await mesh.openAll();
    const lock = await a?.acquire('x');
    // It dials by the same ways, but nobody is pointed to it.
    const second = await mesh.open('a');
    if (a?.url) mesh.point('a', a.url);
    const error = await second.ready().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ field: 'id' });
    expect(String(error).match(/127\.0\.0\.1:\d+/g)?.length).toBeGreaterThanOrEqual(2);
    await second.close();
    expect(lock?.held).toBe(true);
  });
});

describe('a stranger', () => {
  test('with garbage, or none, disturbs nobody', async () => {
    const mesh = await createMesh(['a', 'b']);
    const [a, b] = await mesh.openAll();
    if (a === undefined || a.url === null) throw new Error('No url');
    const warnings: PeerWarning[] = [];
    a.on('warning', (warning) => warnings.push(warning));
    const port = Number(new URL(a.url).port);
    const raw = connect(port, '127.0.0.1').on('error', () => {});
    raw.write('nonsense\r\n\r\n');
    for (let count = 0; count < 20; count++) {
      const socket = new WebSocket(a.url);
      socket.on('error', () => {});
      socket.on('open', () => socket.send(Buffer.alloc(500, count)));
      cleanups.push(() => socket.terminate());
    }
    await sleep(300);
    raw.destroy();
    expect(warnings.length).toBeGreaterThanOrEqual(1);
    expect(warnings.length).toBeLessThanOrEqual(2);
    const lock = await b?.acquire('x');
    expect(lock?.held).toBe(true);
    expect(a.status().voters.map(({ state }) => state)).toEqual(['voting', 'voting']);
  });
});

describe('a listener', () => {
  test('whose port is in use is refused with what to do', async () => {
    const first = await createPeer({ listen: loopback, logger: false });
    cleanups.push(() => first.close());
    const port = Number(new URL(first.url ?? '').port);
    const second = createPeer({ listen: { host: '127.0.0.1', port }, logger: false });
    await expect(second).rejects.toMatchObject({ code: 'ERR_CONFIG', field: 'listen.port' });
    await expect(second).rejects.toThrow(/the port is in use; stop the other program/);
  });

  test("may share the application's server", async () => {
    const server = createServer((_, response) => response.end('application'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => server.close());
    const mesh = await createMesh(['a', 'b']);
    const a = await mesh.open('a', { listen: { server, path: '/' } });
    const b = await mesh.open('b');
    await Promise.all([a.ready(), b.ready()]);
    const answer = await fetch((a.url ?? '').replace('ws:', 'http:'));
    expect(await answer.text()).toBe('application');
    await a.close();
    expect(server.listening).toBe(true);
    server.closeAllConnections();
  });
});

test('peers with certificates of one authority link', async () => {
  const folder = new URL('../peer/certificates/', import.meta.url);
  const cert = readFileSync(new URL('cert.pem', folder));
  const tls = { ca: cert, cert, key: readFileSync(new URL('key.pem', folder)) };
  const mesh = await RealMesh.create(['a', 'b'], { lease: leaseMs, tls });
  cleanups.push(() => mesh.close());
  const wss = (id: string): Record<string, string> => {
    const urls = Object.entries(mesh.urlsFor(id));
    return Object.fromEntries(urls.map(([voter, url]) => [voter, url.replace('ws:', 'wss:')]));
  };
  const a = await mesh.open('a', { voters: wss('a') });
  const b = await mesh.open('b', { voters: wss('b') });
  await Promise.all([a.ready(), b.ready()]);
  expect(a.url).toMatch(/^wss:/);
});
