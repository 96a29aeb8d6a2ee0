/**
 * Planted bugs of restarts: a voter that forgets votes too soon, or tokens (docs/protocol.md,
 * section 7).
 */

import type { Canary } from './patch.ts';

const coordinator = 'src/protocol/coordinator.ts';
const node = 'src/protocol/node.ts';
const recovery = 'src/protocol/recovery.ts';
const voter = 'src/protocol/voter.ts';

export const restartCanaries: readonly Canary[] = [
  {
    name: 'no-recovery-with-a-file',
    rules: ['11.1', '7.1', '7.3'],
    story:
      'A voter that restarts with a state file needs no recovery, somebody thought, and votes ' +
      'at once. Its votes are not in the file: a second claim gets the one on which a first ' +
      'rests.',
    symptom: 'two-holders',
    edits: [
      {
        file: recovery,
        find: 'id, leaseMs, members, replicas, voters }: NodeOptions, now',
        replace: 'durableMark, id, leaseMs, members, replicas, voters }: NodeOptions, now',
      },
      {
        file: recovery,
        find: 'return new Recovery(others, later(now, leaseMs));',
        replace: [
          'const isRestart = durableMark !== null && durableMark > 0;',
          'return new Recovery(others, isRestart ? now : later(now, leaseMs));',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'votes-in-recovery-for-the-held',
    rules: ['11.2', '7.1'],
    story:
      'A restarted voter confirms at once what is told to it as committed, since that one was ' +
      'granted in any case. The adopted claim then loses its other votes, while a third claim ' +
      'still counts the vote that was forgotten.',
    symptom: 'two-holders',
    edits: [
      {
        file: voter,
        find: 'if (this.#recovering) {',
        replace: 'if (this.#recovering && entry.committedAt === null) {',
      },
    ],
  },
  {
    name: 'settled-by-a-quorum',
    rules: ['11.3', '7.3'],
    story:
      'For a voter that restarts with a state file it is enough that, with itself, a quorum has ' +
      'told all that it has. Whoever was not heard may count the forgotten vote still.',
    symptom: 'two-holders',
    edits: [
      {
        file: node,
        find: 'if (this.#recovery?.isOver(now)) this.#leaveRecovery();',
        replace: [
          'const { durableMark, quorum, voters } = this.#options;',
          'const unsettled = this.#recovery?.snapshot(now).unsettled ?? voters;',
          'const isEnough = unsettled.length <= voters.length - quorum;',
          'const isOver = isEnough && durableMark !== null && durableMark > 0;',
          'if (isOver || this.#recovery?.isOver(now)) this.#leaveRecovery();',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'settled-by-a-quorum-of-others',
    rules: ['11.17', '7.3'],
    story:
      'After half a lease it is enough that a quorum besides itself has told all that it has, ' +
      'as if that were what a quorum knows. It shows from five voters on, when a claim holds by ' +
      'a vote gained after its grant together with a forgotten one.',
    symptom: 'two-holders',
    edits: [
      {
        file: node,
        find: 'if (this.#recovery?.isOver(now)) this.#leaveRecovery();',
        replace: [
          'const { leaseMs, quorum, voters } = this.#options;',
          'const left = this.#recovery?.snapshot(now);',
          'const isHalf = left !== undefined && left.endsInMs < leaseMs / 2;',
          'const isEnough = (left?.unsettled ?? voters).length <= voters.length - 1 - quorum;',
          'if ((isHalf && isEnough) || this.#recovery?.isOver(now)) this.#leaveRecovery();',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'settled-before-the-rounds',
    rules: ['11.4', '3.4'],
    story:
      'SETTLED is said first, being the shortest, and the rounds after it. The voter leaves its ' +
      'recovery before it has heard of them, and votes for somebody else.',
    symptom: 'two-holders',
    edits: [
      {
        file: node,
        find: [
          'this.#coordinator.tellAll(peer, this.#at);',
          'this.#leaders.tellAll(peer);',
          "if (recovering) this.#post(peer, { type: 'settled', incarnation });",
        ].join('\n    '),
        replace: [
          'this.#leaders.tellAll(peer);',
          "if (recovering) this.#post(peer, { type: 'settled', incarnation });",
          'this.#coordinator.tellAll(peer, this.#at);',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'undecided-keep-forgotten-votes',
    rules: ['11.5', '6.5', '7.2'],
    story:
      'A vote is kept until its limit, whoever restarts, for waiting claims as for held ones. A ' +
      'claim is then granted by a vote of which its voter knows nothing.',
    symptom: 'two-holders',
    edits: [
      {
        file: coordinator,
        find: 'const vote = isCommitted(round) ? ballot.vote : null;',
        replace: 'const { vote } = ballot;',
      },
    ],
  },
  {
    name: 'committed-in-the-order-heard',
    rules: ['11.6', '7.2'],
    story:
      'After its recovery a voter keeps all that it was told in the order heard, held and ' +
      'waiting alike: it votes for a waiting claim ahead of one that holds.',
    symptom: 'two-holders',
    edits: [
      {
        file: voter,
        find: 'this.#inquireAhead(entry);\n    if (message.committed)',
        replace: [
          'if (this.#recovering) this.#table.rank(entry, this.#nextGeneration());',
          'else this.#inquireAhead(entry);',
          'if (message.committed)',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'told-before-hello',
    rules: ['11.12', '3.1'],
    story:
      'Everything is told as soon as the link stands, to save a trip, and SETTLED with it, ' +
      "before the other's HELLO has shown what it forgot. While that HELLO is under way, a " +
      'waiting claim counts a forgotten vote, and the voter votes for another.',
    symptom: 'two-holders',
    edits: [
      {
        file: node,
        find: 'if (link === undefined || !link.greeted) return;',
        replace: 'if (link === undefined) return;',
      },
      {
        file: node,
        find: 'session }, this.#at);\n      this.#tellAll(link);',
        replace: 'session }, this.#at);',
      },
      {
        file: node,
        find: 'incarnation: this.#options.incarnation, session, recovering });',
        replace: [
          'incarnation: this.#options.incarnation, session, recovering });',
          '// Said in any case: one that is not in recovery does not mind.',
          'link.recovering = true;',
          'if (this.#options.voters.includes(peer)) this.#tellAll(link);',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'recovery-cut-short',
    rules: ['7.3'],
    story:
      'A restarted voter that cannot hear all the others waits for four fifths of a lease, ' +
      'since it is heard of every fifth. Votes are counted for nearly a whole lease.',
    symptom: 'two-holders',
    edits: [
      {
        file: recovery,
        find: 'return new Recovery(others, later(now, leaseMs));',
        replace: [
          'const mostMs = members ? leaseMs : Math.ceil(leaseMs * 0.8);',
          'return new Recovery(others, later(now, mostMs));',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'no-floor-after-recovery',
    rules: ['11.8', '7.5'],
    story:
      'The floor after a recovery is what the state file covers, which is nothing where there ' +
      'is no file. The voter has forgotten which tokens have ended, and votes for an older ' +
      'claim.',
    symptom: 'token-order',
    edits: [
      {
        file: node,
        find: 'this.#voter.leaveRecovery(this.#clock.tick(this.#at.wall), this.#at.now);',
        replace: 'this.#voter.leaveRecovery(this.#persistAsked, this.#at.now);',
      },
    ],
  },
  {
    name: 'clock-forgets-the-mark',
    rules: ['7.5'],
    story:
      'The hybrid clock starts from the wall clock alone, also where the state file says more: ' +
      'tokens are used again when the wall clocks were set back and everybody has restarted.',
    symptom: 'token-order',
    edits: [
      {
        file: node,
        find: 'this.#clock = new HybridClock(greater(mark, stampAt(time.wall)));',
        replace: 'this.#clock = new HybridClock(greater(noStamp, stampAt(time.wall)));',
      },
    ],
  },
];
