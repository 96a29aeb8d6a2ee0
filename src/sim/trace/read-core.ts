/**
 * Reads what cores are made of, take and give, from JSON: as strict as what reads frames from the
 * wire, so that what is read can be handed to a core.
 */

import { encode } from '../../peer/codec.ts';
import { parseFrame } from '../../peer/frame-codec.ts';
import { resolveOptions } from '../../peer/resolve-options.ts';
import { isName, isValue } from '../../protocol/claim.ts';
import {
  type ClaimId,
  claimId,
  incarnation,
  isPeerId,
  type LookNumber,
  lookNumber,
  type PeerId,
  roundNumber,
  type Stamp,
  stamp,
} from '../../protocol/ids.ts';
import type { Input } from '../../protocol/input.ts';
import type { Frame, Resource, Sight } from '../../protocol/message.ts';
import { defaultLimits, type Limits, type NodeOptions } from '../../protocol/options.ts';
import type { Failure, LeaderView, Output, VoterAnswer } from '../../protocol/output.ts';
import type { Hop } from '../../protocol/pursuit.ts';
import { writeFrame } from '../../protocol/wire.ts';
import { peerOptionsOf } from './peer-options.ts';
import {
  flagOf,
  listOf,
  msOf,
  type Raw,
  rawOf,
  textOf,
  Unfit,
  unfit,
  wholeOf,
  wordOf,
} from './unfit.ts';
import { Values } from './values.ts';

const inputs = Object.freeze([
  ...(['acquire', 'release', 'heed', 'downgrade', 'look', 'observe', 'unobserve'] as const),
  ...(['link-up', 'link-down', 'frame', 'flush', 'retire', 'wake', 'persisted'] as const),
]);

const outputs = Object.freeze([
  ...(['granted', 'failed', 'lost', 'wanted', 'looked', 'leader', 'frame'] as const),
  ...(['unlink', 'voter', 'quorum', 'persist'] as const),
]);

const answers: readonly VoterAnswer['answer'][] = Object.freeze([
  ...(['yes', 'behind', 'queued', 'busy', 'overloaded'] as const),
  ...(['silent', 'unasked', 'unlinked'] as const),
]);

/** @throws {Unfit} */
export function inputOf(value: unknown): Input {
  const raw = rawOf(value, 'input');
  const type = wordOf(raw, 'type', inputs);
  switch (type) {
    case 'acquire':
      return {
        ...{ type, claim: claimId(wholeOf(raw, 'claim')) },
        ...{ resources: listOf(raw, 'resources', resourceOf) },
        ...{ patience: wordOf(raw, 'patience', ['wait', 'try', 'steal']) },
        ...{ timeoutMs: msOf(raw, 'timeoutMs'), maxHoldMs: msOf(raw, 'maxHoldMs') },
        ...{ lingerMs: msOf(raw, 'lingerMs'), value: leaderValueOf(raw) },
        ...(raw.holding !== undefined && { holding: claimsIn(raw, 'holding') }),
        ...(raw.alternatives !== undefined && { alternatives: claimsIn(raw, 'alternatives') }),
      };
    case 'release':
    case 'heed':
    case 'downgrade':
      return { type, claim: claimId(wholeOf(raw, 'claim')) };
    case 'look':
      return { type, look: lookOf(raw), name: raw.name === null ? null : nameOf(raw) };
    case 'observe':
      return { type, name: nameOf(raw), floor: stampOf(raw, 'floor') };
    case 'unobserve':
      return { type, name: nameOf(raw) };
    case 'link-up':
      return { type, peer: peerOf(raw, 'peer'), incarnation: incarnationOf(raw) };
    case 'link-down':
      return { type, peer: peerOf(raw, 'peer') };
    case 'frame':
      return { type, peer: peerOf(raw, 'peer'), frame: frameOf(raw) };
    case 'persisted':
      return { type, mark: stampOf(raw, 'mark') };
    default:
      return { type };
  }
}

/** @throws {Unfit} */
export function outputOf(value: unknown): Output {
  const raw = rawOf(value, 'output');
  const type = wordOf(raw, 'type', outputs);
  switch (type) {
    case 'granted': {
      const claim = claimId(wholeOf(raw, 'claim'));
      const round = roundNumber(wholeOf(raw, 'round'));
      return { type, claim, round, token: stampOf(raw, 'token') };
    }
    case 'failed':
      return { type, claim: claimId(wholeOf(raw, 'claim')), failure: failureOf(raw.failure) };
    case 'lost': {
      const reason = wordOf(raw, 'reason', ['lease', 'max-hold', 'stolen']);
      return { type, claim: claimId(wholeOf(raw, 'claim')), reason };
    }
    case 'wanted':
      return { type, claim: claimId(wholeOf(raw, 'claim')) };
    case 'looked':
      return {
        ...{ type, look: lookOf(raw), sights: listOf(raw, 'sights', sightOf) },
        unanswered: listOf(raw, 'unanswered', (peer, of) => peerOf({ [of]: peer }, of)),
        isCut: flagOf(raw, 'isCut'),
      };
    case 'leader':
      return { type, name: nameOf(raw), leader: leaderOf(raw.leader) };
    case 'frame':
      return { type, to: peerOf(raw, 'to'), frame: frameOf(raw) };
    case 'unlink': {
      const reasons = ['silent', 'sequence', 'clock-ahead', 'hello', 'echo'] as const;
      return { type, peer: peerOf(raw, 'peer'), reason: wordOf(raw, 'reason', reasons) };
    }
    case 'voter': {
      const state = wordOf(raw, 'state', ['voting', 'recovering', 'unlinked']);
      return { type, voter: peerOf(raw, 'voter'), state };
    }
    case 'quorum':
      return { type, present: flagOf(raw, 'present') };
    case 'persist':
      return { type, mark: stampOf(raw, 'mark') };
  }
}

/** @throws {Unfit} */
export function nodeOptionsOf(value: unknown): NodeOptions {
  const raw = rawOf(value, 'options');
  const name = raw.name === undefined ? {} : { name: textOf(raw, 'name') };
  const voters = listOf(raw, 'voters', (voter, of) => peerOf({ [of]: voter }, of));
  const options: NodeOptions = {
    ...{ id: peerOf(raw, 'id'), incarnation: incarnationOf(raw), ...name },
    ...{ leaseMs: wholeOf(raw, 'leaseMs'), maxClockDrift: msOf(raw, 'maxClockDrift') },
    allowSteal: raw.allowSteal === undefined ? false : flagOf(raw, 'allowSteal'),
    ...{ members: flagOf(raw, 'members'), quorum: wholeOf(raw, 'quorum', 1) },
    voters,
    replicas: raw.replicas === undefined ? voters.length : wholeOf(raw, 'replicas', 1),
    prepareTimeoutMs: wholeOf(raw, 'prepareTimeoutMs'),
    maxClockAheadMs: wholeOf(raw, 'maxClockAheadMs'),
    // Of before there was any, nothing is said.
    deadlockProbeMs: raw.deadlockProbeMs === undefined ? Infinity : msOf(raw, 'deadlockProbeMs'),
    durableMark: raw.durableMark === null ? null : stampOf(raw, 'durableMark'),
    limits: limitsOf(rawOf(raw.limits, 'limits')),
  };
  try {
    resolveOptions(peerOptionsOf(options));
  } catch (error) {
    throw new Unfit(`options must be those of a peer: ${textOfError(error)}`);
  }
  return options;
}

function limitsOf(raw: Raw): Limits {
  const names = Object.keys(defaultLimits);
  const given = names.map((name): [string, number] => [name, wholeOf(raw, name, 1)]);
  return { ...defaultLimits, ...Object.fromEntries(given) };
}

export function peerOf(raw: Raw, name: string): PeerId {
  const value = raw[name];
  return isPeerId(value) ? value : unfit(name, 'the id of a peer', value);
}

function incarnationOf(raw: Raw): ReturnType<typeof incarnation> {
  return incarnation(wholeOf(raw, 'incarnation', 1));
}

function stampOf(raw: Raw, name: string): Stamp {
  return stamp(wholeOf(raw, name));
}

function resourceOf(value: unknown): Resource {
  const raw = rawOf(value, 'a resource');
  return { name: nameOf(raw), mode: wordOf(raw, 'mode', ['exclusive', 'shared']) };
}

function nameOf({ name }: Raw): string {
  return isName(name) ? name : unfit('name', 'the name of a resource', name);
}

function lookOf(raw: Raw): LookNumber {
  return lookNumber(wholeOf(raw, 'look', 1));
}

function sightOf(value: unknown): Sight {
  const raw = rawOf(value, 'a sight');
  return {
    ...{ peer: peerOf(raw, 'peer'), incarnation: incarnationOf(raw) },
    ...{ round: roundNumber(wholeOf(raw, 'round', 1)), isStealing: flagOf(raw, 'isStealing') },
    resources: listOf(raw, 'resources', resourceOf),
    heldForMs: raw.heldForMs === null ? null : wholeOf(raw, 'heldForMs'),
    ...{ ticket: stampOf(raw, 'ticket'), token: stampOf(raw, 'token') },
  };
}

function leaderValueOf({ value }: Raw): string | null {
  if (value === null) return null;
  return isValue(value) ? value : unfit('value', 'what a leader is known by', value);
}

function leaderOf(value: unknown): LeaderView | null {
  if (value === null) return null;
  const raw = rawOf(value, 'leader');
  return {
    ...{ peer: peerOf(raw, 'peer'), token: stampOf(raw, 'token') },
    value: leaderValueOf(raw) ?? '',
  };
}

/** By way of the wire: what is read there is checked field by field. */
function frameOf(raw: Raw): Frame {
  const parsed = parseFrame(wireOf(raw.frame));
  return parsed.ok ? parsed.frame : unfit('frame', `one (${parsed.error})`, raw.frame);
}

function wireOf(value: unknown): Uint8Array {
  try {
    // Whatever this is: what `writeFrame` makes of it is looked at by `parseFrame`.
    const values = new Values();
    writeFrame(withInfinity(value) as Frame, values);
    return encode(values.root);
  } catch (error) {
    return unfit('frame', `one (${textOfError(error)})`, value);
  }
}

/** In JSON, a hold without a bound is `null`. */
function withInfinity(value: unknown): unknown {
  const raw = rawOf(value, 'frame');
  const messages = listOf(raw, 'messages', (message) => {
    const each = rawOf(message, 'a message');
    return each.maxHoldMs === null ? { ...each, maxHoldMs: Number.POSITIVE_INFINITY } : each;
  });
  return { ...raw, messages };
}

function failureOf(value: unknown): Failure {
  const raw = rawOf(value, 'failure');
  const plain = ['timeout', 'busy', 'no-quorum', 'overloaded'] as const;
  const reasons = [...plain, 'claims-max', 'deadlock'] as const;
  const reason = wordOf(raw, 'reason', reasons);
  if (reason === 'claims-max') return { reason };
  if (reason === 'deadlock') return { reason, cycle: listOf(raw, 'cycle', hopOf) };
  const standing = rawOf(raw.standing, 'standing');
  return {
    reason,
    standing: {
      voters: listOf(standing, 'voters', (voter, name) => {
        const each = rawOf(voter, name);
        return { voter: peerOf(each, 'voter'), answer: wordOf(each, 'answer', answers) };
      }),
      groups: listOf(standing, 'groups', (group, name) => {
        const each = rawOf(group, name);
        return {
          names: listOf(each, 'names', (text, of) => textOf({ [of]: text }, of)),
          voters: listOf(each, 'voters', (voter, of) => peerOf({ [of]: voter }, of)),
          seen: flagOf(each, 'seen'),
        };
      }),
      holders: listOf(standing, 'holders', (holder, name) => {
        const each = rawOf(holder, name);
        const heldForMs = each.heldForMs === null ? null : wholeOf(each, 'heldForMs');
        return { peer: peerOf(each, 'peer'), heldForMs };
      }),
      ahead: wholeOf(standing, 'ahead'),
    },
  };
}

function claimsIn(raw: Raw, key: string): readonly ClaimId[] {
  return listOf(raw, key, (claim, name) => claimId(wholeOf({ [name]: claim }, name)));
}

function hopOf(value: unknown, name: string): Hop {
  const raw = rawOf(value, name);
  const textIn = (text: unknown, of: string): string => textOf({ [of]: text }, of);
  return {
    ...{ peer: peerOf(raw, 'peer'), incarnation: incarnationOf(raw) },
    ...{ round: roundNumber(wholeOf(raw, 'round', 1)), via: roundNumber(wholeOf(raw, 'via', 1)) },
    ...{ voter: peerOf(raw, 'voter'), holds: listOf(raw, 'holds', textIn) },
    wants: listOf(raw, 'wants', textIn),
  };
}

function textOfError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
