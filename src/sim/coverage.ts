/**
 * What the cores went through: which messages came to whom, in what situation, from whom. A
 * campaign that meets nothing new any more has seen most of what it can see.
 *
 *     receiver: votes or not, holds or waits   ←   message   from   sender: votes or not
 */

import type { Message } from '../protocol/message.ts';
import type { Books } from './checks/books.ts';
import type { CoreView, LinkView } from './checks/core-view.ts';
import type { Observer, SeenStep } from './world.ts';

/** `member`: does not vote. `recovering`: a voter that does not vote yet. */
const roles = ['member', 'recovering', 'voting'] as const;

/** What the receiver's own claims do. */
const activities = ['idle', 'waits', 'holds', 'holds and waits'] as const;

const types = [
  'hello',
  'settled',
  'recovered',
  'live',
  'prepare',
  'vote',
  'refuse',
  'queued',
  'inquire',
  'contended',
  'revoke',
  'yield',
  'commit',
  'abort',
  'release',
  'watch',
  'look',
  'view',
  'observe',
  'leader',
  'probe',
  'chase',
] as const satisfies readonly Message['type'][];

type Role = (typeof roles)[number];
type Activity = (typeof activities)[number];

interface Tuple {
  readonly receiver: Role;
  readonly activity: Activity;
  readonly type: Message['type'];
  /** As the receiver believes it to be. */
  readonly sender: Role;
}

const toVoters: ReadonlySet<string> = new Set<Message['type']>([
  'commit',
  'live',
  'look',
  'observe',
  'prepare',
  'probe',
  'settled',
  'yield',
]);

const fromVoters: ReadonlySet<string> = new Set<Message['type']>([
  'chase',
  'contended',
  'inquire',
  'leader',
  'queued',
  'recovered',
  'refuse',
  'revoke',
  'view',
  'vote',
]);

/** All that could be written down, by their numbers. */
const written: readonly Tuple[] = roles.flatMap((receiver) =>
  activities.flatMap((activity) =>
    types.flatMap((type) => roles.map((sender): Tuple => ({ receiver, activity, type, sender }))),
  ),
);

/** A tuple that cannot be, and why not. */
export interface ImpossibleTuple {
  readonly tuple: string;
  readonly reason: string;
}

/** Those that can be. */
export const definedTuples: readonly string[] = written
  .filter((tuple) => whyImpossible(tuple) === null)
  .map(describe);

export const impossibleTuples: readonly ImpossibleTuple[] = written.flatMap((tuple) => {
  const reason = whyImpossible(tuple);
  return reason === null ? [] : [{ tuple: describe(tuple), reason }];
});

export class Coverage implements Observer {
  readonly #books: Books;
  /** How often each was seen, by its number. */
  readonly #counts = new Uint32Array(written.length);

  constructor(books: Books) {
    this.#books = books;
    books.heard.push((core, link, { type }) => {
      const index = indexOf(core, link, type);
      this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    });
  }

  onStep(seen: SeenStep): void {
    this.#books.onStep(seen);
  }

  /** Those that were seen, in an order of their own. */
  tuples(): readonly string[] {
    return written.filter((_, index) => this.#counts[index] !== 0).map(describe);
  }
}

function indexOf(core: CoreView, link: LinkView, type: Message['type']): number {
  const receiver = core.isVoter ? (core.isVoting ? 2 : 1) : 0;
  const sender = link.isVoter ? (link.recovers ? 1 : 2) : 0;
  const held = core.held.size;
  const activity = (core.claims.size > held ? 1 : 0) + (held > 0 ? 2 : 0);
  const message = types.indexOf(type);
  return ((receiver * activities.length + activity) * types.length + message) * 3 + sender;
}

function whyImpossible({ receiver, type, sender }: Tuple): string | null {
  if (receiver === 'member' && sender === 'member') return 'members do not link with each other';
  if (receiver === 'member' && toVoters.has(type)) return 'it is said to voters only';
  if (sender === 'member' && fromVoters.has(type)) return 'it is said by voters only';
  if (sender === 'recovering' && type === 'recovered') return 'from then on the sender votes';
  if (receiver === 'recovering' && type === 'yield') return 'it has asked for nothing back';
  return null;
}

function describe({ receiver, activity, type, sender }: Tuple): string {
  return `${receiver}, ${activity} ← ${type} from ${sender}`;
}
