/**
 * Planted bugs of elections (docs/protocol.md, rule 8.7), and of those who lead in them.
 */

import type { Canary } from './patch.ts';

const campaign = 'src/peer/campaign.ts';
const leaders = 'src/protocol/leaders.ts';
const observers = 'src/protocol/observers.ts';
const voter = 'src/protocol/voter.ts';

export const electionCanaries: readonly Canary[] = [
  {
    name: 'the-last-word-leads',
    rules: ['8.7'],
    story:
      'An observer believes the voter that it has heard of last, rather than the greatest token. ' +
      'One that is late with its news has it go back to a leader whose time is over.',
    symptom: 'token-order',
    edits: [
      {
        file: leaders,
        find: 'if (last === null || token > last.token) last =',
        replace: 'last =',
      },
      { file: leaders, find: 'token < floor || token <= ended', replace: 'token <= ended' },
    ],
  },
  {
    name: 'ended-leaders-are-believed',
    rules: ['8.7'],
    story:
      'An observer that one voter has told of the end of a leader goes on believing another ' +
      'voter, which has not heard of it.',
    symptom: 'token-order',
    edits: [{ file: leaders, find: 'token < floor || token <= ended', replace: 'token < floor' }],
  },
  {
    name: 'resigned-in-secret',
    rules: ['8.7'],
    story:
      'A voter that hears the end of a leader tells nobody: all but its own peer see it lead on.',
    symptom: 'left-over',
    showsInCalm: true,
    edits: [
      {
        file: observers,
        find: "this.#tell(name, { type: 'leader', name, token: token ?? noStamp, leader: null });",
        replace: '',
      },
    ],
  },
  {
    name: 'expired-in-secret',
    rules: ['8.7', '6.4'],
    story:
      'A voter that ends the entry of a leader for its silence tells nobody. Where nobody is ' +
      'elected after it, it is seen to lead for good.',
    symptom: 'left-over',
    edits: [
      {
        file: voter,
        find: 'for (const entry of entries) this.#observers.fall(entry, null);',
        replace: '',
      },
    ],
  },
  {
    name: 'observes-once',
    rules: ['8.7', '3.4'],
    story:
      'Who observes an election asks the voters for it when it begins to, and not again on a new ' +
      'link, whose voter has forgotten it.',
    symptom: 'left-over',
    edits: [
      {
        file: leaders,
        find: 'if (!this.#votersOf(name).includes(voter)) continue;',
        replace: 'continue;',
      },
    ],
  },
  {
    name: 'observers-are-told-later',
    rules: ['8.7'],
    story:
      'A voter tells those who observe of changes alone: whoever comes when one leads already ' +
      'sees nobody until the next.',
    symptom: 'left-over',
    edits: [
      {
        file: observers,
        find: 'this.#post(from, wordOf(name, this.#leading.get(name)));',
        replace: '',
      },
    ],
  },
  {
    name: 'elected-in-secret',
    rules: ['8.7', '4.5'],
    story:
      'A voter that hears of a grant remembers who leads, for those who ask later, and tells ' +
      'none of those who have asked.',
    symptom: 'left-over',
    showsInCalm: true,
    edits: [
      {
        file: observers,
        find: 'this.#leading.set(name, entry);\n      this.#tell(name, wordOf(name, entry));',
        replace: 'this.#leading.set(name, entry);',
      },
    ],
  },
  {
    name: 'leads-before-it-is-decided',
    rules: ['8.7', '5.2'],
    story:
      'A voter names a leader as soon as it has voted for it. Its round may yet be given up, or ' +
      'decided with another token.',
    symptom: 'token-order',
    showsInCalm: true,
    edits: [
      {
        file: voter,
        find: "this.#post(entry, { type: 'vote',",
        replace: "this.#observers.rise(entry);\n    this.#post(entry, { type: 'vote',",
      },
    ],
  },
  {
    name: 'leads-on-though-lost',
    rules: ['8.7', '6.6'],
    story:
      'The work of a leader is not told that its lock is lost: it goes on while the next one ' +
      'leads.',
    symptom: 'loss-untold',
    showsInCalm: true,
    edits: [
      {
        file: campaign,
        find: 'lock.whenEnded((error) => abort(end, error));',
        replace: '',
      },
    ],
  },
];
