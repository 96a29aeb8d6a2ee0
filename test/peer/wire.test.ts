/**
 * What is on the wire, byte for byte: one sample of every message in wire.txt. A change of these
 * bytes is a change of the protocol: raise `max` in src/protocol/version.ts, add the line of its
 * history, and accept the new file with `npx vitest run test/peer/wire.test.ts -u`.
 */

import { expect, test } from 'vitest';
import { encodeFrame, parseFrame } from '../../src/peer/frame-codec.ts';
import { describeFrame, describeMessage } from '../../src/protocol/describe.ts';
import {
  type Frame,
  generation,
  type Hop,
  incarnation,
  leaseTimeMs,
  lookNumber,
  type Message,
  peerId,
  protocolVersions,
  roundId,
  roundNumber,
  type Sight,
  sessionNumber,
  stamp,
} from '../../src/protocol/index.ts';

const round = roundNumber(7);
const token = stamp(1_234_567_890_123);
const of = incarnation(1_750_000_000_000);
const holders = [{ peer: peerId('b'), heldForMs: 300 }];

const sights: readonly Sight[] = [
  {
    peer: peerId('b'),
    incarnation: of,
    round,
    resources: [{ name: 'x', mode: 'shared' }],
    heldForMs: 300,
    isStealing: false,
    ticket: stamp(1_234_567_890_000),
    token,
  },
  {
    peer: peerId('c'),
    incarnation: of,
    round,
    resources: [{ name: 'x', mode: 'exclusive' }],
    heldForMs: null,
    isStealing: true,
    ticket: token,
    token,
  },
];

const origin = roundId(peerId('b'), of, roundNumber(40));

const path: readonly Hop[] = [
  {
    peer: peerId('c'),
    incarnation: of,
    round,
    via: roundNumber(6),
    voter: peerId('a'),
    holds: ['x'],
    wants: ['y', 'grüße'],
  },
  {
    peer: peerId('b'),
    incarnation: of,
    round: roundNumber(40),
    via: roundNumber(40),
    voter: peerId('b'),
    holds: [],
    wants: ['x'],
  },
];

/** At least one of each; the type makes it so. */
const samples: { readonly [Type in Message['type']]: readonly Extract<Message, { type: Type }>[] } =
  {
    hello: [
      { type: 'hello', incarnation: of, session: sessionNumber(3), recovering: true },
      { type: 'hello', incarnation: of, session: sessionNumber(0), recovering: false },
    ],
    settled: [{ type: 'settled', incarnation: of }],
    recovered: [{ type: 'recovered' }],
    live: [
      { type: 'live', first: roundNumber(1), last: roundNumber(9), rounds: [round] },
      { type: 'live', first: roundNumber(1), last: roundNumber(9), rounds: [] },
    ],
    contended: [{ type: 'contended', round }],
    revoke: [{ type: 'revoke', round, token: stamp(5) }],
    watch: [{ type: 'watch', incarnation: of, round }],
    probe: [
      { type: 'probe', round, origin, ticket: token, attempt: 0, path: [], passed: 0 },
      { type: 'probe', round, origin, ticket: token, attempt: 3, path, passed: 2 },
    ],
    chase: [
      { type: 'chase', round, isShared: false, origin, ticket: token, attempt: 3, path, passed: 1 },
      {
        type: 'chase',
        round,
        isShared: true,
        origin,
        ticket: token,
        attempt: 0,
        path: [],
        passed: 0,
      },
    ],
    look: [
      { type: 'look', look: lookNumber(2), name: 'x' },
      { type: 'look', look: lookNumber(3), name: null },
    ],
    view: [
      { type: 'view', look: lookNumber(2), sights, isLast: true, isCut: false },
      { type: 'view', look: lookNumber(3), sights: [], isLast: true, isCut: true },
    ],
    prepare: [
      {
        type: 'prepare',
        round,
        resources: [
          { name: 'x', mode: 'exclusive' },
          { name: 'grüße', mode: 'shared' },
        ],
        ticket: stamp(1_234_567_890_000),
        token,
        committed: false,
        patience: 'try',
        maxHoldMs: Number.POSITIVE_INFINITY,
        lingers: false,
        value: null,
      },
      {
        type: 'prepare',
        round,
        resources: [{ name: 'x', mode: 'exclusive' }],
        ticket: token,
        token,
        committed: true,
        patience: 'wait',
        maxHoldMs: 30_000,
        lingers: false,
        value: 'http://a',
      },
    ],
    observe: [
      { type: 'observe', name: 'x', isOn: true },
      { type: 'observe', name: 'grüße', isOn: false },
    ],
    leader: [
      { type: 'leader', name: 'x', token, leader: { peer: peerId('b'), value: 'http://b' } },
      { type: 'leader', name: 'x', token, leader: null },
      { type: 'leader', name: 'x', token: stamp(0), leader: null },
    ],
    vote: [
      {
        type: 'vote',
        round,
        generation: generation(12),
        token,
        after: [roundId(peerId('b'), of, roundNumber(40))],
        floor: stamp(0),
      },
    ],
    refuse: [
      { type: 'refuse', round, reason: 'busy', holders },
      { type: 'refuse', round, reason: 'overloaded', holders: [] },
    ],
    queued: [{ type: 'queued', round, ahead: 9, holders, floor: stamp(3) }],
    inquire: [{ type: 'inquire', round, generation: generation(12) }],
    yield: [{ type: 'yield', round, generation: generation(12) }],
    commit: [{ type: 'commit', round, token }],
    abort: [{ type: 'abort', round }],
    release: [{ type: 'release', round, token }],
  };

const empty: Frame = {
  sequence: 5,
  stamp: leaseTimeMs(100_000),
  echo: leaseTimeMs(99_000),
  clock: token,
  messages: [],
};

test('the bytes on the wire are those that are checked in', async () => {
  const frames = Object.values(samples).flatMap((messages) =>
    messages.map((message: Message): Frame => ({ ...empty, messages: [message] })),
  );
  const lines = [`version ${protocolVersions.max}`, ''];
  for (const frame of [empty, ...frames]) {
    const bytes = encodeFrame(frame);
    expect(parseFrame(bytes)).toEqual({ ok: true, frame });
    const [message] = frame.messages;
    lines.push(message === undefined ? describeFrame(frame) : describeMessage(message));
    lines.push(Buffer.from(bytes).toString('hex'), '');
  }
  await expect(lines.join('\n')).toMatchFileSnapshot('wire.txt');
});
