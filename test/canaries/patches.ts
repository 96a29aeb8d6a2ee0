/**
 * All planted bugs. A campaign must find each of them; without faults none may show, but for those
 * that say so.
 */

import type { Canary } from './patch.ts';
import { deadlockCanaries } from './patches-deadlocks.ts';
import { electionCanaries } from './patches-elections.ts';
import { groupCanaries } from './patches-groups.ts';
import { leaseCanaries } from './patches-leases.ts';
import { lingeringCanaries } from './patches-lingering.ts';
import { lookingCanaries } from './patches-looking.ts';
import { peerCanaries } from './patches-peer.ts';
import { restartCanaries } from './patches-restart.ts';
import { stealingCanaries } from './patches-stealing.ts';
import { voteCanaries } from './patches-votes.ts';

export const canaries: readonly Canary[] = [
  ...restartCanaries,
  ...voteCanaries,
  ...leaseCanaries,
  ...lingeringCanaries,
  ...stealingCanaries,
  ...deadlockCanaries,
  ...electionCanaries,
  ...groupCanaries,
  ...lookingCanaries,
  ...peerCanaries,
];

/** Fails in every run, by an assertion of the core in its first step: shows that failing works. */
export const alwaysFails: Canary = {
  name: 'always-fails',
  rules: ['1'],
  story: 'The core fails an assertion as soon as time passes, in whatever run.',
  symptom: 'crash',
  showsInCalm: true,
  edits: [
    {
      file: 'src/protocol/node.ts',
      find: "      case 'wake':\n        return;",
      replace: "      case 'wake':\n        return assert(this.#at.now < 0, 'time stands still');",
    },
  ],
};
