/**
 * Planted bugs of links, sessions, leases and their clocks (docs/protocol.md, sections 3 and 6).
 */

import type { Canary } from './patch.ts';

const coordinator = 'src/protocol/coordinator.ts';
const ledger = 'src/protocol/ledger.ts';
const leaseClock = 'src/protocol/lease-clock.ts';
const link = 'src/protocol/link.ts';
const node = 'src/protocol/node.ts';
const sessions = 'src/protocol/sessions.ts';

export const leaseCanaries: readonly Canary[] = [
  {
    name: 'old-sessions-count-on',
    rules: ['11.13', '6.5'],
    story:
      'There is one limit for each voter, moved by every echo, whatever session it comes in: a ' +
      'claim goes on counting votes that its voter has forgotten, or expired.',
    symptom: 'two-holders',
    edits: [
      {
        file: ledger,
        find: 'incarnation === vote.incarnation && session === vote.session;',
        replace: 'incarnation > vote.incarnation || session >= vote.session;',
      },
    ],
  },
  {
    name: 'expires-what-is-counted',
    rules: ['11.14', '6.3'],
    story:
      'A voter keeps its own safety margin by letting sessions go at three quarters of a lease. ' +
      'The margin is on the wrong side: coordinators count its votes for nearly all of it.',
    symptom: 'two-holders',
    edits: [
      {
        file: sessions,
        find: 'session.expiresAt = later(now, this.#leaseMs);',
        replace: 'session.expiresAt = later(now, Math.floor(this.#leaseMs * 0.75));',
      },
    ],
  },
  {
    name: 'input-before-time',
    rules: ['11.15', '6.6'],
    story:
      'An input is taken before it is looked at what time has ended. A holder that stood still ' +
      'past its deadline first hears what was waiting for it, and holds again.',
    symptom: 'loss-untold',
    edits: [
      {
        file: node,
        find: 'this.#advance();\n    this.#take(input);',
        replace: 'this.#take(input);\n    this.#advance();',
      },
    ],
  },
  {
    name: 'a-moment-of-grace',
    rules: ['6.6'],
    story:
      'A holder that lost its votes for a moment is given a quarter of a lease to get them back ' +
      'before it is told. It hears of its loss after others may have the lock, or holds again.',
    symptom: 'loss-untold',
    edits: [
      {
        file: coordinator,
        find: [
          'if (until > at.lease) {',
          '  this.#lossAt = leaseTimeMs(Math.min(this.#lossAt, until)',
        ].join('\n    '),
        replace: [
          'const quarterMs = Math.ceil(this.#options.leaseMs / 4);',
          'const graceMs = phase.maxHoldUntil <= at.lease ? 0 : quarterMs;',
          'if (until + graceMs > at.lease) {',
          '  this.#lossAt = leaseTimeMs(Math.min(this.#lossAt, until + graceMs)',
        ].join('\n    '),
      },
      {
        file: coordinator,
        find: 'if (isCommitted(round)) at = Math.min(at, this.#validUntil(round));',
        replace: [
          "if (round.phase.state !== 'held') continue;",
          'const until = this.#validUntil(round);',
          'const quarterMs = Math.ceil(this.#options.leaseMs / 4);',
          'const graceMs = round.phase.maxHoldUntil <= until ? 0 : quarterMs;',
          'at = Math.min(at, until + graceMs);',
        ].join('\n      '),
      },
      {
        file: coordinator,
        find: 'validUntil: (round) => this.#validUntil(round),',
        replace: [
          'validUntil: (round) => {',
          '  const quarterMs = Math.ceil(this.#options.leaseMs / 4);',
          '  return leaseTimeMs(this.#validUntil(round) + quarterMs);',
          '},',
        ].join('\n      '),
      },
    ],
  },
  {
    name: 'voters-expire-by-the-wall',
    rules: ['11.16', '6.8'],
    story:
      'Voters expire sessions by the clock by which coordinators count, wall clock included. ' +
      'One whose wall clock is set forward, or runs ahead for long, frees what is still held.',
    symptom: 'two-holders',
    showsInCalm: true,
    edits: [
      {
        file: node,
        find: 'this.#voter.expire(now)',
        replace: 'this.#voter.expire(timeMs(this.#at.lease))',
      },
    ],
  },
  {
    name: 'decided-by-stale-votes',
    rules: ['5.2', '6.4'],
    story:
      'A vote decides however long ago its voter was heard: limits are for holding, somebody ' +
      'thought. The voter has let the claim go, and votes for another.',
    symptom: 'two-holders',
    edits: [
      {
        file: coordinator,
        find: 'this.#limitAt(seat, vote) > at.lease;',
        replace: 'this.#limitAt(seat, vote) > 0;',
      },
    ],
  },
  {
    name: 'echoes-are-young',
    rules: ['6.4'],
    story:
      'An echo is taken to be at most half a lease old, since its link would be silent ' +
      'otherwise. One that a slow link delivers late is older, and extends what its voter has ' +
      'let go.',
    symptom: 'two-holders',
    edits: [
      {
        file: ledger,
        find: 'const limit = later(echo, this.#countMs);',
        replace: [
          'const least = later(now, -Math.ceil(this.#countMs / 2));',
          'const limit = later(echo > least ? echo : least, this.#countMs);',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'no-margin-when-cut-off',
    rules: ['6.4'],
    story:
      'While a voter is out of reach its votes are counted for a whole lease, since nothing can ' +
      'come late from it. If its clock is the faster one, it has let go what is still held.',
    symptom: 'two-holders',
    edits: [
      {
        file: coordinator,
        find: 'import { Ledger,',
        replace: 'import { countMs, Ledger,',
      },
      {
        file: coordinator,
        find: 'insertLatestFirst(limits, this.#limitAt(seat, vote), count);',
        replace: [
          'const limit = this.#limitAt(seat, vote);',
          'const marginMs = this.#options.leaseMs - countMs(this.#options);',
          'const voter = this.#options.voters[seat] ?? this.#options.id;',
          'const extraMs = this.#around.isLinked(voter) ? 0 : marginMs;',
          'insertLatestFirst(limits, later(limit, extraMs), count);',
        ].join('\n      '),
      },
    ],
  },
  {
    name: 'one-session-number',
    rules: ['6.1', '6.5'],
    story:
      'A session is named by the incarnation alone, so that one that expired goes on under its ' +
      'old name: its votes count again in the new one, where nobody keeps them.',
    symptom: 'two-holders',
    edits: [
      {
        file: ledger,
        find: '&& before.session === session) return false;',
        replace: '&& before.session <= session) return false;',
      },
    ],
  },
  {
    name: 'session-ends-with-its-link',
    rules: ['6.1', '6.3'],
    story:
      'A voter lets go of all that a peer asked for when the link to it is gone. The peer ' +
      'lives, and holds by that vote for a lease.',
    symptom: 'two-holders',
    edits: [
      {
        file: node,
        find: 'this.#links.delete(link.peer);',
        replace: [
          'this.#links.delete(link.peer);',
          'if (this.#isVoter) this.#voter.openSession(link, this.#at.now);',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'suspension-unseen',
    rules: ['6.7'],
    story:
      'Leases are counted on the monotonic clock, as all the books say. It stands still in a ' +
      'suspended virtual machine, which wakes as a holder of what others have.',
    symptom: 'two-holders',
    edits: [
      {
        file: leaseClock,
        find: 'if (gainMs > 0) return { shiftMs: clock.shiftMs + gainMs, leadMs };',
        replace: 'if (gainMs > 0) return { shiftMs: clock.shiftMs, leadMs };',
      },
    ],
  },
  {
    name: 'lease-clock-set-back',
    rules: ['6.7'],
    story:
      'A step back of the wall clock by more than a second is followed by the lease clock, as ' +
      'one forward is. An operator sets the clock back, and a holder that is cut off goes on ' +
      'holding.',
    symptom: 'two-holders',
    edits: [
      {
        file: leaseClock,
        find: 'if (gainMs < -leadSlackMs) return { shiftMs: clock.shiftMs, leadMs };',
        replace: [
          'const backMs = gainMs < -1_000 ? gainMs : 0;',
          'if (gainMs < -leadSlackMs) return { shiftMs: clock.shiftMs + backMs, leadMs };',
        ].join('\n  '),
      },
    ],
  },
  {
    name: 'any-frame-is-next',
    rules: ['3.2'],
    story:
      'Frames are not counted, since TCP keeps them in order. What a broken proxy has lost or ' +
      'repeated is not noticed, and nobody says it again.',
    symptom: 'left-over',
    edits: [
      {
        file: link,
        find: 'if (frame.sequence !== this.#sequenceHeard + 1) return false;',
        replace: 'if (frame.sequence < 1) return false;',
      },
    ],
  },
  {
    name: 'patient-with-silence',
    rules: ['6.2', '6.1'],
    story:
      'A silent link is given two leases to recover, for the sake of slow networks. The session ' +
      'on it ends before the link does.',
    symptom: 'crash',
    edits: [
      {
        file: link,
        find: 'return later(this.#freshAt, Math.floor(leaseMs / 2));',
        replace: 'return later(this.#freshAt, 2 * leaseMs);',
      },
    ],
  },
];
