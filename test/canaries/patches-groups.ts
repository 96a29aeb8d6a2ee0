/**
 * Planted bugs of voter groups: whom a round asks, and what it needs of them (rules 10.1 to 10.4).
 */

import type { Canary } from './patch.ts';

const coordinator = 'src/protocol/coordinator.ts';
const groups = 'src/protocol/groups.ts';
const recovery = 'src/protocol/recovery.ts';
const round = 'src/protocol/round.ts';

export const groupCanaries: readonly Canary[] = [
  {
    name: 'quorum-of-all-that-are-asked',
    rules: ['10.2', '5.2'],
    story:
      'A claim on several names counts the votes of all whom it has asked. It is granted by as ' +
      'many as are a quorum of one name, and another claim by a quorum of the other.',
    symptom: 'two-holders',
    showsInCalm: true,
    edits: [
      {
        file: round,
        find: 'let isGranted = true;\n  for (const { seats } of round.electorate.groups) {',
        replace: 'let isGranted = true;\n  for (const { seats } of [round.electorate]) {',
      },
    ],
  },
  {
    name: 'valid-while-one-group-is',
    rules: ['10.2', '6.6'],
    story:
      'A claim on several names is valid while the voters of the first of them are heard. Those ' +
      'of another have not heard of its holder for a lease, and vote for somebody else.',
    symptom: 'two-holders',
    edits: [
      {
        file: coordinator,
        find: 'for (const group of round.electorate.groups) {\n      until',
        replace: 'for (const group of round.electorate.groups.slice(0, 1)) {\n      until',
      },
    ],
  },
  {
    name: 'voters-of-the-first-name',
    rules: ['10.1', '10.2'],
    story:
      'All names of a claim are decided by the voters of the first: one place for one claim. Who ' +
      'asks for one of the others alone asks other voters.',
    symptom: 'two-holders',
    showsInCalm: true,
    edits: [
      {
        file: groups,
        find: 'for (const { name } of resources) {',
        replace: 'for (const { name } of resources.slice(0, 1)) {',
      },
      {
        file: groups,
        find: 'return resources.filter(({ name }) => hasSeat(this.groupOf(name), seat));',
        replace: "return hasSeat(this.groupOf(resources[0]?.name ?? ''), seat) ? resources : [];",
      },
    ],
  },
  {
    name: 'begins-when-its-groups-are-seen',
    rules: ['10.3', '5.1'],
    story:
      'What waits for a quorum begins when a quorum of its own groups is seen, whatever else ' +
      'this peer waits for. A younger claim begins first, with the smaller ticket: it goes first ' +
      'at the voters, and the older one at its own peer.',
    symptom: 'stuck',
    edits: [
      {
        file: coordinator,
        find: ' || this.#table.byName.hasOlderUnbegun(round)) return;',
        replace: ') return;',
      },
    ],
  },
  {
    name: 'settled-where-one-decides',
    rules: ['10.3', '7.5'],
    story:
      'A voter whose vote alone decides leaves recovery when all others have settled, as any ' +
      'other does. But nobody except itself knew its last token, and it is given again.',
    symptom: 'token-order',
    edits: [
      {
        file: recovery,
        find: 'const decidesAlone = replicas === 1 && voters.length > 1;',
        replace: 'const decidesAlone = replicas < 1 && voters.length > 1;',
      },
    ],
  },
  {
    name: 'watched-after-its-end',
    rules: ['10.4', '5.2'],
    story:
      'Who asks to be told of a round that has ended meanwhile is told so, by ABORT. If it was ' +
      'held, its token is missing in the floors of whoever comes next.',
    symptom: 'token-order',
    edits: [
      {
        file: coordinator,
        find: 'if (round === undefined || round.watchers.includes(peer)) return;',
        replace: [
          "if (round === undefined) this.#around.post(peer, { type: 'abort', round: number });",
          'if (round === undefined || round.watchers.includes(peer)) return;',
        ].join('\n    '),
      },
    ],
  },
];
