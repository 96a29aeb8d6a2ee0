/**
 * Planted bugs of locks that are stolen, and of those that are shared after a while
 * (docs/protocol.md, rules 8.8 and 8.9).
 */

import type { Canary } from './patch.ts';

const coordinator = 'src/protocol/coordinator.ts';
const queueTable = 'src/protocol/queue-table.ts';
const roundsByName = 'src/protocol/rounds-by-name.ts';
const voter = 'src/protocol/voter.ts';

export const stealingCanaries: readonly Canary[] = [
  {
    name: 'stolen-without-its-holder',
    rules: ['8.8', '4.2'],
    story:
      'A voter votes for a claim that steals as if what it steals were over, since its owner is ' +
      'told that it is. The owner may hear of it later than the other is granted, or never.',
    symptom: 'two-holders',
    showsInCalm: true,
    edits: [
      {
        file: voter,
        find: 'const ahead = this.#table.ahead(entry, lookAhead + 1);',
        replace: [
          'const all = this.#table.ahead(entry, lookAhead + 1);',
          'const ahead = isStealing(entry) ? all.filter((other) => !other.revoked) : all;',
        ].join('\n      '),
      },
    ],
  },
  {
    name: 'revoked-once',
    rules: ['8.8', '3.5'],
    story:
      'That what is held is stolen is said once, whatever link that was said on. Where it was ' +
      'lost with the link, the holder holds on, and whoever steals waits for it.',
    symptom: 'stuck',
    edits: [
      {
        file: voter,
        find: 'entry.contended = false;\n    entry.revoked = false;',
        replace: 'entry.contended = false;',
      },
    ],
  },
  {
    name: 'committed-behind-its-back',
    rules: ['8.8'],
    story:
      'The owner of a round is told that it is stolen when whoever steals comes, and not when it ' +
      'is committed later, though the other stands behind it by then.',
    symptom: 'stuck',
    edits: [
      {
        file: voter,
        find: 'this.#tellIfStolen(entry, now);\n    this.#refuseBehind(entry, now);',
        replace: 'this.#refuseBehind(entry, now);',
      },
    ],
  },
  {
    name: 'stolen-by-the-past',
    rules: ['8.8'],
    story:
      'A holder loses what it holds to whoever steals as far as a voter knows, whatever their ' +
      'tokens. The voter may hear late that the other has been granted, and is over.',
    symptom: 'loss-untold',
    edits: [
      {
        file: coordinator,
        find: 'if (token <= round.token) return;',
        replace: '',
      },
      {
        file: voter,
        find: 'if (thief.token > entry.token) {',
        replace: 'if (isStealing(thief)) {',
      },
    ],
  },
  {
    name: 'steals-in-its-turn',
    rules: ['8.8', '5.2'],
    story:
      'A coordinator does not decide a claim that steals before those that were asked for before ' +
      'it; at the voters these go behind it. So they wait for each other.',
    symptom: 'stuck',
    showsInCalm: true,
    edits: [
      {
        file: roundsByName,
        find: "if (!is(other) || (passes && other.patience !== 'steal'))",
        replace: 'if (!is(other))',
      },
    ],
  },
  {
    name: 'shared-below-the-writer',
    rules: ['8.9', '4.7'],
    story:
      'A round that is shared from now on does not raise what readers must exceed, as no shared ' +
      'one does. One of those let in may have a smaller token than the writer had.',
    symptom: 'token-order',
    edits: [
      {
        file: queueTable,
        find: 'this.#end(place, queue, entry.token);\n      queue.share',
        replace: 'queue.share',
      },
    ],
  },
  {
    name: 'shared-in-secret',
    rules: ['8.9', '4.2'],
    story:
      'Voters make a round shared, and take nothing back of what they told those behind: readers ' +
      'wait for its end.',
    symptom: 'stuck',
    showsInCalm: true,
    edits: [
      {
        file: voter,
        find: 'const behind = this.#table.share(entry);',
        replace: 'const behind = this.#table.share(entry).slice(0, 0);',
      },
    ],
  },
  {
    name: 'shared-and-kept',
    rules: ['8.9', '8.5'],
    story:
      'What is shared goes, when it is released, to the claim that follows it, which wants it ' +
      'alone: a reader that was let in holds it, too.',
    symptom: 'two-holders',
    showsInCalm: true,
    edits: [
      {
        file: coordinator,
        find:
          'round.lingerMs = 0;\n' +
          '    // Those of other peers may want to share it: voters tell of the others.\n' +
          '    round.contended = byName.nextAfter(round).length > 0 || ' +
          'byName.hasOlderWaiting(round);',
        replace: 'round.contended = false;',
      },
      {
        file: coordinator,
        find: 'this.#succeed(round, at);\n    const { id,',
        replace: 'const { id,',
      },
    ],
  },
];
