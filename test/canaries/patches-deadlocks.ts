/**
 * Planted bugs of claims that wait in a circle (docs/protocol.md, rules 9.1 to 9.4).
 */

import type { Canary } from './patch.ts';

const deadlocks = 'src/protocol/deadlocks.ts';
const voter = 'src/protocol/voter.ts';
const waitedFor = 'src/protocol/waited-for.ts';

export const deadlockCanaries: readonly Canary[] = [
  {
    name: 'once-around',
    rules: ['9.4'],
    story:
      'A claim fails as soon as its probe is back. One on the way may have released what it held ' +
      'behind the probe: there never was a circle.',
    symptom: 'deadlock-that-was-not',
    showsInCalm: true,
    edits: [
      {
        file: deadlocks,
        find: 'this.#goOn(waiting, chase, this.#hop(voter, target, waiting));',
        replace: [
          'const hop = this.#hop(voter, target, waiting);',
          'if (this.#idOf(waiting) === chase.origin) {',
          '  return { round: waiting, cycle: [...chase.path, hop] };',
          '}',
          'this.#goOn(waiting, chase, hop);',
        ].join('\n      '),
      },
    ],
  },
  {
    name: 'shared-for-all-it-knows',
    rules: ['9.3', '8.9'],
    story:
      'An owner goes on from what it shares by now, though the voter knows it as exclusive: a ' +
      'reader that was found to wait for it waits no more.',
    symptom: 'deadlock-that-was-not',
    showsInCalm: true,
    edits: [
      {
        file: deadlocks,
        find: 'if (!chase.isShared && isShared(target)) return undefined;',
        replace: '',
      },
    ],
  },
  {
    name: 'members-pass-nothing-on',
    rules: ['9.3'],
    story: 'A peer that does not vote passes no probe on: a circle through it is never found.',
    symptom: 'stuck',
    showsInCalm: true,
    edits: [
      {
        file: deadlocks,
        find: 'else if (this.#isOlder(waiting, first, ticket)) older.push(waiting);',
        replace: [
          'else if (!this.#setup.options.voters.includes(this.#setup.options.id)) continue;',
          'else if (this.#isOlder(waiting, first, ticket)) older.push(waiting);',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'any-of-a-circle-fails',
    rules: ['9.3'],
    story: 'Probes are passed on from younger claims, too: of one circle several fail.',
    symptom: 'deadlock-that-was-not',
    showsInCalm: true,
    edits: [
      {
        file: deadlocks,
        find: 'else if (this.#isOlder(waiting, first, ticket)) older.push(waiting);',
        replace: 'else older.push(waiting);',
      },
    ],
  },
  {
    name: 'older-by-its-own-count',
    rules: ['9.3'],
    story:
      'Ages are compared by the numbers of rounds, which each peer counts for itself: of some ' +
      'circles another fails than the youngest.',
    symptom: 'deadlock-that-was-not',
    showsInCalm: true,
    edits: [
      {
        file: deadlocks,
        find: 'if (ticket !== than) return ticket < than;',
        replace: 'if (number !== first.number) return number < first.number;',
      },
    ],
  },
  {
    name: 'who-holds-nothing-hides-it',
    rules: ['9.2'],
    story:
      'A voter names those that hold what a claim waits for, and does not look behind those that ' +
      'wait ahead of it: a circle through a writer that keeps readers out is never found.',
    symptom: 'stuck',
    showsInCalm: true,
    edits: [
      {
        file: waitedFor,
        find: '    this.#open.push(other);\n    if (this',
        replace: '    if (this',
      },
    ],
  },
  {
    name: 'one-group-asked',
    rules: ['9.1', '10.2'],
    story:
      'A claim of several groups asks a voter of the first of them alone: what it waits for in ' +
      'another is not known there.',
    symptom: 'stuck',
    showsInCalm: true,
    edits: [
      {
        file: deadlocks,
        find: 'round.electorate.groups.flatMap((group) => {',
        replace: 'round.electorate.groups.slice(0, 1).flatMap((group) => {',
      },
    ],
  },
  {
    name: 'looked-for-once',
    rules: ['9.1'],
    story:
      'A circle is looked for once for each claim. If anything is lost on the way, or the claim ' +
      'is in one only later, it stands for ever.',
    symptom: 'stuck',
    showsInCalm: true,
    edits: [
      {
        file: deadlocks,
        find: '      this.#due.add(round.probeAt, round);\n      if',
        replace: '      if',
      },
    ],
  },
  {
    name: 'passed-on-for-good',
    rules: ['9.3'],
    story:
      'A probe is passed on from a claim once, whatever the attempt: if anything is lost on the ' +
      'way then, the circle is never found.',
    symptom: 'stuck',
    edits: [
      {
        file: deadlocks,
        find: 'if ((this.#passed.get(key) ?? -1) >= attempt) return true;',
        replace: 'if (this.#passed.get(key) !== undefined) return true;',
      },
    ],
  },
  {
    name: 'old-attempts-pass-again',
    rules: ['9.3'],
    story:
      'A peer remembers only the last attempt that it has passed on. Where the next one is under ' +
      'way before all of the last has come, each is passed on again after the other.',
    symptom: 'left-over',
    showsInCalm: true,
    edits: [
      {
        file: deadlocks,
        find: 'if ((this.#passed.get(key) ?? -1) >= attempt) return true;',
        replace: 'if (this.#passed.get(key) === attempt) return true;',
      },
    ],
  },
  {
    name: 'confirmed-by-any-holder',
    rules: ['9.4', '9.2'],
    story:
      'Around once more, a voter names all that the claim waits for, and not the one that was ' +
      'found. An owner takes any of them for it.',
    symptom: 'deadlock-that-was-not',
    showsInCalm: true,
    edits: [
      { file: voter, find: 'if (hop !== undefined && !isVia(other, hop)) continue;', replace: '' },
    ],
  },
];
