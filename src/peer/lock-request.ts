/**
 * Checks what a call asks for: names, modes and how to wait. Everything refused here is a mistake
 * of the calling code, hence a `TypeError`.
 */

import { namesMax } from '../protocol/claim.ts';
import type { ClaimId } from '../protocol/ids.ts';
import type { Mode, Patience, Resource } from '../protocol/message.ts';
import { nameOf, optionsOf, type RecordKind, recordOf, refuse, signalOf } from './call-checks.ts';
import { describeValue, isRecord, type RawOptions } from './option-checks.ts';

/** What one call asks for, checked and complete. */
export interface ClaimRequest {
  /** With distinct names, in the order asked for; never empty. */
  readonly resources: readonly Resource[];
  /** `try` does not wait for a holder; `steal` does until the holder has been told. */
  readonly patience: Patience;
  /** Infinity without a bound. */
  readonly timeoutMs: number;
  /** Infinity without a bound. */
  readonly maxHoldMs: number;
  /** 0 for none; Infinity without a bound; `null` for what the peer says. */
  readonly lingerMs: number | null;
  readonly signal: AbortSignal | undefined;
  /** Whether one of the resources is enough; only for what is said of it. */
  readonly isAny?: true;
  /** What its holder is known by as a leader; without it, it leads nobody. */
  readonly value?: string;
  /** The claims that the caller holds meanwhile; absent for none. */
  readonly holding?: readonly ClaimId[];
  /** The claims of which one is enough, this one among them; absent where no other will do. */
  readonly alternatives?: readonly ClaimId[];
}

/** What a call of `locks.request` asks for. */
export interface WebLocksRequest {
  readonly claim: ClaimRequest;
  readonly ifAvailable: boolean;
  readonly steal: boolean;
  /** What was given, of which nothing is known. */
  readonly raw: RawOptions;
}

const act = 'acquire';

const tryOptions: readonly string[] = ['linger', 'maxHold', 'mode', 'signal'];
const anyOptions: readonly string[] = [...tryOptions, 'timeout'];
const acquireOptions: readonly string[] = ['holding', ...tryOptions, 'steal', 'timeout'];
/** Each of them has an entry at every voter. */
export const alternativesMax = 32;

/** A name that is given as an object. */
const namedLock: RecordKind = Object.freeze({
  act: 'acquire',
  what: 'a request',
  known: ['mode', 'name'],
  options: acquireOptions,
});

/**
 * What a call of `acquire` asks for.
 *
 * @param allowSteal whether the mesh lets locks be stolen
 * @throws `TypeError`
 */
export function acquireRequestOf(
  request: unknown,
  options: unknown,
  allowSteal: boolean,
): ClaimRequest {
  const raw = optionsOf(options, act, acquireOptions);
  const claim = claimOf(request, raw, timeoutOf(raw.timeout));
  if (raw.steal === undefined || raw.steal === false) return claim;
  if (raw.steal !== true) return refuse(act, 'steal must be true or false', raw.steal);
  const why = whyNotStolen(claim, allowSteal);
  if (why === null) return { ...claim, patience: 'steal' };
  throw new TypeError(`Cannot acquire: ${why}`);
}

/** What forbids that a claim steals; `null` if nothing does. */
export function whyNotStolen(claim: ClaimRequest, allowSteal: boolean): string | null {
  if (!allowSteal) return 'steal needs a mesh with allowSteal: true on all its peers';
  if (claim.patience === 'try') return 'steal waits until the holder was told, and so is no try';
  if (claim.resources.every(({ mode }) => mode === 'exclusive')) return null;
  return "steal takes exclusive locks, received the mode 'shared'";
}

/**
 * What a call of `tryAcquire` asks for.
 *
 * @throws `TypeError`
 */
export function tryRequestOf(request: unknown, options: unknown): ClaimRequest {
  return claimOf(request, optionsOf(options, act, tryOptions), 0);
}

/**
 * What a call of `locks.request` asks for, but for stealing. As in browsers, options that are
 * unknown pass, `null` is as good as none, and what is to be a boolean is made one.
 *
 * @throws `TypeError`
 */
export function webLocksRequestOf(name: unknown, options: unknown): WebLocksRequest {
  const raw = options ?? {};
  if (!isRecord(raw)) return refuse(act, 'options must be an object', options);
  const ifAvailable = Boolean(raw.ifAvailable);
  const timeoutMs = timeoutOf(raw.timeout);
  const claim = claimOf(nameOf(name), raw, ifAvailable ? 0 : timeoutMs);
  return { claim, ifAvailable, steal: Boolean(raw.steal), raw };
}

/**
 * What a call of `acquireAny` asks for: a claim for each of the names.
 *
 * @throws `TypeError`
 */
export function anyRequestsOf(requests: unknown, options: unknown): readonly ClaimRequest[] {
  const raw = optionsOf(options, act, anyOptions);
  return alternativesOf(requests, raw, timeoutOf(raw.timeout));
}

/**
 * What a call of `tryAcquireAny` asks for.
 *
 * @throws `TypeError`
 */
export function tryAnyRequestsOf(requests: unknown, options: unknown): readonly ClaimRequest[] {
  return alternativesOf(requests, optionsOf(options, act, tryOptions), 0);
}

/** What a claim asks for, as the end of a sentence. */
export function describeWanted({ isAny, resources }: ClaimRequest): string {
  const names = describeNames(namesOf(resources));
  return isAny && resources.length > 1 ? `any of ${names}` : names;
}

/** The names of a claim, for messages and for the holder. */
export function namesOf(resources: readonly Resource[]): readonly string[] {
  const [first] = resources;
  if (first !== undefined && resources.length === 1) return [first.name];
  return resources.map(({ name }) => name);
}

/** The mode of a claim as a whole. */
export function modeOfAll(resources: readonly Resource[]): Mode {
  const [first] = resources;
  if (first !== undefined && resources.length === 1) return first.mode;
  return resources.some(({ mode }) => mode === 'exclusive') ? 'exclusive' : 'shared';
}

/** `"a"`, `"a" and "b"`, `"a", "b" and 3 more`; short enough for a message. */
export function describeNames(names: readonly string[]): string {
  const quoted = names.slice(0, names.length === 3 ? 3 : 2).map(describeValue);
  const more = names.length - quoted.length;
  if (more > 0) return `${quoted.join(', ')} and ${more} more`;
  const last = quoted.at(-1) ?? '';
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} and ${last}` : last;
}

function alternativesOf(
  requests: unknown,
  raw: RawOptions,
  timeoutMs: number,
): readonly ClaimRequest[] {
  if (!Array.isArray(requests)) {
    return refuse(act, 'any of several must be given as an array', requests);
  }
  if (requests.length < 1 || requests.length > alternativesMax) {
    const most = `any of 1 to ${alternativesMax} names`;
    return refuse(act, `${most} may be asked for`, requests.length);
  }
  const all = claimOf(requests, raw, timeoutMs);
  return all.resources.map((resource) => ({ ...all, resources: [resource] }));
}

function claimOf(request: unknown, raw: RawOptions, timeoutMs: number): ClaimRequest {
  const resources = resourcesOf(request, modeOf(raw.mode === undefined ? 'exclusive' : raw.mode));
  const patience = timeoutMs === 0 ? 'try' : 'wait';
  const maxHoldMs = maxHoldOf(raw.maxHold);
  const lingerMs = lingerOf(raw.linger);
  const signal = signalOf(raw.signal, act);
  return { resources, patience, timeoutMs, maxHoldMs, lingerMs, signal };
}

function resourcesOf(request: unknown, mode: Mode): readonly Resource[] {
  if (!Array.isArray(request)) return [resourceOf(request, mode)];
  if (request.length < 1 || request.length > namesMax) {
    return refuse(act, `a claim must have 1 to ${namesMax} names`, request.length);
  }
  const byName = new Map<string, Resource>();
  for (const item of request) {
    const resource = resourceOf(item, mode);
    const other = byName.get(resource.name);
    if (other !== undefined && other.mode !== resource.mode) {
      const name = describeValue(resource.name);
      throw new TypeError(`Cannot acquire: ${name} must have one mode, received both`);
    }
    byName.set(resource.name, resource);
  }
  return [...byName.values()];
}

function resourceOf(item: unknown, mode: Mode): Resource {
  if (!isRecord(item)) return { name: nameOf(item), mode };
  const own = recordOf(item, namedLock);
  return { name: nameOf(own.name), mode: modeOf(own.mode === undefined ? mode : own.mode) };
}

function modeOf(mode: unknown): Mode {
  if (mode === 'exclusive' || mode === 'shared') return mode;
  return refuse(act, "mode must be 'exclusive' or 'shared'", mode);
}

function timeoutOf(timeout: unknown): number {
  if (timeout === undefined) return Number.POSITIVE_INFINITY;
  if (typeof timeout === 'number' && timeout >= 0) return wholeMs(timeout);
  return refuse(act, 'timeout must be 0 or more milliseconds', timeout);
}

function maxHoldOf(maxHold: unknown): number {
  if (maxHold === undefined) return Number.POSITIVE_INFINITY;
  if (typeof maxHold === 'number' && maxHold > 0) return wholeMs(maxHold);
  return refuse(act, 'maxHold must be a positive number of ms', maxHold);
}

function lingerOf(linger: unknown): number | null {
  if (linger === undefined) return null;
  if (typeof linger === 'number' && linger >= 0) return wholeMs(linger);
  return refuse(act, 'linger must be 0 or more milliseconds', linger);
}

/** The core counts whole milliseconds; what no clock will see the end of has none. */
function wholeMs(ms: number): number {
  return ms > Number.MAX_SAFE_INTEGER / 2 ? Number.POSITIVE_INFINITY : Math.ceil(ms);
}
