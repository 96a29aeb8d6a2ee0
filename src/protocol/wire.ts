/**
 * A frame as nested arrays of numbers and strings, for any codec; and back, checked field by field.
 * `parseFrame` takes whatever came and never throws: a peer that speaks the protocol produces
 * nothing that it refuses.
 *
 *     [sequence, stamp, echo, clock, [[tag, field, …], …]]
 */

import { unreachable } from './assert.ts';
import { Fields } from './fields.ts';
import type { Frame, Holder, Message, Prepare, Resource } from './message.ts';

/** What parsing came to. */
export type ParseResult =
  | { readonly ok: true; readonly frame: Frame }
  /** What was wrong, for people. */
  | { readonly ok: false; readonly error: string };

/** The number that stands for each message; never reused for another. */
const tags = Object.freeze({
  hello: 1,
  settled: 2,
  recovered: 3,
  live: 4,
  prepare: 5,
  vote: 6,
  refuse: 7,
  queued: 8,
  inquire: 9,
  yield: 10,
  commit: 11,
  abort: 12,
  release: 13,
});

const messagesMax = 100_000;
const roundsMax = 10_000;

export function encodeFrame(frame: Frame): unknown {
  const { sequence, stamp, echo, clock, messages } = frame;
  return [sequence, stamp, echo, clock, messages.map(encodeMessage)];
}

function encodeMessage(message: Message): unknown[] {
  const tag = tags[message.type];
  switch (message.type) {
    case 'hello':
      return [tag, message.incarnation, message.session, message.recovering ? 1 : 0];
    case 'settled':
      return [tag, message.incarnation];
    case 'recovered':
      return [tag];
    case 'live':
      return [tag, message.first, message.last, message.rounds];
    case 'prepare':
      return encodePrepare(tag, message);
    case 'vote': {
      const { round, generation, token, after, floor } = message;
      return [tag, round, generation, token, after, floor];
    }
    case 'refuse': {
      const { round, reason, holders } = message;
      return [tag, round, reason === 'busy' ? 0 : 1, holders.map(encodeHolder)];
    }
    case 'queued':
      return [tag, message.round, message.ahead, message.holders.map(encodeHolder)];
    case 'inquire':
    case 'yield':
      return [tag, message.round, message.generation];
    case 'commit':
    case 'release':
      return [tag, message.round, message.token];
    case 'abort':
      return [tag, message.round];
    default:
      return unreachable(message);
  }
}

/** A shared name is marked, an exclusive one is bare: most are exclusive. */
function encodePrepare(tag: number, message: Prepare): unknown[] {
  const { round, resources, ticket, token, committed, patience, maxHoldMs } = message;
  const names = resources.map(({ name, mode }) => (mode === 'exclusive' ? name : [name]));
  const flags = (committed ? 1 : 0) + (patience === 'try' ? 2 : 0);
  const bound = maxHoldMs === Number.POSITIVE_INFINITY ? 0 : maxHoldMs;
  return [tag, round, names, ticket, token, flags, bound];
}

function encodeHolder({ peer, heldForMs }: Holder): unknown[] {
  return [peer, heldForMs];
}

export function parseFrame(value: unknown): ParseResult {
  const fields = new Fields('frame', value, 5);
  const sequence = fields.integer('sequence', 1);
  const stamp = fields.leaseTime('stamp', 1);
  const echo = fields.leaseTime('echo', 0);
  const clock = fields.stamp('clock');
  const messages: Message[] = [];
  for (const item of fields.list('messages', messagesMax)) {
    const message = parseMessage(item);
    if (typeof message === 'string') return { ok: false, error: message };
    messages.push(message);
  }
  const error = fields.error();
  if (error !== undefined) return { ok: false, error };
  return { ok: true, frame: { sequence, stamp, echo, clock, messages } };
}

/** The message, or what is wrong with it. */
function parseMessage(value: unknown): Message | string {
  const tag: unknown = Array.isArray(value) ? value[0] : undefined;
  switch (tag) {
    case tags.hello: {
      const fields = Fields.ofMessage('hello', value, 4);
      const incarnation = fields.incarnation('incarnation');
      const session = fields.session('session');
      const recovering = fields.integer('recovering', 0, 1) === 1;
      return fields.error() ?? { type: 'hello', incarnation, session, recovering };
    }
    case tags.settled: {
      const fields = Fields.ofMessage('settled', value, 2);
      const incarnation = fields.incarnation('incarnation');
      return fields.error() ?? { type: 'settled', incarnation };
    }
    case tags.recovered:
      return Fields.ofMessage('recovered', value, 1).error() ?? { type: 'recovered' };
    case tags.live:
      return parseLive(Fields.ofMessage('live', value, 4));
    case tags.prepare:
      return parsePrepare(Fields.ofMessage('prepare', value, 7));
    case tags.vote:
      return parseVote(Fields.ofMessage('vote', value, 6));
    case tags.refuse: {
      const fields = Fields.ofMessage('refuse', value, 4);
      const round = fields.round('round');
      const reason = fields.integer('reason', 0, 1) === 0 ? 'busy' : 'overloaded';
      const holders = fields.holders('holders');
      return fields.error() ?? { type: 'refuse', round, reason, holders };
    }
    case tags.queued: {
      const fields = Fields.ofMessage('queued', value, 4);
      const round = fields.round('round');
      const ahead = fields.integer('ahead', 0);
      const holders = fields.holders('holders');
      return fields.error() ?? { type: 'queued', round, ahead, holders };
    }
    case tags.inquire:
    case tags.yield: {
      const type = tag === tags.inquire ? 'inquire' : 'yield';
      const fields = Fields.ofMessage(type, value, 3);
      const round = fields.round('round');
      const generation = fields.generation('generation');
      return fields.error() ?? { type, round, generation };
    }
    case tags.commit:
    case tags.release: {
      const type = tag === tags.commit ? 'commit' : 'release';
      const fields = Fields.ofMessage(type, value, 3);
      const round = fields.round('round');
      const token = fields.stamp('token');
      return fields.error() ?? { type, round, token };
    }
    case tags.abort: {
      const fields = Fields.ofMessage('abort', value, 2);
      const round = fields.round('round');
      return fields.error() ?? { type: 'abort', round };
    }
    default:
      return `message: tag should be one of ${Object.values(tags).join(', ')}`;
  }
}

function parseLive(fields: Fields): Message | string {
  const first = fields.round('first');
  const last = fields.round('last');
  const rounds = fields.rounds('rounds', roundsMax);
  return fields.error() ?? { type: 'live', first, last, rounds };
}

function parsePrepare(fields: Fields): Message | string {
  const round = fields.round('round');
  const resources: readonly Resource[] = fields.resources('resources');
  const ticket = fields.stamp('ticket');
  const token = fields.stamp('token');
  const flags = fields.integer('flags', 0, 3);
  const bound = fields.integer('maxHold', 0);
  const error = fields.error();
  if (error !== undefined) return error;
  return {
    type: 'prepare',
    round,
    resources,
    ticket,
    token,
    committed: flags % 2 === 1,
    patience: flags >= 2 ? 'try' : 'wait',
    maxHoldMs: bound === 0 ? Number.POSITIVE_INFINITY : bound,
  };
}

function parseVote(fields: Fields): Message | string {
  const round = fields.round('round');
  const generation = fields.generation('generation');
  const token = fields.stamp('token');
  const after = fields.roundIds('after', roundsMax);
  const floor = fields.stamp('floor');
  return fields.error() ?? { type: 'vote', round, generation, token, after, floor };
}
