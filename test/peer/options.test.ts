/**
 * What `createPeer` takes and what it refuses, one option at a time and together.
 */

import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createPeer } from '../../src/peer/create-peer.ts';
import { ConfigError } from '../../src/peer/errors.ts';
import { resolveOptions } from '../../src/peer/resolve-options.ts';

const voters = { a: 'ws://10.0.0.1:7400', b: 'ws://10.0.0.2:7400', c: 'ws://10.0.0.3:7400' };
const listen = { host: '127.0.0.1', port: 7400 };
const base = { id: 'a', listen, voters };
const pem = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';

function refusalOf(options: unknown): ConfigError {
  try {
    resolveOptions(options);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error(`Accepted ${JSON.stringify(options)}`);
}

describe('defaults', () => {
  test('make a mesh of one', () => {
    expect(resolveOptions(undefined)).toMatchObject({
      id: 'local',
      addresses: new Map(),
      listen: null,
      logger: null,
      maxClockAheadMs: 3_600_000,
      deadlockProbeMs: 1_000,
      mesh: {
        allowSteal: false,
        leaseMs: 10_000,
        maxClockDrift: 0.01,
        members: false,
        name: 'lockmesh',
        quorum: 1,
        voters: ['local'],
      },
      prepareTimeoutMs: 2_000,
      secrets: [],
      stateFile: null,
      tls: null,
    });
  });

  test('of a mesh of three: a majority, dialling the others only', () => {
    const { mesh, addresses } = resolveOptions(base);
    expect(mesh.quorum).toBe(2);
    expect([...addresses]).toEqual([
      ['b', voters.b],
      ['c', voters.c],
    ]);
  });

  test('scale prepareTimeout down with the lease', () => {
    expect(resolveOptions({ lease: 3_000 }).prepareTimeoutMs).toBe(600);
    expect(resolveOptions({ lease: 60_000 }).prepareTimeoutMs).toBe(2_000);
  });

  test('sort the voters, so that their order does not matter', () => {
    const { mesh } = resolveOptions({ ...base, voters: { c: voters.c, a: voters.a, b: voters.b } });
    expect(mesh.voters).toEqual(['a', 'b', 'c']);
  });

  test('leave limits that are not given as they are', () => {
    const { limits, linkLimits } = resolveOptions({ limits: { claimsMax: 5, strangersMax: 6 } });
    expect(limits).toMatchObject({ claimsMax: 5, waitersMax: 10_000 });
    expect(linkLimits).toMatchObject({ strangersMax: 6, handshakeTimeoutMs: 5_000 });
  });

  test('take undefined for an option that is absent', () => {
    const absent = { id: undefined, lease: undefined, limits: { claimsMax: undefined } };
    expect(resolveOptions(absent).id).toBe('local');
  });
});

describe('quorum', () => {
  test.each([
    ['majority', 2],
    ['unanimous', 3],
    [2, 2],
    [3, 3],
  ])('%s of three is %i', (quorum, count) => {
    expect(resolveOptions({ ...base, quorum }).mesh.quorum).toBe(count);
  });
});

describe('refused', () => {
  test.each<[string, string, unknown, RegExp]>([
    ['options that are none', 'options', 42, /options must be an object, received 42$/],
    ['an id that is no name', 'id', { id: 'a b' }, /id must be 1 to 64 of .*, received "a b"$/],
    ['an empty id', 'id', { id: '' }, /received ""$/],
    ['voters without an id', 'id', { voters }, /id must be set when voters are/],
    ['no voters', 'voters', { ...base, voters: {} }, /1 to 32 urls by id, received 0$/],
    ['a list of voters', 'voters', { ...base, voters: ['a'] }, /an object of urls by id/],
    ['a url that is none', 'voters.b', { ...base, voters: { ...voters, b: 'x' } }, /"x"$/],
    ['a url of http', 'voters.b', { ...base, voters: { ...voters, b: 'http://b' } }, /ws:/],
    ['one url twice', 'voters.b', { ...base, voters: { ...voters, b: voters.a } }, /that of a/],
    ['an outsider', 'id', { ...base, id: 'd' }, /one of the voters \(a, b, c\), or members/],
    ['a voter that nobody reaches', 'listen', { id: 'a', voters }, /for others to reach this/],
    ['half of the voters', 'quorum', { ...base, quorum: 1 }, /with 3 voters, 2 to 3, received 1$/],
    ['more than the voters', 'quorum', { ...base, quorum: 4 }, /received 4$/],
    ['a broken quorum', 'quorum', { ...base, quorum: 2.5 }, /received 2.5$/],
    [
      'an even number of replicas',
      'replicas',
      { ...base, replicas: 2 },
      /odd .* 1 to 3, received 2$/,
    ],
    ['more replicas than voters', 'replicas', { ...base, replicas: 5 }, /received 5$/],
    ['no replicas', 'replicas', { ...base, replicas: 0 }, /received 0$/],
    ['minus one replica', 'replicas', { ...base, replicas: -1 }, /received -1$/],
    ['replicas in words', 'replicas', { ...base, replicas: '3' }, /received "3"$/],
    [
      'a quorum of more than the replicas',
      'quorum',
      { ...base, replicas: 1, quorum: 2 },
      /received 2$/,
    ],
    ['a quorum by another name', 'quorum', { ...base, quorum: 'most' }, /received "most"$/],
    ['a negative lease', 'lease', { lease: -5 }, /a whole number from 100 to 3,600,000, .* -5$/],
    ['a lease in words', 'lease', { lease: '10s' }, /received "10s"$/],
    ['no number', 'lease', { lease: Number.NaN }, /received NaN$/],
    [
      'a lease that rounds outlast',
      'lease',
      { lease: 4_000, prepareTimeout: 2_000 },
      /more than twice prepareTimeout \(2000\), received 4000$/,
    ],
    ['too short a prepareTimeout', 'prepareTimeout', { prepareTimeout: 0 }, /from 10 to/],
    ['a drift of a half', 'maxClockDrift', { maxClockDrift: 0.5 }, /from 0 to 0.2/],
    ['no time ahead', 'maxClockAhead', { maxClockAhead: 0 }, /from 1,000 to/],
    ['no probing at all', 'deadlockProbeAfter', { deadlockProbeAfter: 0 }, /from 1 to ∞/],
    ['probing in words', 'deadlockProbeAfter', { deadlockProbeAfter: '1s' }, /received "1s"$/],
    ['probing at no time', 'deadlockProbeAfter', { deadlockProbeAfter: Number.NaN }, /NaN$/],
    ['stealing that is no boolean', 'allowSteal', { allowSteal: 1 }, /true or false, received 1$/],
    ['no linger', 'linger', { linger: -1 }, /from 0 to ∞, received -1$/],
    ['no election', 'limits.electionsMax', { limits: { electionsMax: 0 } }, /from 1 to/],
    ['half an election', 'limits.electionsMax', { limits: { electionsMax: 1.5 } }, /whole number/],
    ['members that are no boolean', 'members', { members: 'yes' }, /true or false, .* "yes"$/],
    ['a nameless mesh', 'mesh', { mesh: '' }, /mesh must be/],
    ['a port too high', 'listen.port', { listen: { port: 65_536 } }, /from 0 to 65,535/],
    ['a listener without a port', 'listen.port', { listen: {} }, /received undefined$/],
    ['an empty host', 'listen.host', { listen: { host: '', port: 1 } }, /of this machine/],
    ['a server that is none', 'listen.server', { listen: { server: {} } }, /an HTTP server/],
    ['two places', 'listen', { listen: { server: createServer(), port: 1 } }, /either/],
    ['a path of a port', 'listen.path', { listen: { port: 1, path: '/' } }, /listen.server only/],
    ['a short secret', 'secret', { secret: 'short' }, /8 to 1024 characters, received one of 5$/],
    ['no secrets', 'secret', { secret: [] }, /1 to 4 of them, received 0$/],
    ['a secret twice', 'secret', { secret: ['12345678', '12345678'] }, /without repeats/],
    ['a bad secret of two', 'secret[1]', { secret: ['12345678', 9] }, /received 9$/],
    ['an empty path', 'stateFile', { stateFile: '' }, /the path of a file/],
    ['half a logger', 'logger', { logger: { info() {} } }, /debug, info, warn and error/],
    ['logging switched on', 'logger', { logger: true }, /received true$/],
    ['a limit of nothing', 'limits.claimsMax', { limits: { claimsMax: 0 } }, /from 1 to/],
    ['tls without a key', 'tls.key', { tls: { cert: pem } }, /in PEM, received undefined$/],
    ['tls that is no PEM', 'tls.cert', { tls: { cert: 'x', key: pem } }, /received another text$/],
    ['no authorities', 'tls.ca', { tls: { ca: [], cert: pem, key: pem } }, /at least one/],
    [
      'a plain url beside tls',
      'voters.a',
      { ...base, tls: { cert: pem, key: pem } },
      /a wss url, since tls is set/,
    ],
  ])('%s', (_, field, options, message) => {
    const error = refusalOf(options);
    expect(error.code).toBe('ERR_CONFIG');
    expect(error.field).toBe(field);
    expect(error.message).toMatch(/^Cannot create peer: [^\n]*[^.]$/);
    expect(error.message).toMatch(message);
  });

  test.each([
    ['leese', /leese is no option, perhaps lease was meant$/],
    ['Voters', /perhaps voters was meant$/],
    ['prepareTimeoutMs', /perhaps prepareTimeout was meant$/],
    ['zzzzzzzzzzzz', /it should be one of allowSteal, deadlockProbeAfter, id, /],
  ])('an option by the name of %s, with the name that may be meant', (name, message) => {
    const error = refusalOf({ [name]: 1 });
    expect(error.field).toBe(name);
    expect(error.message).toMatch(message);
  });

  test('an unknown limit', () => {
    const error = refusalOf({ limits: { claimMax: 5 } });
    expect(error.field).toBe('limits.claimMax');
    expect(error.message).toMatch(/perhaps claimsMax was meant$/);
  });

  test('a secret is never shown', () => {
    expect(refusalOf({ secret: 'hunter2' }).message).not.toContain('hunter2');
    expect(refusalOf({ tls: { cert: 'hunter2', key: pem } }).message).not.toContain('hunter2');
  });
});

describe('a listener that strangers can reach', () => {
  const open = { ...base, listen: { port: 7400 } };
  const wss = Object.fromEntries(Object.keys(voters).map((id) => [id, `wss://${id}:1`]));

  test('needs a secret, authorities, or to say that it is insecure', () => {
    expect(refusalOf(open).message).toMatch(/a listener on all addresses is open to strangers/);
    expect(resolveOptions({ ...open, secret: 'long enough' }).secrets).toEqual(['long enough']);
    expect(resolveOptions({ ...open, insecure: true }).listen).toEqual({ port: 7400 });
    const tls = { ca: pem, cert: pem, key: pem };
    expect(resolveOptions({ ...open, voters: wss, tls }).tls?.ca).toEqual([pem]);
  });

  test('is not kept by certificates of the listener alone', () => {
    const tls = { cert: pem, key: pem };
    expect(refusalOf({ ...open, voters: wss, tls }).field).toBe('secret');
  });

  test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('is not at %s', (host) => {
    expect(resolveOptions({ ...base, listen: { host, port: 1 } }).listen).toEqual({
      host,
      port: 1,
    });
  });

  test.each(['0.0.0.0', '::', '10.0.0.1', 'example.org'])('is at %s', (host) => {
    expect(refusalOf({ ...base, listen: { host, port: 1 } }).field).toBe('secret');
  });

  test("is at a server of the application's, wherever that listens", () => {
    const server = createServer();
    expect(refusalOf({ ...base, listen: { server } }).field).toBe('secret');
    const resolved = resolveOptions({ ...base, listen: { server }, secret: 'long enough' });
    expect(resolved.listen).toEqual({ server, path: '/' });
  });
});

test('createPeer() rejects, rather than throws', async () => {
  const creating = createPeer({ lease: -5 });
  await expect(creating).rejects.toBeInstanceOf(ConfigError);
});
