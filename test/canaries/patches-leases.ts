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
        find: 'if (until > at.lease) {\n      this.#lossAt = leaseTimeMs(Math.min(this.#lossAt, until));',
        replace: [
          'const graceMs = phase.maxHoldUntil <= at.lease ? 0 : this.#options.leaseMs / 4;',
          'if (until + graceMs > at.lease) {',
          '  this.#lossAt = leaseTimeMs(Math.min(this.#lossAt, until + graceMs));',
        ].join('\n    '),
      },
      {
        file: coordinator,
        find: "if (round.phase.state === 'held') at = Math.min(at, this.#validUntil(round));",
        replace: [
          "if (round.phase.state !== 'held') continue;",
          'const until = this.#validUntil(round);',
          'const graceMs = round.phase.maxHoldUntil <= until ? 0 : this.#options.leaseMs / 4;',
          'at = Math.min(at, until + graceMs);',
        ].join('\n      '),
      },
    ],
  },
  {
    name: 'voters-expire-by-the-wall',
    rules: ['11.16', '6.8'],
    story:
      'Voters expire sessions by the clock by which coordinators count, wall clock included. One ' +
      'whose wall clock is set forward frees what is still held.',
    symptom: 'two-holders',
    edits: [
      {
        file: node,
        find: 'this.#voter.expire(now)',
        replace: 'this.#voter.expire(timeMs(this.#at.lease))',
      },
    ],
  },
  {
    name: 'held-by-one-vote-short',
    rules: ['6.6'],
    story:
      'A claim is held while N - q of its votes count, an off-by-one: a quorum without any of them ' +
      'may have voted for another.',
    symptom: 'two-holders',
    edits: [
      {
        file: coordinator,
        find: 'const needed = this.#options.voters.length - this.#options.quorum + 1;',
        replace: 'const needed = Math.max(1, this.#options.voters.length - this.#options.quorum);',
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
        find: 'this.#ledger.limitOf(voter, vote) > at.lease;',
        replace: 'this.#ledger.limitOf(voter, vote) > 0;',
      },
    ],
  },
  {
    name: 'limit-from-the-hearing',
    rules: ['6.4'],
    story:
      'A vote counts for a lease from the moment at which the echo is heard, not from the stamp ' +
      'that it echoes: what was long under way extends what its voter has let go.',
    symptom: 'two-holders',
    edits: [
      {
        file: ledger,
        find: 'const limit = later(echo, this.#countMs);',
        replace: 'const limit = later(now, this.#countMs);',
      },
    ],
  },
  {
    name: 'margin-the-wrong-way',
    rules: ['6.4'],
    story:
      'The margin for clocks that run apart is added where it is to be taken away. A voter whose ' +
      'clock is fast lets go what a holder whose clock is slow still counts.',
    symptom: 'two-holders',
    edits: [
      {
        file: ledger,
        find: 'return Math.floor(leaseMs * (1 - maxClockDrift) - leadSlackMs - timerSlackMs);',
        replace: 'return Math.floor(leaseMs * (1 + maxClockDrift) + leadSlackMs + timerSlackMs);',
      },
    ],
  },
  {
    name: 'one-session-number',
    rules: ['6.1', '6.5'],
    story:
      'A session is named by the incarnation alone, so that one that expired goes on under its old ' +
      'name: its votes count again in the new one, where nobody keeps them.',
    symptom: 'two-holders',
    edits: [
      {
        file: ledger,
        find: 'if (before?.incarnation === incarnation && before.session === session) return false;',
        replace: 'if (before?.incarnation === incarnation) return false;',
      },
    ],
  },
  {
    name: 'session-ends-with-its-link',
    rules: ['6.1', '6.3'],
    story:
      'A voter lets go of all that a peer asked for when the link to it is gone. The peer lives, ' +
      'and holds by that vote for a lease.',
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
      'The lease clock follows the wall clock both ways. An operator sets the clock back by an ' +
      'hour, and a holder that is cut off holds for an hour.',
    symptom: 'two-holders',
    edits: [
      {
        file: leaseClock,
        find: 'if (gainMs < -leadSlackMs) return { shiftMs: clock.shiftMs, leadMs };',
        replace: 'if (gainMs < -leadSlackMs) return { shiftMs: clock.shiftMs + gainMs, leadMs };',
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
