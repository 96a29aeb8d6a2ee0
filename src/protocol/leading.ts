/**
 * What peers say to each other of who leads in an election (docs/protocol.md, rule 8.7).
 */

import type { PeerId, Stamp } from './ids.ts';

/** "Tell me who leads in this election"; or no more. Each peer → voter (rule 8.7). */
export interface Observe {
  readonly type: 'observe';
  readonly name: string;
  readonly isOn: boolean;
}

/** Whoever leads in an election, and what it wants to be known by. */
export interface Leading {
  readonly peer: PeerId;
  readonly value: string;
}

/** "This one leads, as far as I know." Voter → whoever observes (rule 8.7). */
export interface Leader {
  readonly type: 'leader';
  readonly name: string;
  /** Of the leader; with nobody, that of one whose end was heard, or 0. */
  readonly token: Stamp;
  readonly leader: Leading | null;
}
