/**
 * A frame as nested arrays of numbers and strings: written value by value to whatever makes bytes
 * of them, and read from whatever finds them there, checked field by field. `readFrame` takes
 * whatever came and never throws: a peer that speaks the protocol sends nothing that it refuses.
 *
 *     [sequence, stamp, echo, clock, [[tag, field, …], …]]
 */

import { unreachable } from './assert.ts';
import { isExclusive } from './claim.ts';
import { begin, type FieldSink, writeHolders, writeResources, writeTexts } from './field-sink.ts';
import {
  count,
  type FieldSource,
  generationField,
  holdersField,
  incarnationField,
  leaseTimeField,
  resourcesField,
  roundField,
  roundIdsField,
  roundsField,
  sessionField,
  stampField,
  valueField,
} from './fields.ts';
import type { Frame, Message, Prepare } from './message.ts';
import { readLeader, readObserve, writeElection } from './wire-elections.ts';
import { readLook, readView, writeLook, writeView } from './wire-looks.ts';
import { readProbe, writeProbe } from './wire-probes.ts';
import { lengths, tagMax, tags } from './wire-tags.ts';

/** What reading came to. */
export type ParseResult =
  | { readonly ok: true; readonly frame: Frame }
  /** What was wrong, for people. */
  | { readonly ok: false; readonly error: string };

const messagesMax = 100_000;
const roundsMax = 10_000;

export function writeFrame(frame: Frame, to: FieldSink): void {
  const { messages } = frame;
  to.array(5);
  to.integer(frame.sequence);
  to.integer(frame.stamp);
  to.integer(frame.echo);
  to.integer(frame.clock);
  to.array(messages.length);
  for (const message of messages) writeMessage(message, to);
}

function writeMessage(message: Message, to: FieldSink): void {
  switch (message.type) {
    case 'prepare':
      return writePrepare(message, to);
    case 'vote': {
      begin(to, tags.vote);
      to.integer(message.round);
      to.integer(message.generation);
      to.integer(message.token);
      writeTexts(message.after, to);
      return to.integer(message.floor);
    }
    case 'commit':
    case 'release':
    case 'revoke':
      begin(to, tags[message.type]);
      to.integer(message.round);
      return to.integer(message.token);
    case 'inquire':
    case 'yield':
      begin(to, tags[message.type]);
      to.integer(message.round);
      return to.integer(message.generation);
    case 'refuse':
      begin(to, tags.refuse);
      to.integer(message.round);
      to.integer(message.reason === 'busy' ? 0 : 1);
      return writeHolders(message.holders, to);
    case 'queued':
      begin(to, tags.queued);
      to.integer(message.round);
      to.integer(message.ahead);
      writeHolders(message.holders, to);
      return to.integer(message.floor);
    case 'abort':
    case 'contended':
      begin(to, tags[message.type]);
      return to.integer(message.round);
    case 'watch':
      begin(to, tags.watch);
      to.integer(message.incarnation);
      return to.integer(message.round);
    case 'look':
      return writeLook(message, to);
    case 'view':
      return writeView(message, to);
    case 'observe':
    case 'leader':
      begin(to, tags[message.type]);
      return writeElection(message, to);
    case 'probe':
    case 'chase':
      return writeProbe(message, to);
    default:
      return writeGreeting(message, to);
  }
}

type Greeting = Extract<Message, { type: 'hello' | 'settled' | 'recovered' | 'live' }>;

/** What is said when a link is new. */
function writeGreeting(message: Greeting, to: FieldSink): void {
  switch (message.type) {
    case 'hello':
      begin(to, tags.hello);
      to.integer(message.incarnation);
      to.integer(message.session);
      return to.integer(message.recovering ? 1 : 0);
    case 'settled':
      begin(to, tags.settled);
      return to.integer(message.incarnation);
    case 'recovered':
      return begin(to, tags.recovered);
    case 'live':
      begin(to, tags.live);
      to.integer(message.first);
      to.integer(message.last);
      to.array(message.rounds.length);
      for (const round of message.rounds) to.integer(round);
      return;
    default:
      return unreachable(message);
  }
}

function writePrepare(message: Prepare, to: FieldSink): void {
  const { resources, committed, patience, maxHoldMs, lingers, value } = message;
  begin(to, tags.prepare);
  to.integer(message.round);
  writeResources(resources, to);
  to.integer(message.ticket);
  to.integer(message.token);
  const flags = (committed ? 1 : 0) + (lingers ? 4 : 0);
  to.integer(flags + (patience === 'try' ? 2 : patience === 'steal' ? 8 : 0));
  to.integer(maxHoldMs === Number.POSITIVE_INFINITY ? 0 : maxHoldMs);
  to.array(value === null ? 0 : 1);
  if (value !== null) to.text(value);
}

/** The frame that `from` gives, which is to be at its end then: the caller looks. */
export function readFrame(from: FieldSource): ParseResult {
  from.array('frame', 5, 5);
  const sequence = from.integer('frame: sequence', 1, Number.MAX_SAFE_INTEGER);
  const stamp = leaseTimeField(from, 'frame: stamp', 1);
  const echo = leaseTimeField(from, 'frame: echo', 0);
  const clock = stampField(from, 'frame: clock');
  const messages: Message[] = [];
  const length = from.array('frame: messages', 0, messagesMax);
  for (let left = length; left > 0 && from.fault === undefined; left--) {
    const message = readMessage(from);
    if (message !== undefined) messages.push(message);
  }
  const { fault } = from;
  if (fault !== undefined) return { ok: false, error: fault };
  return { ok: true, frame: { sequence, stamp, echo, clock, messages } };
}

/** The message; `undefined`, or of no use, where the source has found a fault. */
function readMessage(from: FieldSource): Message | undefined {
  const length = from.array('message', 1, 8);
  const tag = from.integer('message: tag', 1, tagMax);
  if (length !== lengths[tag]) refuseLength(from, tag, length);
  switch (tag) {
    case tags.prepare:
      return readPrepare(from);
    case tags.vote:
      return readVote(from);
    case tags.commit: {
      const round = roundField(from, 'commit: round');
      return { type: 'commit', round, token: stampField(from, 'commit: token') };
    }
    case tags.release: {
      const round = roundField(from, 'release: round');
      return { type: 'release', round, token: stampField(from, 'release: token') };
    }
    case tags.queued: {
      const round = roundField(from, 'queued: round');
      const ahead = count(from, 'queued: ahead');
      const holders = holdersField(from, 'queued: holders');
      return { type: 'queued', round, ahead, holders, floor: stampField(from, 'queued: floor') };
    }
    case tags.refuse: {
      const round = roundField(from, 'refuse: round');
      const reason = from.integer('refuse: reason', 0, 1) === 0 ? 'busy' : 'overloaded';
      return { type: 'refuse', round, reason, holders: holdersField(from, 'refuse: holders') };
    }
    case tags.inquire: {
      const round = roundField(from, 'inquire: round');
      return { type: 'inquire', round, generation: generationField(from, 'inquire: generation') };
    }
    case tags.yield: {
      const round = roundField(from, 'yield: round');
      return { type: 'yield', round, generation: generationField(from, 'yield: generation') };
    }
    case tags.abort:
      return { type: 'abort', round: roundField(from, 'abort: round') };
    case tags.contended:
      return { type: 'contended', round: roundField(from, 'contended: round') };
    case tags.revoke: {
      const round = roundField(from, 'revoke: round');
      return { type: 'revoke', round, token: stampField(from, 'revoke: token') };
    }
    case tags.watch: {
      const incarnation = incarnationField(from, 'watch: incarnation');
      return { type: 'watch', incarnation, round: roundField(from, 'watch: round') };
    }
    case tags.look:
      return readLook(from);
    case tags.view:
      return readView(from);
    case tags.observe:
      return readObserve(from);
    case tags.leader:
      return readLeader(from);
    case tags.probe:
      return readProbe(from, 'probe');
    case tags.chase:
      return readProbe(from, 'chase');
    default:
      return readGreeting(from, tag);
  }
}

function readGreeting(from: FieldSource, tag: number): Message | undefined {
  switch (tag) {
    case tags.hello: {
      const incarnation = incarnationField(from, 'hello: incarnation');
      const session = sessionField(from, 'hello: session');
      const recovering = from.integer('hello: recovering', 0, 1) === 1;
      return { type: 'hello', incarnation, session, recovering };
    }
    case tags.settled:
      return { type: 'settled', incarnation: incarnationField(from, 'settled: incarnation') };
    case tags.recovered:
      return { type: 'recovered' };
    case tags.live: {
      const first = roundField(from, 'live: first');
      const last = roundField(from, 'live: last');
      return { type: 'live', first, last, rounds: roundsField(from, 'live: rounds', roundsMax) };
    }
    default:
      return undefined;
  }
}

function readPrepare(from: FieldSource): Prepare {
  const round = roundField(from, 'prepare: round');
  const resources = resourcesField(from, 'prepare: resources');
  const ticket = stampField(from, 'prepare: ticket');
  const token = stampField(from, 'prepare: token');
  const flags = from.integer('prepare: flags', 0, 13);
  if ((flags & 10) === 10) from.refuse('prepare: flags', 'a try or a steal', 'both');
  // What was held exclusively may be shared since (rule 8.9).
  if ((flags & 9) === 8 && !resources.every(isExclusive)) {
    from.refuse('prepare: resources', 'exclusive ones of a steal', 'shared');
  }
  const bound = count(from, 'prepare: maxHold');
  return {
    type: 'prepare',
    round,
    resources,
    ticket,
    token,
    committed: flags % 2 === 1,
    patience: (flags & 8) !== 0 ? 'steal' : (flags & 2) !== 0 ? 'try' : 'wait',
    maxHoldMs: bound === 0 ? Number.POSITIVE_INFINITY : bound,
    lingers: (flags & 4) !== 0,
    value: valueField(from, 'prepare: value'),
  };
}

function readVote(from: FieldSource): Message {
  const round = roundField(from, 'vote: round');
  const generation = generationField(from, 'vote: generation');
  const token = stampField(from, 'vote: token');
  const after = roundIdsField(from, 'vote: after', roundsMax);
  const floor = stampField(from, 'vote: floor');
  return { type: 'vote', round, generation, token, after, floor };
}

function refuseLength(from: FieldSource, tag: number, length: number): void {
  const name = Object.entries(tags).find(([, each]) => each === tag)?.[0] ?? 'message';
  from.refuse(name, `an array of ${lengths[tag]}`, `an array of ${length}`);
}
