/**
 * Checks the options that say who may reach a peer: where it listens, and what protects that.
 */

import { isIPv4 } from 'node:net';
import { ConfigError } from './errors.ts';
import {
  describeValue,
  isRecord,
  numberOf,
  type RawOptions,
  recordOf,
  refuse,
} from './option-checks.ts';
import type { ListenAddress, ListenServer, TlsOptions } from './options.ts';

/** Where a peer listens, complete but for a host that means every address. */
export type ResolvedListen = ListenAddress | Required<ListenServer>;

const secretsMax = 4;
const secretLengthMin = 8;
const secretLengthMax = 1_024;

export function listenOf(value: unknown): ResolvedListen | null {
  if (value === undefined) return null;
  const listen = recordOf('listen', value, ['host', 'path', 'port', 'server']);
  if (listen.server !== undefined) return onServer(listen);
  if (listen.path !== undefined) {
    return refuse('listen.path', 'set together with listen.server only', 'one without it');
  }
  const port = numberOf('listen.port', listen.port, { min: 0, max: 65_535, whole: true });
  const { host } = listen;
  if (host === undefined) return { port };
  if (typeof host === 'string' && host !== '') return { host, port };
  return refuse('listen.host', 'the name or address of this machine', describeValue(host));
}

function onServer(listen: RawOptions): Required<ListenServer> {
  if (listen.port !== undefined || listen.host !== undefined) {
    return refuse('listen', 'either an address (host, port) or a server', 'both');
  }
  const { server } = listen;
  if (!isServer(server)) return refuse('listen.server', 'an HTTP server', describeValue(server));
  const path = listen.path ?? '/';
  if (typeof path === 'string' && path.startsWith('/')) return { server, path };
  return refuse('listen.path', 'a path that begins with /', describeValue(path));
}

/** By shape: the application's may come from another realm, or be a framework's own. */
function isServer(value: unknown): value is ListenServer['server'] {
  return isRecord(value) && typeof value.on === 'function' && typeof value.address === 'function';
}

export function tlsOf(value: unknown): TlsOptions | null {
  if (value === undefined) return null;
  const tls = recordOf('tls', value, ['ca', 'cert', 'key']);
  const own = { cert: pemOf('tls.cert', tls.cert), key: pemOf('tls.key', tls.key) };
  return tls.ca === undefined ? own : { ca: authoritiesOf(tls.ca), ...own };
}

function authoritiesOf(value: unknown): readonly (string | Buffer)[] {
  if (!Array.isArray(value)) return [pemOf('tls.ca', value)];
  if (value.length === 0) return refuse('tls.ca', 'at least one certificate', 'none');
  return value.map((item, index) => pemOf(`tls.ca[${index}]`, item));
}

/** Says nothing of what it received: it may be a key. */
function pemOf(field: string, value: unknown): string | Buffer {
  if (typeof value === 'string' && value.includes('-----BEGIN ')) return value;
  if (Buffer.isBuffer(value) && value.includes('-----BEGIN ')) return value;
  const isText = typeof value === 'string' || Buffer.isBuffer(value);
  return refuse(field, 'a string or Buffer in PEM', isText ? 'another text' : describeValue(value));
}

/** Never shows a secret in a message. */
export function secretsOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [secretOf('secret', value)];
  if (value.length < 1 || value.length > secretsMax) {
    return refuse('secret', `a string or 1 to ${secretsMax} of them`, `${value.length}`);
  }
  const secrets = value.map((item, index) => secretOf(`secret[${index}]`, item));
  if (new Set(secrets).size === secrets.length) return secrets;
  return refuse('secret', 'a list without repeats', 'the same secret twice');
}

function secretOf(field: string, value: unknown): string {
  const wanted = `a string of ${secretLengthMin} to ${secretLengthMax} characters`;
  if (typeof value !== 'string') return refuse(field, wanted, describeValue(value));
  if (value.length >= secretLengthMin && value.length <= secretLengthMax) return value;
  return refuse(field, wanted, `one of ${value.length}`);
}

/**
 * Whoever can reach a listener may take locks, unless something keeps strangers out: a secret, or
 * certificates on both sides. Without a `ca`, certificates vouch for the listener only.
 */
export function requireProtection(options: Protected, insecure: boolean): void {
  const { listen, secrets, tls } = options;
  if (listen === null || insecure || secrets.length > 0) return;
  if (tls?.ca !== undefined || isPrivate(listen)) return;
  const message =
    `Cannot create peer: a listener on ${describePlace(listen)} is open to strangers, it must ` +
    'have a secret, or tls with a ca, or the host 127.0.0.1, or say insecure: true';
  throw new ConfigError(message, { field: 'secret' });
}

/** The options that bear on who may reach a peer. */
interface Protected {
  readonly listen: ResolvedListen | null;
  readonly secrets: readonly string[];
  readonly tls: TlsOptions | null;
}

/** Where a server of the application's listens is not known here. */
function isPrivate(listen: ResolvedListen): boolean {
  return 'port' in listen && listen.host !== undefined && isLoopback(listen.host);
}

function describePlace(listen: ResolvedListen): string {
  return 'port' in listen ? (listen.host ?? 'all addresses') : "the application's server";
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIPv4(host) && host.startsWith('127.');
}
