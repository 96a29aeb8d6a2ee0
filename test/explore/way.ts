/**
 * Short words for what happens in a mesh before a search. Peers are called a to e, claims by
 * their number from 1 on:
 *
 *     ask 1 · share 1 (is downgraded) · drop 1 (is released) · quit 1 (is given up)
 *     cut ab (their connection breaks) · a>b (b hears the first from a) · a?b (is lost)
 *     a!b (b sees the end of its connection to a, leaving out what is under way)
 *     all ab (all that is under way among these is heard)
 *     kill a · boot a (dies and starts again) · write a (its state file) · jump a (by the first)
 *     beat · beat 3 · still a (in which a stands still) · sleep a (in which it is suspended)
 */

import type { ActionKind, PreludeStep } from '../../src/sim/explore/action.ts';

/** What an arrow between two peers stands for. */
const arrows: Readonly<Record<string, ActionKind>> = { '>': 'deliver', '!': 'notice', '?': 'lose' };

const ofClaims: Readonly<Record<string, ActionKind>> = {
  ask: 'acquire',
  drop: 'release',
  share: 'downgrade',
  quit: 'giveUp',
};

const ofPeers: Readonly<Record<string, ActionKind>> = {
  boot: 'restart',
  jump: 'jump',
  kill: 'crash',
  sleep: 'suspend',
  still: 'pause',
};

/** @throws {RangeError} for a word that there is not */
export function way(text: string): readonly PreludeStep[] {
  return text.split(',').flatMap((part) => actionsOf(part.trim()));
}

function actionsOf(text: string): readonly PreludeStep[] {
  const arrow = /^([a-e])([>!?])([a-e])$/.exec(text);
  if (arrow !== null) {
    return [{ kind: kindOf(arrows, arrow[2]), a: peerOf(arrow[1]), b: peerOf(arrow[3]) }];
  }
  const [word = '', of = ''] = text.split(' ');
  if (word in ofClaims) return [{ kind: kindOf(ofClaims, word), a: Number(of) - 1, b: 0 }];
  if (word in ofPeers) return [{ kind: kindOf(ofPeers, word), a: peerOf(of), b: 0 }];
  if (word === 'beat') {
    return Array.from({ length: Number(of || '1') }, () => ({ kind: 'beat', a: 0, b: 0 }));
  }
  const peers = [...of].map(peerOf);
  const [one = 0, other = 0] = peers;
  switch (word) {
    case 'all':
      return [{ kind: 'all', among: peers }];
    case 'cut':
      return [{ kind: 'break', a: Math.max(one, other), b: Math.min(one, other) }];
    case 'write':
      return [{ kind: 'write', a: one, b: one }];
    default:
      throw new RangeError(`No such word of a prelude: ${text}`);
  }
}

function kindOf(kinds: Readonly<Record<string, ActionKind>>, word: string | undefined): ActionKind {
  const kind = kinds[word ?? ''];
  if (kind === undefined) throw new RangeError(`No such word of a prelude: ${word}`);
  return kind;
}

function peerOf(letter: string | undefined): number {
  const peer = 'abcde'.indexOf(letter ?? '-');
  if (peer < 0) throw new RangeError(`No such peer: ${letter}`);
  return peer;
}
