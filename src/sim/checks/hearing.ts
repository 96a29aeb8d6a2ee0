/**
 * What a message that was taken in changes in the account of the core that took it.
 */

import { roundId } from '../../protocol/ids.ts';
import type { CoordinatorMessage, Message } from '../../protocol/message.ts';
import type { Output } from '../../protocol/output.ts';
import type { CoreView, LinkView } from './core-view.ts';
import type { KeptSession } from './kept-entry.ts';

export function hear(core: CoreView, link: LinkView, message: Message): void {
  switch (message.type) {
    case 'hello':
    case 'queued':
    case 'refuse':
      return;
    case 'recovered':
      link.recovers = false;
      return;
    case 'vote':
      if (link.isVoter) core.votes.vote(link.peer, message);
      return;
    case 'inquire':
      if (link.isVoter) core.votes.inquire(link.peer, message);
      return;
    case 'revoke':
      if (link.isVoter) core.votes.revoke(message.round);
      return;
    case 'contended':
    case 'watch':
    case 'look':
    case 'view':
    case 'observe':
    case 'leader':
    case 'probe':
    case 'chase':
      return;
    case 'settled':
      if (message.incarnation === core.core.incarnation) core.settled.add(link.peer);
      return;
    case 'release':
    case 'abort': {
      const id = roundId(link.peer, link.incarnation, message.round);
      core.votes.end(id, message.type === 'release' ? message.token : null);
      if (link.session !== null) core.entries.end(link.session, message, core.time.now);
      return;
    }
    default:
      if (link.session !== null) keep(core, link.session, message);
  }
}

/** What changes in a voter's entries. */
function keep(
  { entries, time: { now } }: CoreView,
  session: KeptSession,
  message: Exclude<CoordinatorMessage, { type: 'settled' | 'release' | 'abort' | 'probe' }>,
): void {
  switch (message.type) {
    case 'prepare':
      return entries.prepare(session, message, now);
    case 'commit':
      return entries.commit(session, message, now);
    case 'live':
      return entries.live(session, message, now);
    case 'yield':
      return entries.giveBack(session, message);
  }
}

/** Whether it says that the link to `peer` is given up. */
export function isUnlinkOf(output: Output, peer: string): boolean {
  return output.type === 'unlink' && output.peer === peer;
}
