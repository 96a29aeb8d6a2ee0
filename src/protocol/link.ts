/**
 * One end of the link to a peer, as the core sees it: what waits to be sent, what has been heard,
 * and whether it still carries both ways (rules 3.1 to 3.4, 6.2). The connection below is the
 * driver's.
 *
 *     link-up: HELLO waits ──▶ greeting ──▶ greeted: their HELLO came first
 *                                 └────────────┴──▶ gone: link-down, or of no use
 */

import {
  type Incarnation,
  type LeaseTimeMs,
  later,
  leaseTimeMs,
  type PeerId,
  type RoundNumber,
  type TimeMs,
} from './ids.ts';
import type { Frame, Message, Vote } from './message.ts';
import type { Hop } from './pursuit.ts';
import { Table } from './table.ts';
import { bytesOfSight } from './views.ts';

/** Plain data: moments are relative to the time of the snapshot. */
export interface LinkSnapshot {
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  readonly greeted: boolean;
  readonly saidRecovering: boolean;
  readonly recovering: boolean;
  readonly heard: LeaseTimeMs;
  readonly echoed: LeaseTimeMs;
  readonly sequenceSent: number;
  readonly sequenceHeard: number;
  readonly outbox: readonly Message[];
  readonly sentInMs: number;
  readonly freshInMs: number;
}

/** How far back a VOTE is looked for that a newer one takes the place of. */
const recentMax = 4;

/** How many estimated bytes of messages share a frame, and with them a WebSocket message. */
const frameBytesMax = 256 * 1_024;

export class Link {
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  /** Whether the peer's HELLO has been heard: until then nothing but ours is sent (rule 3.1). */
  greeted = false;
  /** Whether our HELLO said that we are in recovery. */
  saidRecovering = false;
  /** Whether the peer is a voter in recovery. */
  recovering = false;
  /** The newest stamp heard: what we echo. */
  heard: LeaseTimeMs = leaseTimeMs(0);
  /** The newest of our stamps that was echoed, on this link. */
  #echoed: LeaseTimeMs = leaseTimeMs(0);
  /** Whether the peer is asked for what it keeps: others wait for its answer (rules 8.3, 8.8). */
  isUrgent = false;
  #sequenceSent = 0;
  #sequenceHeard = 0;
  #outbox: Message[] = [];
  /** Where in it the COMMIT of each round stands. */
  readonly #commits = new Table<RoundNumber, number>();
  /** When a frame was last sent. */
  #sentAt: TimeMs;
  /** When a newer echo last came: proof that both ways carry. */
  #freshAt: TimeMs;

  constructor(peer: PeerId, of: Incarnation, now: TimeMs) {
    this.peer = peer;
    this.incarnation = of;
    this.#sentAt = now;
    this.#freshAt = now;
  }

  get hasUnsent(): boolean {
    return this.#outbox.length > 0;
  }

  /** When a frame must be sent, if only to renew the leases (rule 6.2). */
  keepAliveAt(leaseMs: number): TimeMs {
    return later(this.#sentAt, Math.floor(leaseMs / 5));
  }

  /** When the link is given up, unless a fresh echo comes before (rule 6.2). */
  silentAt(leaseMs: number): TimeMs {
    return later(this.#freshAt, Math.floor(leaseMs / 2));
  }

  /**
   * A RELEASE takes the place of the COMMIT before it that has not left yet (rule 5.5); and a VOTE
   * that of an older one just before it, of the same generation (rule 4.2).
   */
  queue(message: Message): void {
    let at: number | undefined;
    if (message.type === 'commit') this.#commits.set(message.round, this.#outbox.length);
    // What is prepared after its COMMIT, for it is to be told of (rule 8.6), must not end before.
    if (message.type === 'prepare') this.#commits.delete(message.round);
    if (message.type === 'contended' || message.type === 'revoke') this.isUrgent = true;
    if (message.type === 'release') at = this.#commits.get(message.round);
    if (message.type === 'vote') at = this.#olderVoteAt(message);
    if (at === undefined) this.#outbox.push(message);
    else this.#outbox[at] = message;
  }

  #olderVoteAt({ round, generation }: Vote): number | undefined {
    const last = this.#outbox.length - 1;
    for (let at = last; at >= 0 && at > last - recentMax; at--) {
      const other = this.#outbox[at];
      if (other?.type !== 'vote' || other.round !== round) continue;
      return other.generation === generation ? at : undefined;
    }
    return undefined;
  }

  /** Notes a frame's number. @returns whether it is the one due (rule 3.2) */
  takeSequence(frame: Frame): boolean {
    if (frame.sequence !== this.#sequenceHeard + 1) return false;
    this.#sequenceHeard = frame.sequence;
    return true;
  }

  /** Notes what a frame echoes. */
  takeEcho(echo: LeaseTimeMs, now: TimeMs): void {
    if (echo <= this.#echoed) return;
    this.#echoed = echo;
    this.#freshAt = now;
  }

  /** Everything unsent, as frames: at least one, so that an empty outbox renews the leases. */
  takeFrames(head: Omit<Frame, 'sequence' | 'messages'>, now: TimeMs): Frame[] {
    const { stamp, echo, clock } = head;
    const frames = inBatches(this.#outbox).map((messages) => {
      this.#sequenceSent += 1;
      return { sequence: this.#sequenceSent, stamp, echo, clock, messages };
    });
    this.#outbox = [];
    this.isUrgent = false;
    this.#commits.clear();
    this.#sentAt = now;
    return frames;
  }

  snapshot(now: TimeMs): LinkSnapshot {
    const { peer, incarnation, greeted, saidRecovering, recovering, heard } = this;
    return {
      peer,
      incarnation,
      greeted,
      saidRecovering,
      recovering,
      heard,
      echoed: this.#echoed,
      sequenceSent: this.#sequenceSent,
      sequenceHeard: this.#sequenceHeard,
      outbox: [...this.#outbox],
      sentInMs: this.#sentAt - now,
      freshInMs: this.#freshAt - now,
    };
  }

  static restore(snapshot: LinkSnapshot, now: TimeMs): Link {
    const link = new Link(snapshot.peer, snapshot.incarnation, now);
    link.greeted = snapshot.greeted;
    link.saidRecovering = snapshot.saidRecovering;
    link.recovering = snapshot.recovering;
    link.heard = snapshot.heard;
    link.#echoed = snapshot.echoed;
    link.#sequenceSent = snapshot.sequenceSent;
    link.#sequenceHeard = snapshot.sequenceHeard;
    for (const message of snapshot.outbox) link.queue(message);
    link.#sentAt = later(now, snapshot.sentInMs);
    link.#freshAt = later(now, snapshot.freshInMs);
    return link;
  }
}

function inBatches(messages: readonly Message[]): (readonly Message[])[] {
  let bytes = 0;
  for (const message of messages) bytes += bytesOf(message);
  if (bytes <= frameBytesMax) return [messages];
  let batch: Message[] = [];
  const batches = [batch];
  bytes = 0;
  for (const message of messages) {
    const more = bytesOf(message);
    if (bytes + more > frameBytesMax && batch.length > 0) {
      batch = [];
      batches.push(batch);
      bytes = 0;
    }
    batch.push(message);
    bytes += more;
  }
  return batches;
}

function bytesOfHop({ holds, wants }: Hop): number {
  return [...holds, ...wants].reduce((sum, name) => sum + 3 * name.length + 6, 192);
}

/** About how many bytes a message takes; rather too many. */
function bytesOf(message: Message): number {
  switch (message.type) {
    case 'prepare': {
      const names = message.resources.reduce((sum, { name }) => sum + 3 * name.length + 6, 0);
      return names + 3 * (message.value?.length ?? 0) + 64;
    }
    case 'observe':
      return 3 * message.name.length + 32;
    case 'leader':
      return 3 * (message.name.length + (message.leader?.value.length ?? 0)) + 96;
    case 'live':
      return 9 * message.rounds.length + 32;
    case 'vote':
      return 92 * message.after.length + 64;
    case 'queued':
    case 'refuse':
      return 80 * message.holders.length + 32;
    case 'look':
      return 3 * (message.name?.length ?? 0) + 32;
    case 'view':
      return message.sights.reduce((sum, sight) => sum + bytesOfSight(sight), 32);
    case 'probe':
    case 'chase':
      return message.path.reduce((sum, hop) => sum + bytesOfHop(hop), 128);
    default:
      return 32;
  }
}
