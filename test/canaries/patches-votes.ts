/**
 * Planted bugs of voters and coordinators: who is voted for, what is counted, what ends
 * (docs/protocol.md, sections 4 and 5).
 */

import type { Canary } from './patch.ts';

const coordinator = 'src/protocol/coordinator.ts';
const sessions = 'src/protocol/sessions.ts';
const voter = 'src/protocol/voter.ts';

export const voteCanaries: readonly Canary[] = [
  {
    name: 'quorum-of-the-visible',
    rules: ['2', '5.2', '6.6'],
    story:
      'A voter that was there and is out of reach does not count: the quorum is taken of the ' +
      'others. Both sides of a partition have one.',
    symptom: 'two-holders',
    // Where a name has fewer voters than the mesh, it miscounts at once.
    showsInCalm: true,
    edits: [
      {
        file: coordinator,
        find: 'const result = tally(round, this.#options.quorum, counts);',
        replace: 'const result = tally(round, this.#quorumOf(this.#known()), counts);',
      },
      {
        file: coordinator,
        find: 'const needed = seats.length - this.#options.quorum + 1;',
        replace: 'const needed = this.#known() - this.#quorumOf(this.#known()) + 1;',
      },
      {
        file: coordinator,
        find: '  #findLoss(): void {',
        replace: [
          '  /** Those that are there, or were never. */',
          '  #known(): number {',
          '    return this.#options.voters.filter((voter) => {',
          '      const wasThere = this.#ledger.presentOf(voter) !== undefined;',
          '      return !wasThere || this.#around.isLinked(voter);',
          '    }).length;',
          '  }',
          '',
          '  #quorumOf(known: number): number {',
          '    const { quorum, voters } = this.#options;',
          '    if (known === voters.length) return quorum;',
          '    return Math.min(quorum, Math.floor(known / 2) + 1);',
          '  }',
          '',
          '  #findLoss(): void {',
        ].join('\n'),
      },
    ],
  },
  {
    name: 'live-ends-without-a-token',
    rules: ['11.7', '4.6'],
    story:
      'What LIVE does not name was never granted, somebody thought, and so bounds nobody. Its ' +
      'RELEASE was lost with a link, and the next holder has a smaller token.',
    symptom: 'token-order',
    edits: [
      {
        file: voter,
        find: 'const behind = this.#end(entry, entry.token);',
        replace: 'const behind = this.#end(entry, null);',
      },
    ],
  },
  {
    name: 'expiry-ends-without-a-token',
    rules: ['11.8', '4.6'],
    story:
      'What goes with an expired session bounds nobody, as if it had been given up. It was ' +
      'held, and an older claim that comes after it has a smaller token.',
    symptom: 'token-order',
    edits: [
      {
        file: voter,
        find: 'entries.map((entry) => this.#remove(entry, entry.token));',
        replace: 'entries.map((entry) => this.#remove(entry, null));',
      },
    ],
  },
  {
    name: 'expiry-tells-nobody',
    rules: ['4.6'],
    story:
      'The entries of an expired session go, and those who wait behind them are not voted for ' +
      'anew: they wait for a holder that is gone.',
    symptom: 'stuck',
    edits: [
      {
        file: voter,
        find: 'for (const others of behind) this.#review(others, noStamp, now);',
        replace: '',
      },
    ],
  },
  {
    name: 'marks-of-the-ended',
    rules: ['11.9'],
    story:
      'A voter remembers every round that has gone, so that a late PREPARE does not bring it ' +
      'back. A claim whose session expired in a partition is prepared again, and never ' +
      'answered.',
    symptom: 'stuck',
    edits: [
      {
        file: voter,
        find: 'readonly #bounded = new Set<Entry>();',
        replace: 'readonly #bounded = new Set<Entry>();\n  readonly #gone = new Set<string>();',
      },
      {
        file: voter,
        find: 'return this.#table.remove(entry, token);',
        replace: 'this.#gone.add(entry.id);\n    return this.#table.remove(entry, token);',
      },
      {
        file: voter,
        find: 'if (!message.committed && this.#isFull(message)) {',
        replace: [
          'const { id } = new Entry(from, message);',
          'if (this.#gone.has(id)) return;',
          'if (!message.committed && this.#isFull(message)) {',
        ].join('\n    '),
      },
      {
        file: voter,
        find: '  readonly lastGeneration: number;\n  readonly recovering',
        replace: [
          '  readonly lastGeneration: number;',
          '  readonly gone: readonly string[];',
          '  readonly recovering',
        ].join('\n'),
      },
      {
        file: voter,
        find: '      lastGeneration: this.#lastGeneration,',
        replace: '      lastGeneration: this.#lastGeneration,\n      gone: [...this.#gone],',
      },
      {
        file: voter,
        find: '    this.#lastGeneration = snapshot.lastGeneration;',
        replace: [
          '    this.#lastGeneration = snapshot.lastGeneration;',
          '    for (const id of snapshot.gone) this.#gone.add(id);',
        ].join('\n'),
      },
    ],
  },
  {
    name: 'inquire-said-once',
    rules: ['11.10', '3.5'],
    story:
      'An INQUIRE that was said is not said again. One that was lost with its link leaves two ' +
      'claims that wait for each other.',
    symptom: 'stuck',
    edits: [
      {
        file: voter,
        find: 'const isAsked = entry.inquired && entry.committedAt === null;',
        replace: 'const isAsked = false;',
      },
    ],
  },
  {
    name: 'repeated-prepare-unanswered',
    rules: ['3.5'],
    story:
      'A PREPARE that is repeated on a new link is answered only if the answer is a new one. A ' +
      'VOTE that was lost with the older link is never said again.',
    symptom: 'stuck',
    edits: [
      {
        file: voter,
        find: [
          'entry.token = greater(entry.token, message.token);',
          "entry.said = 'nothing';",
        ].join('\n    '),
        replace: [
          "if (message.token > entry.token) entry.said = 'nothing';",
          'entry.token = greater(entry.token, message.token);',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'given-back-outlives-the-voter',
    rules: ['11.11', '6.5'],
    story:
      'A coordinator remembers what it gave back also when the voter has restarted, whose ' +
      'generations start again: the votes of the new incarnation are ignored for ever.',
    symptom: 'stuck',
    edits: [
      {
        file: coordinator,
        find: 'const before = { ...ballot, vote, yielded: generation(0), current: false };',
        replace: 'const before = { ...ballot, vote, current: false };',
      },
    ],
  },
  {
    name: 'nothing-lives-unsaid',
    rules: ['3.4', '4.6'],
    story:
      'A coordinator without rounds has nothing to say on a new link, and says no LIVE. An ' +
      'ABORT or a RELEASE that was lost with the older link stays lost, and the entry stays for ' +
      'ever.',
    symptom: 'left-over',
    edits: [
      {
        file: coordinator,
        find: 'for (const live of liveOf(',
        replace: 'if (numbers.length > 0) for (const live of liveOf(',
      },
    ],
  },
  {
    name: 'failed-claims-live-on',
    rules: ['5.6', '5.5'],
    story:
      'A claim that fails as too few answer is not ended, since hardly anybody would hear the ' +
      'ABORT. When the voters are back it is granted, and nobody is there to release it.',
    symptom: 'stuck',
    edits: [
      {
        file: coordinator,
        find: 'for (const { round: over } of all.toReversed()) this.#end(over, at);',
        replace: [
          "const isEnded = round.patience === 'try' || failure.reason !== 'no-quorum';",
          'for (const { round: over } of isEnded ? all.toReversed() : []) this.#end(over, at);',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'one-session-for-all-starts',
    rules: ['4.9'],
    story:
      'A restarted coordinator goes on in the session of the one before it. Its rounds are ' +
      'taken for those of the same numbers, and a RELEASE of one ends another.',
    symptom: 'left-over',
    edits: [
      {
        file: sessions,
        find: '?.find(({ incarnation }) => incarnation === of);',
        replace: '?.find(({ incarnation }) => incarnation <= of);',
      },
    ],
  },
  {
    name: 'expiry-of-all-starts',
    rules: ['4.9', '6.1'],
    story:
      'When the session of a dead process expires, that of the same peer which has restarted ' +
      'since goes with it, though its link stands: its entries hang on nothing.',
    symptom: 'crash',
    edits: [
      {
        file: sessions,
        find: 'if (left.length === 0) this.#sessions.delete(peer);',
        replace: 'if (left.length <= 1) this.#sessions.delete(peer);',
      },
    ],
  },
];
