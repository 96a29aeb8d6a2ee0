/** Any frame that the protocol may send, for property tests. */

import fc from 'fast-check';
import { isExclusive, isName, isValue, namesMax } from '../../src/protocol/claim.ts';
import {
  type Frame,
  generation,
  type Holder,
  type Hop,
  incarnation,
  leaseTimeMs,
  lookNumber,
  type Message,
  peerId,
  type Resource,
  roundId,
  roundNumber,
  type Sight,
  sessionNumber,
  stamp,
} from '../../src/protocol/index.ts';

const anyCount = fc.maxSafeNat();
const fromOne = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const anyStamp = anyCount.map((value) => stamp(value));
const anyRound = fromOne.map((value) => roundNumber(value));
const anyGeneration = fromOne.map((value) => generation(value));
const anyPeer = fc.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/).map((text) => peerId(text));
const anyId = fc
  .tuple(anyPeer, fromOne, anyRound)
  .map(([peer, of, round]) => roundId(peer, incarnation(of), round));

const anyName = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }).filter(isName);
const anyValue = fc.string({ unit: 'binary', maxLength: 300 }).filter(isValue);

const anyResources: fc.Arbitrary<Resource[]> = fc.uniqueArray(
  fc.record({
    name: anyName,
    mode: fc.constantFrom('exclusive', 'shared'),
  }),
  { minLength: 1, maxLength: Math.min(20, namesMax), selector: ({ name }) => name },
);

const anyHolders: fc.Arbitrary<Holder[]> = fc.array(
  fc.record({ peer: anyPeer, heldForMs: anyCount }),
  { maxLength: 8 },
);

const anyNames = fc.array(fc.string({ maxLength: 300 }), { maxLength: 4 });

const anyHop: fc.Arbitrary<Hop> = fc.record({
  peer: anyPeer,
  incarnation: fromOne.map((value) => incarnation(value)),
  round: anyRound,
  via: anyRound,
  voter: anyPeer,
  holds: anyNames,
  wants: anyNames,
});

const anyPursuit = fc
  .record({
    round: anyRound,
    origin: anyId,
    ticket: anyStamp,
    attempt: anyCount,
    path: fc.array(anyHop, { maxLength: 5 }),
    passed: fc.nat(5),
  })
  .map((each) => ({ ...each, passed: Math.min(each.passed, each.path.length) }));

const anyProbe = anyPursuit.map((pursuit) => ({ type: 'probe' as const, ...pursuit }));

const anyChase = fc.tuple(anyPursuit, fc.boolean()).map(([pursuit, isShared]) => {
  return { type: 'chase' as const, isShared, ...pursuit };
});

const anyLook = fromOne.map((value) => lookNumber(value));

const anySight: fc.Arbitrary<Sight> = fc.record({
  peer: anyPeer,
  incarnation: fromOne.map((value) => incarnation(value)),
  round: anyRound,
  resources: anyResources,
  heldForMs: fc.oneof(fc.integer({ min: 0, max: 2 ** 40 }), fc.constant(null)),
  isStealing: fc.boolean(),
  ticket: anyStamp,
  token: anyStamp,
});

const ofRound = { round: anyRound };

const anyPrepare = fc.record({
  type: fc.constant('prepare' as const),
  ...ofRound,
  resources: anyResources,
  ticket: anyStamp,
  token: anyStamp,
  committed: fc.boolean(),
  patience: fc.constantFrom('wait' as const, 'try' as const, 'steal' as const),
  maxHoldMs: fc.oneof(fromOne, fc.constant(Number.POSITIVE_INFINITY)),
  lingers: fc.boolean(),
  value: fc.oneof(fc.constant(null), anyValue),
});

export const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    type: fc.constant('hello'),
    incarnation: fromOne.map((value) => incarnation(value)),
    session: anyCount.map((value) => sessionNumber(value)),
    recovering: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('settled'),
    incarnation: fromOne.map((value) => incarnation(value)),
  }),
  fc.record({ type: fc.constant('recovered') }),
  fc.record({
    type: fc.constant('live'),
    first: anyRound,
    last: anyRound,
    rounds: fc.array(anyRound),
  }),
  anyPrepare.map((prepare) => {
    const steals = prepare.patience === 'steal' && !prepare.committed;
    if (!steals || prepare.resources.every(isExclusive)) return prepare;
    return { ...prepare, patience: 'wait' as const };
  }),
  fc.record({
    type: fc.constant('vote'),
    ...ofRound,
    generation: anyGeneration,
    token: anyStamp,
    after: fc.array(anyId),
    floor: anyStamp,
  }),
  fc.record({
    type: fc.constant('refuse'),
    ...ofRound,
    reason: fc.constantFrom('busy', 'overloaded'),
    holders: anyHolders,
  }),
  fc.record({
    type: fc.constant('queued'),
    ...ofRound,
    ahead: anyCount,
    holders: anyHolders,
    floor: anyStamp,
  }),
  fc.record({ type: fc.constant('inquire'), ...ofRound, generation: anyGeneration }),
  fc.record({ type: fc.constant('yield'), ...ofRound, generation: anyGeneration }),
  fc.record({ type: fc.constant('commit'), ...ofRound, token: anyStamp }),
  fc.record({ type: fc.constant('abort'), ...ofRound }),
  fc.record({ type: fc.constant('contended'), ...ofRound }),
  fc.record({ type: fc.constant('revoke'), ...ofRound, token: anyStamp }),
  fc.record({ type: fc.constant('release'), ...ofRound, token: anyStamp }),
  anyProbe,
  anyChase,
  fc.record({
    type: fc.constant('look'),
    look: anyLook,
    name: fc.oneof(fc.string({ minLength: 1, maxLength: 300 }).filter(isName), fc.constant(null)),
  }),
  fc.record({
    type: fc.constant('view'),
    look: anyLook,
    sights: fc.array(anySight, { maxLength: 5 }),
    isLast: fc.boolean(),
    isCut: fc.boolean(),
  }),
  fc.record({ type: fc.constant('observe'), name: anyName, isOn: fc.boolean() }),
  fc.record({
    type: fc.constant('leader'),
    name: anyName,
    token: anyStamp,
    leader: fc.oneof(fc.constant(null), fc.record({ peer: anyPeer, value: anyValue })),
  }),
);

export const anyFrame: fc.Arbitrary<Frame> = fc.record({
  sequence: fromOne,
  stamp: fromOne.map((value) => leaseTimeMs(value)),
  echo: anyCount.map((value) => leaseTimeMs(value)),
  clock: anyStamp,
  messages: fc.array(anyMessage, { maxLength: 10 }),
});
