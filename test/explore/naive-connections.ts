/**
 * Connections as plain objects: two ends, each with what is under way to it and with how much it
 * has seen. Independent of the rows and marks of the explorer.
 */

import type { Frame } from '../../src/protocol/index.ts';

/** One end of a connection, and what is under way to it. */
export interface End {
  readonly peer: number;
  readonly incarnation: number;
  readonly inbox: Frame[];
  view: 'unseen' | 'open' | 'gone';
}

export interface Connection {
  readonly ends: readonly [End, End];
  isOver: boolean;
  /** Whether its end can be seen before the next one stands; else with it. */
  endIsSeen: boolean;
}

/** What a peer sees next of another. */
export type Sight =
  | { readonly see: 'frame'; readonly at: End; readonly frame: Frame; readonly isOver: boolean }
  | { readonly see: 'up'; readonly at: End; readonly of: number; readonly instead: End | null }
  | { readonly see: 'down'; readonly at: End };

/** Something to see, in the order in which it will be seen. */
export type Coming = Frame | 'down' | { readonly up: number };

export class Connections {
  readonly #all: Connection[] = [];

  open(one: Pick<End, 'peer' | 'incarnation'>, other: Pick<End, 'peer' | 'incarnation'>): void {
    const ends = [endOf(one), endOf(other)] as const;
    this.#all.push({ ends, isOver: false, endIsSeen: true });
  }

  /** The connection that both ends of a pair have seen, if it stands. */
  shared(a: number, b: number): Connection | undefined {
    return this.#between(a, b).find(({ ends, isOver }) => {
      return !isOver && ends.every(({ view }) => view === 'open');
    });
  }

  /** The connection to another that a peer takes for the present one, if it stands. */
  present(peer: number, other: number): Connection | undefined {
    return this.#between(peer, other).find(({ ends, isOver }) => {
      return !isOver && endsAs(ends, peer)[0].view === 'open';
    });
  }

  /** A process is gone, and its ends with it. */
  lose(peer: number, endIsSeen: boolean): void {
    for (const connection of this.#all) {
      const end = connection.ends.find((other) => other.peer === peer);
      if (end === undefined) continue;
      end.view = 'gone';
      if (!connection.isOver) connection.endIsSeen = endIsSeen;
      connection.isOver = true;
    }
  }

  /** What `to` has yet to see of `from`, oldest first. */
  coming(from: number, to: number): readonly Coming[] {
    return this.#between(from, to).flatMap(({ endIsSeen, ends, isOver }) => {
      const [at, far] = endsAs(ends, to);
      if (at.view === 'gone') return [];
      const start = at.view === 'unseen' ? [{ up: far.incarnation }] : [];
      return [...start, ...at.inbox, ...(isOver && endIsSeen ? ['down' as const] : [])];
    });
  }

  next(from: number, to: number): Sight | null {
    const known = this.#between(from, to).filter(({ ends }) => endsAs(ends, to)[0].view !== 'gone');
    const [first, second] = known;
    if (first === undefined) return null;
    const [at, far] = endsAs(first.ends, to);
    if (at.view === 'unseen') return { see: 'up', at, of: far.incarnation, instead: null };
    const [frame] = at.inbox;
    if (frame !== undefined) return { see: 'frame', at, frame, isOver: first.isOver };
    if (!first.isOver) return null;
    if (first.endIsSeen) return { see: 'down', at };
    if (second === undefined) return null;
    const [next, other] = endsAs(second.ends, to);
    return { see: 'up', at: next, of: other.incarnation, instead: at };
  }

  #between(a: number, b: number): readonly Connection[] {
    return this.#all.filter(({ ends: [one, other] }) => {
      return (one.peer === a && other.peer === b) || (one.peer === b && other.peer === a);
    });
  }
}

/** The end of a peer, and the far one. */
export function endsAs([one, other]: readonly [End, End], peer: number): readonly [End, End] {
  return one.peer === peer ? [one, other] : [other, one];
}

function endOf({ incarnation, peer }: Pick<End, 'peer' | 'incarnation'>): End {
  return { peer, incarnation, inbox: [], view: 'unseen' };
}
