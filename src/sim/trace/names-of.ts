/**
 * Which resources an event is about: a call names them, and so does the message that prepares a
 * round; all else names a claim or a round.
 */

import type { Frame, Resource } from '../../protocol/message.ts';
import { isOfPeer, type PeerEvent, type Trace } from './trace-event.ts';

const none: readonly string[] = Object.freeze([]);

export class NamesOf {
  /** By process and claim. */
  readonly #claims = new Map<string, readonly Resource[]>();
  /** By peer, its incarnation, and round. */
  readonly #rounds = new Map<string, readonly string[]>();
  /** By process and other peer: the incarnation that it is linked with. */
  readonly #linked = new Map<string, number>();

  constructor(trace: Trace) {
    for (const event of trace) {
      if (!isOfPeer(event) || event.type !== 'step') continue;
      const { input, outputs, peer, incarnation, process } = event;
      if (input.type === 'acquire') this.#claims.set(`${process} ${input.claim}`, input.resources);
      for (const output of outputs) {
        if (output.type !== 'frame') continue;
        for (const message of output.frame.messages) {
          if (message.type !== 'prepare') continue;
          const names = message.resources.map(({ name }) => name);
          this.#rounds.set(`${peer} ${incarnation} ${message.round}`, names);
        }
      }
    }
  }

  ofClaim({ process }: PeerEvent, claim: number): readonly Resource[] {
    return this.#claims.get(`${process} ${claim}`) ?? [];
  }

  /** To be asked of all events in order: it follows who is linked with whom. */
  ofEvent(event: PeerEvent): readonly string[] {
    if (event.type !== 'step') return none;
    const { input, outputs, process } = event;
    const names = new Set<string>();
    const add = (some: readonly string[]): void => {
      for (const name of some) names.add(name);
    };
    if (input.type === 'link-up') this.#linked.set(`${process} ${input.peer}`, input.incarnation);
    if (input.type === 'acquire' || input.type === 'release') {
      add(this.ofClaim(event, input.claim).map(({ name }) => name));
    }
    if (input.type === 'frame') add(this.ofFrame(event, { ...input, isHeard: true }));
    for (const output of outputs) {
      if ('claim' in output) add(this.ofClaim(event, output.claim).map(({ name }) => name));
      if (output.type !== 'frame') continue;
      add(this.ofFrame(event, { peer: output.to, frame: output.frame, isHeard: false }));
    }
    return [...names];
  }

  ofFrame(event: PeerEvent, { peer, frame, isHeard }: Passing): readonly string[] {
    const own = `${event.peer} ${event.incarnation}`;
    const other = `${peer} ${this.#linked.get(`${event.process} ${peer}`) ?? 0}`;
    return frame.messages.flatMap((message) => {
      if (message.type === 'prepare') return message.resources.map(({ name }) => name);
      if (!('round' in message)) return none;
      const owner = isHeard === ofVoters.has(message.type) ? own : other;
      return this.#rounds.get(`${owner} ${message.round}`) ?? none;
    });
  }
}

/** A frame between a peer and another. */
export interface Passing {
  readonly peer: string;
  readonly frame: Frame;
  /** Whether it came; else it is sent. */
  readonly isHeard: boolean;
}

/** What a voter says of a round of whom it speaks to. */
const ofVoters: ReadonlySet<string> = new Set(['vote', 'queued', 'refuse', 'inquire', 'chase']);
