/**
 * Turns what the core says of a claim that failed, and what the links know of the voters, into the
 * error that the caller gets.
 */

import { unreachable } from '../protocol/assert.ts';
import type { Failure, GroupAsked, KnownHolder, Standing } from '../protocol/output.ts';
import type { Hop } from '../protocol/pursuit.ts';
import {
  DeadlockError,
  type LockHolder,
  LockLostError,
  type LockmeshError,
  LockStolenError,
  LockTimeoutError,
  type LostReason,
  NoQuorumError,
  OverloadedError,
  ReentrantError,
  type VoterAnswer,
} from './errors.ts';
import type { LinkStatus } from './link-types.ts';
import { type ClaimRequest, describeNames, describeWanted, namesOf } from './lock-request.ts';

/** What the error says besides the failure itself. */
export interface FailureContext {
  readonly request: ClaimRequest;
  readonly quorum: number;
  /** Whether not every voter decides on every name. */
  readonly isDivided: boolean;
  readonly links: readonly LinkStatus[];
  readonly nowMs: number;
  readonly wallMs: number;
}

/** Whether the claim found the lock taken, rather than the mesh out of order. */
export function isBusy(failure: Failure, quorum: number): boolean {
  if (failure.reason === 'busy') return true;
  return failure.reason === 'timeout' && unheardGroup(failure.standing, quorum) === undefined;
}

export function errorOf(failure: Failure, context: FailureContext): LockmeshError {
  switch (failure.reason) {
    case 'timeout':
      // A try that cannot tell whether it would have to wait: the mesh is out of order.
      return context.request.patience === 'try' && !isBusy(failure, context.quorum)
        ? noQuorumError(failure.standing, context)
        : timeoutError(failure.standing, context);
    case 'busy':
      return timeoutError(failure.standing, context);
    case 'no-quorum':
      return noQuorumError(failure.standing, context);
    case 'deadlock':
      return deadlockError(failure.cycle, context);
    case 'overloaded':
    case 'claims-max':
      return overloadedError(failure.reason, context);
    default:
      return unreachable(failure);
  }
}

/** The error that a lock ends with when it is lost. */
export function lostError(
  lock: { readonly names: readonly string[]; readonly token: number },
  reason: LostReason,
  cause?: unknown,
): LockLostError {
  const { names, token } = lock;
  const message = `Lost ${describeNames(names)}: ${lostBecause[reason]}`;
  const Lost = reason === 'stolen' ? LockStolenError : LockLostError;
  return new Lost(message, { names, token, reason, cause });
}

const lostBecause: Readonly<Record<LostReason, string>> = {
  lease: 'too few voters were heard from for as long as the lease',
  'max-hold': 'it was held for as long as its maxHold',
  stolen: 'another claim has stolen it',
  restarted: 'this peer had to start anew, since its clock had been set back',
  failed: 'this peer has closed itself, see the cause',
};

/** The error of a call that would wait for whoever makes it. */
export function reentrantError(name: string): ReentrantError {
  const message =
    `Cannot acquire ${describeNames([name])}: the caller holds it, and would wait for itself; ` +
    'it should use the lock that it has';
  return new ReentrantError(message, { held: name });
}

/** The way around ends at the claim that fails. */
function deadlockError(way: readonly Hop[], { request }: FailureContext): DeadlockError {
  const cycle = [...way.slice(-1), ...way.slice(0, -1)].map(({ peer, holds, wants }) => {
    return { peer, holds, wants };
  });
  const circle = cycle.map(({ peer, holds, wants }) => {
    const held = holds.length === 0 ? '' : `holds ${describeNames(holds)} and `;
    return `${peer} ${held}waits for ${describeNames(wants)}`;
  });
  const message =
    `Cannot acquire ${describeWanted(request)}: deadlock, ${circle.join('; ')}; ask for all in ` +
    'one call, or everywhere in the same order';
  return new DeadlockError(message, { names: namesOf(request.resources), cycle });
}

function noQuorumError(standing: Standing, context: FailureContext): NoQuorumError {
  const { isDivided, request, quorum, wallMs } = context;
  const names = namesOf(request.resources);
  const asked = unheardGroup(standing, quorum) ?? standing.groups[0] ?? nobodyAsked;
  const group: readonly string[] = asked.voters;
  const voters = votersOf(standing, context).filter(({ voter }) => group.includes(voter));
  const unasked = voters.filter(({ answer }) => answer === 'unasked').length;
  const whose = isDivided ? `voters of ${describeNames(asked.names)}` : 'voters';
  const many =
    unasked > 0
      ? `no quorum of ${whose} has voted since this peer began, ${unasked} of ${group.length} ` +
        `are within reach, ${quorum} must vote`
      : `${answeredCount(standing, asked)} of ${group.length} ${whose} answered, ${quorum} must`;
  const each = describeVoters(voters, wallMs);
  const message = `Cannot acquire ${describeWanted(request)}: ${many} (${each})`;
  return new NoQuorumError(message, { names, quorum, group, voters });
}

function timeoutError(standing: Standing, context: FailureContext): LockTimeoutError {
  const { request, quorum, wallMs } = context;
  const { timeoutMs } = request;
  const names = namesOf(request.resources);
  const holders = standing.holders.map((holder) => holderOf(holder, wallMs));
  const voters = votersOf(standing, context);
  const within = timeoutMs > 0 ? `within ${timeoutMs} ms` : 'at once';
  const reasons = [describeHolders(standing.holders), describeAhead(standing)].filter(Boolean);
  if (isBehindOlder(standing)) reasons.push(behindOlder);
  if (unheardGroup(standing, quorum)) reasons.push(describeVoters(voters, wallMs));
  const why = reasons.length === 0 ? '' : `, ${reasons.join(', ')}`;
  const message = `Cannot acquire ${describeWanted(request)}: not granted ${within}${why}`;
  const { ahead } = standing;
  return new LockTimeoutError(message, { names, timeout: timeoutMs, holders, ahead, voters });
}

function overloadedError(
  reason: 'overloaded' | 'claims-max',
  { request }: FailureContext,
): OverloadedError {
  const names = namesOf(request.resources);
  const why =
    reason === 'overloaded'
      ? 'too many voters keep as many claims as they may, raise limits.entriesMax or waitersMax'
      : 'this peer has as many claims as it may, raise limits.claimsMax';
  const by = reason === 'overloaded' ? 'voters' : 'peer';
  return new OverloadedError(`Cannot acquire ${describeWanted(request)}: ${why}`, { names, by });
}

const behindOlder = 'behind an older claim of this peer that waits for its first quorum of voters';

const nobodyAsked: GroupAsked = { names: [], voters: [], seen: true };

/** What is no answer. */
const unheard: readonly Standing['voters'][number]['answer'][] = ['silent', 'unasked', 'unlinked'];

/** The first group of the claim in which no quorum has voted yet, or else has answered. */
function unheardGroup(standing: Standing, quorum: number): GroupAsked | undefined {
  const { groups } = standing;
  if (isBehindOlder(standing)) return undefined;
  const unseen = groups.find(({ seen }) => !seen);
  return unseen ?? groups.find((group) => answeredCount(standing, group) < quorum);
}

/** Whether a quorum could be asked, but for an older claim of this peer that waits for its own. */
function isBehindOlder({ groups, voters }: Standing): boolean {
  return groups.every(({ seen }) => seen) && voters.some(({ answer }) => answer === 'unasked');
}

function answeredCount({ voters }: Standing, group: GroupAsked): number {
  const heard = voters.filter(({ answer }) => !unheard.includes(answer));
  return heard.filter(({ voter }) => group.voters.includes(voter)).length;
}

function holderOf({ peer, heldForMs }: KnownHolder, wallMs: number): LockHolder {
  return { peer, since: heldForMs === null ? null : Math.round(wallMs - heldForMs) };
}

function votersOf(standing: Standing, context: FailureContext): readonly VoterAnswer[] {
  return standing.voters.map(({ voter, answer }) => {
    if (answer !== 'unlinked') return { voter, answer };
    const link = context.links.find(({ peer }) => peer === voter);
    const since = Math.round(context.wallMs - (context.nowMs - (link?.sinceMs ?? context.nowMs)));
    return { voter, answer: 'unreachable', reason: reasonOf(link), since };
  });
}

/** Why the way to a voter is not open. */
export function reasonOf(link: LinkStatus | undefined): string {
  if (link === undefined) return 'never linked';
  // The link stands, and the voter has not yet greeted on it.
  if (link.state === 'up') return 'just linked';
  return link.lastError ?? (link.address === null ? 'it has not called' : 'dialling');
}

function describeVoters(voters: readonly VoterAnswer[], wallMs: number): string {
  return voters
    .map(({ voter, answer, reason, since }) => {
      if (answer === 'unasked') return `${voter}: within reach`;
      if (reason === undefined || since === undefined) return `${voter}: ${answer}`;
      return `${voter}: ${answer} for ${describeMs(wallMs - since)}, ${reason}`;
    })
    .join('; ');
}

function describeHolders(holders: readonly KnownHolder[]): string {
  if (holders.length === 0) return '';
  const shown = holders.slice(0, 3).map(({ peer, heldForMs }) => {
    return heldForMs === null ? peer : `${peer} for ${describeMs(heldForMs)}`;
  });
  const more = holders.length > shown.length ? ` and ${holders.length - shown.length} more` : '';
  return `held by ${shown.join(', ')}${more}`;
}

function describeAhead({ ahead, holders }: Standing): string {
  const waiting = ahead - holders.length;
  return waiting > 0 ? `${waiting} waiting ahead` : '';
}

function describeMs(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1_000)} s`;
}
