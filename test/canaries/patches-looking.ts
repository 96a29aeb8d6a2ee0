/**
 * Planted bugs of looking at what all voters keep (docs/protocol.md, rule 10.5).
 */

import type { Canary } from './patch.ts';

const looks = 'src/protocol/looks.ts';

export const lookingCanaries: readonly Canary[] = [
  {
    name: 'looks-at-what-is-held-alone',
    rules: ['10.5'],
    story: 'A voter tells whoever looks of those that hold, and not of those that wait.',
    symptom: 'untrue',
    showsInCalm: true,
    edits: [
      {
        file: 'src/protocol/views.ts',
        find: 'const sight = sightOf(entry, asked, now);',
        replace: [
          'if (entry.committedAt === null) continue;',
          'const sight = sightOf(entry, asked, now);',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'held-if-all-say-so',
    rules: ['10.5'],
    story:
      'Whoever looks takes for held what all voters know to be. While some have not heard of the ' +
      'grant, what is held seems to wait.',
    symptom: 'untrue',
    showsInCalm: true,
    edits: [
      {
        file: looks,
        find: 'if (one === null || other === null) return one ?? other;',
        replace: 'if (one === null || other === null) return null;',
      },
    ],
  },
  {
    name: 'look-outlives-its-link',
    rules: ['10.5', '3.3'],
    story:
      'A look waits for a voter whose link has broken as for one that is silent, though from it ' +
      'no answer can come.',
    symptom: 'stuck',
    edits: [
      {
        file: looks,
        find: 'if (!open.awaited.delete(voter)) continue;',
        replace: 'if (!open.awaited.has(voter)) continue;',
      },
    ],
  },
  {
    name: 'knows-all-at-once',
    rules: ['10.5', '7.1'],
    story:
      'What a voter in recovery says is taken for all that there is, though peers that hold with ' +
      'its votes may not have told it yet.',
    symptom: 'untrue',
    edits: [
      {
        file: 'src/protocol/node.ts',
        find: "const unanswered = asked.filter((voter) => this.#stateOf(voter) !== 'voting');",
        replace: 'const unanswered = asked.filter((voter) => !isLinked(voter));',
      },
    ],
  },
  {
    name: 'blames-those-it-has-not-read',
    rules: ['10.5', '5.6'],
    story:
      'A process that stood still for longer than prepareTimeout says that voters are silent ' +
      'whose answers wait to be read.',
    symptom: 'untrue',
    edits: [
      {
        file: looks,
        find: 'if (now - setFor > graceMs) this.#putOff(later(now, graceMs));',
        replace: '',
      },
    ],
  },
];
