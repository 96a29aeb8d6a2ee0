/**
 * Checks what `createPeer` was given, in one place, and completes it with the defaults: the values
 * one by one, then how they go together.
 */

import { Writable } from 'node:stream';
import { isPeerId, type PeerId } from '../protocol/ids.ts';
import { defaultLimits, type Limits } from '../protocol/options.ts';
import { ConfigError } from './errors.ts';
import { defaultLinkLimits, type LinkLimits, type MeshFingerprint } from './link-types.ts';
import type { Logger } from './logging.ts';
import {
  booleanOf,
  describeValue,
  idWanted,
  isRecord,
  numberOf,
  type RawOptions,
  recordOf,
  refuse,
} from './option-checks.ts';
import type { PeerOptions, TlsOptions } from './options.ts';
import {
  listenOf,
  type ResolvedListen,
  requireProtection,
  secretsOf,
  tlsOf,
} from './resolve-access.ts';
import { meshOf } from './resolve-mesh.ts';
import { defaultTraceLimits, type TraceLimits } from './trace-limits.ts';
import type { TraceListener } from './trace-record.ts';

/** Complete and consistent options, in the words of the inside. */
export interface ResolvedOptions {
  readonly id: PeerId;
  readonly mesh: MeshFingerprint;
  /** Where the other voters are dialled. */
  readonly addresses: ReadonlyMap<PeerId, string>;
  /** `null` for a peer that does not listen. */
  readonly listen: ResolvedListen | null;
  /** Empty for none. */
  readonly secrets: readonly string[];
  readonly tls: TlsOptions | null;
  readonly prepareTimeoutMs: number;
  readonly lingerMs: number;
  readonly maxClockAheadMs: number;
  /** Infinity for never. */
  readonly deadlockProbeMs: number;
  /** `null` for none. */
  readonly stateFile: string | null;
  /** `null` for the default one, `false` for silence. */
  readonly logger: Logger | false | null;
  readonly limits: Limits;
  readonly linkLimits: LinkLimits;
  /** `null` for none. */
  readonly trace: string | Writable | TraceListener | null;
  readonly traceLimits: TraceLimits;
}

/** Complete: a missing or misspelled name does not compile, since it is made of `PeerOptions`. */
const optionNames: Readonly<Record<keyof PeerOptions, true>> = Object.freeze({
  allowSteal: true,
  deadlockProbeAfter: true,
  id: true,
  insecure: true,
  lease: true,
  linger: true,
  limits: true,
  listen: true,
  logger: true,
  maxClockAhead: true,
  maxClockDrift: true,
  members: true,
  mesh: true,
  prepareTimeout: true,
  quorum: true,
  replicas: true,
  secret: true,
  stateFile: true,
  tls: true,
  trace: true,
  voters: true,
});

const defaults = Object.freeze({
  deadlockProbeMs: 1_000,
  id: 'local',
  maxClockAheadMs: 3_600_000,
  prepareTimeoutMs: 2_000,
});

/** The limits that users set; how long a handshake may take is not among them. */
const limitNames = Object.freeze(
  [defaultLimits, defaultLinkLimits, defaultTraceLimits]
    .flatMap((limits) => Object.keys(limits))
    .filter((name) => name !== 'handshakeTimeoutMs'),
);

const votersMax = 32;

/**
 * The options that a peer runs by.
 *
 * @throws {ConfigError} for the first option that is not as it should be
 */
export function resolveOptions(options: unknown): ResolvedOptions {
  const raw = recordOf('options', options ?? {}, Object.keys(optionNames));
  const id = idOf(raw);
  const urls = votersOf(raw, id);
  const mesh = meshOf(raw, [...urls.keys()]);
  const tls = tlsOf(raw.tls);
  const resolved: ResolvedOptions = {
    id,
    mesh,
    addresses: new Map([...urls].filter(([voter]) => voter !== id)),
    listen: listenOf(raw.listen),
    secrets: secretsOf(raw.secret),
    tls,
    prepareTimeoutMs: prepareTimeoutOf(raw, mesh.leaseMs),
    lingerMs: Math.ceil(numberOf('linger', raw.linger ?? 0, { min: 0, max: Infinity })),
    maxClockAheadMs: maxClockAheadOf(raw),
    deadlockProbeMs: deadlockProbeOf(raw),
    stateFile: stateFileOf(raw),
    logger: loggerOf(raw),
    trace: traceOf(raw),
    ...limitsOf(raw),
  };
  requireRole(resolved);
  requireSchemes(urls, tls);
  const insecure = raw.insecure === undefined ? false : booleanOf('insecure', raw.insecure);
  requireProtection(resolved, insecure);
  return resolved;
}

function deadlockProbeOf(raw: RawOptions): number {
  const value = raw.deadlockProbeAfter ?? defaults.deadlockProbeMs;
  return Math.ceil(numberOf('deadlockProbeAfter', value, { min: 1, max: Infinity }));
}

function idOf(raw: RawOptions): PeerId {
  if (raw.id === undefined && raw.voters !== undefined) {
    return refuse('id', `set when voters are: ${idWanted}`, 'none');
  }
  const id = raw.id ?? defaults.id;
  return isPeerId(id) ? id : refuse('id', idWanted, describeValue(id));
}

/** The voters in the order of their ids, each with its url; '' where nobody needs to dial. */
function votersOf(raw: RawOptions, id: PeerId): ReadonlyMap<PeerId, string> {
  if (raw.voters === undefined) return new Map([[id, '']]);
  if (!isRecord(raw.voters)) {
    return refuse('voters', 'an object of urls by id', describeValue(raw.voters));
  }
  const entries = Object.entries(raw.voters).sort(([one], [other]) => (one < other ? -1 : 1));
  if (entries.length < 1 || entries.length > votersMax) {
    return refuse('voters', `1 to ${votersMax} urls by id`, String(entries.length));
  }
  const urls = new Map<PeerId, string>();
  for (const [voter, url] of entries) {
    if (!isPeerId(voter)) return refuse('an id among voters', idWanted, describeValue(voter));
    urls.set(voter, urlOf(`voters.${voter}`, url, voter === id));
  }
  requireDistinct(urls);
  return urls;
}

function urlOf(field: string, url: unknown, isOwn: boolean): string {
  if (isOwn && url === '') return '';
  if (typeof url === 'string' && URL.canParse(url)) {
    const { protocol, hash } = new URL(url);
    if ((protocol === 'ws:' || protocol === 'wss:') && hash === '') return url;
  }
  return refuse(field, 'a url such as ws://10.0.0.1:7400', describeValue(url));
}

/** Two ids at one address would be one process that answers for two voters. */
function requireDistinct(urls: ReadonlyMap<PeerId, string>): void {
  const seen = new Map<string, PeerId>();
  for (const [voter, url] of urls) {
    const key = url === '' ? '' : new URL(url).href;
    const other = seen.get(key);
    if (other !== undefined && key !== '') {
      refuse(`voters.${voter}`, `another url than that of ${other}`, describeValue(url));
    }
    seen.set(key, voter);
  }
}

function prepareTimeoutOf(raw: RawOptions, leaseMs: number): number {
  const fallback = Math.min(defaults.prepareTimeoutMs, Math.floor(leaseMs / 5));
  const bounds = { min: 10, max: 1_800_000, whole: true };
  const ms = numberOf('prepareTimeout', raw.prepareTimeout ?? fallback, bounds);
  if (leaseMs > 2 * ms) return ms;
  return refuse('lease', `more than twice prepareTimeout (${ms})`, String(leaseMs));
}

function maxClockAheadOf(raw: RawOptions): number {
  const value = raw.maxClockAhead ?? defaults.maxClockAheadMs;
  return numberOf('maxClockAhead', value, { min: 1_000, max: 31_536_000_000, whole: true });
}

function stateFileOf(raw: RawOptions): string | null {
  const path = raw.stateFile;
  if (path === undefined) return null;
  if (typeof path === 'string' && path !== '') return path;
  return refuse('stateFile', 'the path of a file', describeValue(path));
}

function loggerOf(raw: RawOptions): Logger | false | null {
  const logger = raw.logger;
  if (logger === undefined) return null;
  if (logger === false || isLogger(logger)) return logger;
  return refuse('logger', 'false or have debug, info, warn and error', describeValue(logger));
}

function isLogger(value: unknown): value is Logger {
  const levels = ['debug', 'info', 'warn', 'error'];
  return isRecord(value) && levels.every((level) => typeof value[level] === 'function');
}

function traceOf({ trace }: RawOptions): ResolvedOptions['trace'] {
  if (trace === undefined) return null;
  if (isListener(trace) || trace instanceof Writable) return trace;
  if (typeof trace === 'string' && trace !== '') return trace;
  return refuse('trace', 'the path of a file, a stream or a function', describeValue(trace));
}

function isListener(value: unknown): value is TraceListener {
  return typeof value === 'function';
}

function limitsOf(raw: RawOptions): Pick<ResolvedOptions, 'limits' | 'linkLimits' | 'traceLimits'> {
  const given = raw.limits === undefined ? {} : recordOf('limits', raw.limits, limitNames);
  const checked: Record<string, number> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const min = /bytesmax$/i.test(name) ? 65_536 : 1;
    checked[name] = numberOf(`limits.${name}`, value, { min, max: 1_000_000_000, whole: true });
  }
  return {
    limits: overlay(defaultLimits, checked),
    linkLimits: overlay(defaultLinkLimits, checked),
    traceLimits: overlay(defaultTraceLimits, checked),
  };
}

/** `base` with the values of `given` in place of those of the same name. */
function overlay<Values extends object>(base: Values, given: Record<string, number>): Values {
  const names = Object.keys(base);
  const known = Object.entries(given).filter(([name]) => names.includes(name));
  return { ...base, ...Object.fromEntries(known) };
}

/** A peer votes and listens, or is a member of a mesh that takes members. */
function requireRole({ id, listen, mesh }: ResolvedOptions): void {
  const { members, voters } = mesh;
  if (!voters.includes(id)) {
    if (members) return;
    const message =
      `Cannot create peer: id must be one of the voters (${voters.join(', ')}), or members must ` +
      `be true on all peers of the mesh, received ${describeValue(id)}`;
    throw new ConfigError(message, { field: 'id' });
  }
  const isReached = members || voters.length > 1;
  if (isReached && listen === null) {
    refuse('listen', 'set, for others to reach this voter', 'none');
  }
}

function requireSchemes(urls: ReadonlyMap<PeerId, string>, tls: TlsOptions | null): void {
  if (tls === null) return;
  for (const [voter, url] of urls) {
    if (url !== '' && new URL(url).protocol !== 'wss:') {
      refuse(`voters.${voter}`, 'a wss url, since tls is set', describeValue(url));
    }
  }
}
