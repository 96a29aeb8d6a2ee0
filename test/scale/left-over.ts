/**
 * What is left in memory when all claims have ended: nothing that grows with how many there were.
 */

import type { NodeSizes, Sim, SimNode } from '../../src/sim/index.ts';

/** What every peer forgets; the rest has bounds of its own. */
const forgotten = ['entries', 'rounds', 'awaiting'] as const;

/** By the limits of peers, unless others were asked for. */
const usual = { endings: 10_000, tracked: 10_000 };

/**
 * Waits until what was under way has arrived, and what was lost on the way has expired.
 *
 * @throws {Error} naming what a node keeps of claims that are over
 */
export async function requireNothingLeft(sim: Sim): Promise<string> {
  await sim.sleep(2 * sim.mesh.lease);
  const complaints = sim.nodes.flatMap((node) => complaintsAbout(node, node.sizes, sim));
  if (complaints.length > 0) throw new Error(`Left over: ${complaints.join('; ')}`);
  return 'nothing was left over';
}

function complaintsAbout({ id, peer }: SimNode, sizes: NodeSizes, sim: Sim): string[] {
  const complaints: string[] = [];
  const complain = (what: string, count: number, most: number): void => {
    if (count > most) complaints.push(`${id} keeps ${count} ${what}, and should at most ${most}`);
  };
  for (const what of forgotten) complain(what, sizes[what], 0);
  for (const [what, most] of Object.entries(usual)) {
    complain(what, what === 'endings' ? sizes.endings : sizes.tracked, most);
  }
  // One of each peer that it links with, and its own: none of those that have crashed.
  const isVoter = sim.mesh.voters.includes(id);
  complain('sessions', sizes.sessions, isVoter ? sim.nodes.length : 0);
  const { held, pending } = peer.status();
  complain('locks in hand', held, 0);
  complain('calls that wait', pending, 0);
  return complaints;
}
