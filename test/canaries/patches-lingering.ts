/**
 * Planted bugs of locks that stay with their peer after the release (docs/protocol.md, section 8).
 */

import type { Canary } from './patch.ts';

const coordinator = 'src/protocol/coordinator.ts';
const round = 'src/protocol/round.ts';
const roundsByName = 'src/protocol/rounds-by-name.ts';

export const lingeringCanaries: readonly Canary[] = [
  {
    name: 'spans-by-their-last',
    rules: ['8.1', '5.2'],
    story:
      'A round with several tokens is granted when the last of them is above all floors. The ' +
      'first that it gives may be smaller than what somebody else was given before.',
    symptom: 'token-order',
    edits: [
      {
        file: round,
        find: 'if (vote.floor < first) above += 1;',
        replace: 'if (vote.floor < round.token) above += 1;',
      },
    ],
  },
  {
    name: 'tokens-without-end',
    rules: ['8.2', '8.1'],
    story:
      'A round that lingers goes to the next claim for as long as it stays, whether or not it ' +
      'has a token left that a quorum has voted for. Who comes next is given a smaller one.',
    symptom: 'token-order',
    edits: [
      {
        file: coordinator,
        find: 'const fits = before !== undefined && before.given < before.span;',
        replace: 'const fits = before !== undefined;',
      },
    ],
  },
  {
    name: 'any-mode-fits',
    rules: ['8.2'],
    story:
      'A round that lingers goes to a claim for the same names, whatever their modes: an ' +
      'exclusive one is granted by votes for a shared one.',
    symptom: 'two-holders',
    showsInCalm: true,
    edits: [
      {
        file: roundsByName,
        find: 'if (other?.name === name) return other.mode === mode;',
        replace: 'if (other?.name === name) return true;',
      },
    ],
  },
  {
    name: 'lingers-though-wanted',
    rules: ['8.3'],
    story:
      'A round that others are known to want lingers when it is released. They wait until it is ' +
      'over, while its peer has it granted again and again.',
    symptom: 'stuck',
    showsInCalm: true,
    edits: [
      {
        file: coordinator,
        find: 'lingerMs > 0 && !contended && !this.#isRetired) this.#keep(round, at);',
        replace: 'lingerMs > 0 && !this.#isRetired) this.#keep(round, at);',
      },
    ],
  },
  {
    name: 'wanted-in-vain',
    rules: ['8.3'],
    story:
      'A round that nobody holds is not let go when a voter says that somebody waits for it, but ' +
      'when it has lingered for long enough.',
    symptom: 'stuck',
    edits: [
      {
        file: coordinator,
        find: "if (round.phase.state === 'held') {",
        replace: "if (round.phase.state !== 'undecided') {",
      },
    ],
  },
  {
    name: 'follows-whatever-is-there',
    rules: ['8.5'],
    story:
      'A claim follows one of the same peer on its first name, though it is for others, too. It ' +
      'is granted on a round that holds none of these.',
    symptom: 'two-holders',
    showsInCalm: true,
    edits: [
      {
        file: roundsByName,
        find: 'if (last === undefined || !isSame(last, resources)) return undefined;',
        replace: 'if (last === undefined) return undefined;',
      },
      {
        file: roundsByName,
        find: 'return resources.every(isLast) ? last : undefined;',
        replace: 'return resources.some(isLast) ? last : undefined;',
      },
    ],
  },
  {
    name: 'followed-by-any-number',
    rules: ['8.5', '8.2'],
    story:
      'A round that is released goes to the next claim that follows it, whether or not it has a ' +
      'token left that a quorum has voted for. Who comes next is given a smaller one.',
    symptom: 'token-order',
    showsInCalm: true,
    edits: [
      {
        file: coordinator,
        find: '} else if (round.given < round.span) {',
        replace: '} else if (round.given > 0) {',
      },
    ],
  },
  {
    name: 'followers-left-behind',
    rules: ['8.5'],
    story:
      'Claims that follow a round of their peer do not begin when that has ended otherwise than ' +
      'by its release: given up, lost, or failed. They wait for ever.',
    symptom: 'stuck',
    showsInCalm: true,
    edits: [
      {
        file: coordinator,
        find: 'this.#succeed(round, at);\n  }\n\n  #tellEnd',
        replace: 'this.#followers.free(round);\n  }\n\n  #tellEnd',
      },
    ],
  },
  {
    name: 'wanted-at-the-front-alone',
    rules: ['8.3'],
    story:
      'Whoever comes has only those told that stand first on its names, up to the first that is ' +
      'undecided. What is held behind that one, as others have granted it, is never told.',
    symptom: 'stuck',
    edits: [
      {
        file: 'src/protocol/contended.ts',
        find: 'while (other !== null && other.entry !== entry && isRanked(other.entry)) {',
        replace:
          'while (other !== null && other.entry !== entry && other.entry.committedAt !== null) {',
      },
    ],
  },
  {
    name: 'polite-in-vain',
    rules: ['8.6', '8.3'],
    story:
      'A holder that asks to be told when others want its lock is noted as such, and no voter is ' +
      'asked to say so: what is not to linger is never said to be wanted.',
    symptom: 'stuck',
    showsInCalm: true,
    edits: [
      {
        file: coordinator,
        find: 'else if (round.lingerMs === 0) this.#prepareAtAll(round);',
        replace: '',
      },
    ],
  },
  {
    name: 'polite-to-oneself-alone',
    rules: ['8.6', '8.3'],
    story:
      'A holder that asks to be told hears of other claims of its own peer, and not of what a ' +
      'voter says: that is noted for the release alone.',
    symptom: 'stuck',
    showsInCalm: true,
    edits: [
      {
        file: coordinator,
        find: 'this.#want(round);\n    this.#succeed(round, at);',
        replace: 'round.contended = true;\n    this.#succeed(round, at);',
      },
    ],
  },
];
