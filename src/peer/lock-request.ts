/**
 * Checks what a call asks for: names, modes and how to wait. Everything refused here is a mistake
 * of the calling code, hence a `TypeError`.
 */

import { nameBytesMax, namesMax } from '../protocol/claim.ts';
import type { ClaimId } from '../protocol/ids.ts';
import type { Mode, Patience, Resource } from '../protocol/message.ts';
import { describeValue, isRecord } from './option-checks.ts';

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
}

type Raw = Readonly<Record<string, unknown>>;

const tryOptions: readonly string[] = ['linger', 'maxHold', 'mode', 'signal'];
const anyOptions: readonly string[] = [...tryOptions, 'timeout'];
const acquireOptions: readonly string[] = ['holding', ...tryOptions, 'steal', 'timeout'];
/** Each of them has an entry at every voter. */
export const alternativesMax = 32;

const noOptions: Raw = Object.freeze({});

/** A longer name is looked at by means that are faster for long ones. */
const plainMax = 128;

/** A text that begins with it is not the same after a decoder has taken it for a mark. */
export const byteOrderMark = '\uFEFF';

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
  const raw = optionsOf(options, acquireOptions);
  const claim = claimOf(request, raw, timeoutOf(raw.timeout));
  if (raw.steal === undefined || raw.steal === false) return claim;
  if (raw.steal !== true) {
    return refuse(`steal must be true or false, received ${describeValue(raw.steal)}`);
  }
  const why = whyNotStolen(claim, allowSteal);
  return why === null ? { ...claim, patience: 'steal' } : refuse(why);
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
  return claimOf(request, optionsOf(options, tryOptions), 0);
}

/**
 * What a call of `locks.request` asks for, but for stealing. Options that are unknown pass, as in
 * browsers.
 *
 * @throws `TypeError`
 */
export function webLocksRequestOf(name: unknown, options: unknown): ClaimRequest {
  const raw = optionsOf(options, null);
  return claimOf([name], raw, raw.ifAvailable === true ? 0 : timeoutOf(raw.timeout));
}

/**
 * What a call of `acquireAny` asks for: a claim for each of the names.
 *
 * @throws `TypeError`
 */
export function anyRequestsOf(requests: unknown, options: unknown): readonly ClaimRequest[] {
  const raw = optionsOf(options, anyOptions);
  return alternativesOf(requests, raw, timeoutOf(raw.timeout));
}

/**
 * What a call of `tryAcquireAny` asks for.
 *
 * @throws `TypeError`
 */
export function tryAnyRequestsOf(requests: unknown, options: unknown): readonly ClaimRequest[] {
  return alternativesOf(requests, optionsOf(options, tryOptions), 0);
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

function alternativesOf(requests: unknown, raw: Raw, timeoutMs: number): readonly ClaimRequest[] {
  if (!Array.isArray(requests)) {
    return refuse(`any of several must be given as an array, received ${describeValue(requests)}`);
  }
  if (requests.length > alternativesMax) {
    const most = `any of 1 to ${alternativesMax} names`;
    return refuse(`${most} may be asked for, received ${requests.length}`);
  }
  const all = claimOf(requests, raw, timeoutMs);
  return all.resources.map((resource) => ({ ...all, resources: [resource] }));
}

function claimOf(request: unknown, raw: Raw, timeoutMs: number): ClaimRequest {
  const resources = resourcesOf(request, modeOf(raw.mode === undefined ? 'exclusive' : raw.mode));
  const patience = timeoutMs === 0 ? 'try' : 'wait';
  const maxHoldMs = maxHoldOf(raw.maxHold);
  const lingerMs = lingerOf(raw.linger);
  return { resources, patience, timeoutMs, maxHoldMs, lingerMs, signal: signalOf(raw.signal) };
}

function resourcesOf(request: unknown, mode: Mode): readonly Resource[] {
  if (!Array.isArray(request)) return [resourceOf(request, mode)];
  if (request.length < 1 || request.length > namesMax) {
    return refuse(`a claim must have 1 to ${namesMax} names, received ${request.length}`);
  }
  const byName = new Map<string, Resource>();
  for (const item of request) {
    const resource = resourceOf(item, mode);
    const other = byName.get(resource.name);
    if (other !== undefined && other.mode !== resource.mode) {
      return refuse(`${describeValue(resource.name)} must have one mode, received both`);
    }
    byName.set(resource.name, resource);
  }
  return [...byName.values()];
}

function resourceOf(item: unknown, mode: Mode): Resource {
  if (!isRecord(item)) return { name: nameOf(item), mode };
  return { name: nameOf(item.name), mode: modeOf(item.mode === undefined ? mode : item.mode) };
}

function nameOf(name: unknown): string {
  if (typeof name !== 'string') {
    return refuse(`a name must be a string, received ${describeValue(name)}`);
  }
  if (isPlain(name)) return name;
  const bytes = Buffer.byteLength(name);
  if (bytes < 1 || bytes > nameBytesMax) {
    return refuse(`a name must have 1 to ${nameBytesMax} bytes of UTF-8, received ${bytes}`);
  }
  if (!name.isWellFormed()) {
    return refuse(`a name must have no lone surrogate, received ${describeValue(name)}`);
  }
  if (name.startsWith(byteOrderMark)) {
    return refuse(`a name must not begin with a byte order mark, received ${describeValue(name)}`);
  }
  return name;
}

/** Whether it is one of the many that need no closer look: short, and of ASCII alone. */
function isPlain(name: string): boolean {
  if (name.length < 1 || name.length > plainMax) return false;
  for (let index = 0; index < name.length; index++) {
    if (name.charCodeAt(index) >= 0x80) return false;
  }
  return true;
}

function optionsOf(options: unknown, known: readonly string[] | null): Raw {
  if (options === undefined) return noOptions;
  if (!isRecord(options)) {
    return refuse(`options must be an object, received ${describeValue(options)}`);
  }
  const unknown = Object.keys(options).find((name) => known !== null && !known.includes(name));
  if (unknown === undefined) return options;
  return refuse(`options may have ${known?.join(', ')}, received ${describeValue(unknown)}`);
}

function modeOf(mode: unknown): Mode {
  if (mode === 'exclusive' || mode === 'shared') return mode;
  return refuse(`mode must be 'exclusive' or 'shared', received ${describeValue(mode)}`);
}

function timeoutOf(timeout: unknown): number {
  if (timeout === undefined) return Number.POSITIVE_INFINITY;
  if (typeof timeout === 'number' && timeout >= 0) return wholeMs(timeout);
  return refuse(`timeout must be 0 or more milliseconds, received ${describeValue(timeout)}`);
}

function maxHoldOf(maxHold: unknown): number {
  if (maxHold === undefined) return Number.POSITIVE_INFINITY;
  if (typeof maxHold === 'number' && maxHold > 0) return wholeMs(maxHold);
  return refuse(`maxHold must be a positive number of ms, received ${describeValue(maxHold)}`);
}

function lingerOf(linger: unknown): number | null {
  if (linger === undefined) return null;
  if (typeof linger === 'number' && linger >= 0) return wholeMs(linger);
  return refuse(`linger must be 0 or more milliseconds, received ${describeValue(linger)}`);
}

/** By shape: test runners and bundlers bring globals of their own. */
function isAbortSignal(value: unknown): value is AbortSignal {
  return isRecord(value) && 'aborted' in value && typeof value.addEventListener === 'function';
}

/** The core counts whole milliseconds; what no clock will see the end of has none. */
function wholeMs(ms: number): number {
  return ms > Number.MAX_SAFE_INTEGER / 2 ? Number.POSITIVE_INFINITY : Math.ceil(ms);
}

/** @throws `TypeError`, which says what cannot be done then */
export function signalOf(signal: unknown, cannot?: string): AbortSignal | undefined {
  if (signal === undefined || isAbortSignal(signal)) return signal;
  return refuse(`signal must be an AbortSignal, received ${describeValue(signal)}`, cannot);
}

function refuse(what: string, cannot = 'Cannot acquire'): never {
  throw new TypeError(`${cannot}: ${what}`);
}
