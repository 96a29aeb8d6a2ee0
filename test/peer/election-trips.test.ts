/**
 * How many messages pass, one after the other, from the grant until all see who leads (rule 8.7).
 */

import { describe, expect, test } from 'vitest';
import type { Election } from '../../src/peer/election.ts';
import type { MeshPeer } from '../../src/peer/mesh-peer.ts';
import type { StepWatcher } from '../../src/peer/runtime.ts';
import { lead } from '../harness/elections.ts';
import { openPeer, voterOptions, World } from '../harness/world.ts';

/**
 * Counts how many messages one after the other have carried the news of a grant to each core: 0 to
 * the one that is granted.
 */
class Trips {
  /** By peer: as many as it took until it showed who leads. */
  readonly seen = new Map<string, number>();
  /** Frames with words of who leads, in all. */
  words = 0;
  readonly #known = new Map<string, number>();
  /** By sender, receiver and sequence. */
  readonly #frames = new Map<string, number>();

  get watcher(): StepWatcher {
    return {
      onStep: ({ peer }, { input, outputs }) => {
        if (input.type === 'frame') {
          const trips = this.#frames.get(`${input.peer} ${peer} ${input.frame.sequence}`);
          if (trips !== undefined && !this.#known.has(peer)) this.#known.set(peer, trips);
        }
        if (outputs.some(({ type }) => type === 'granted')) this.#known.set(peer, 0);
        const known = this.#known.get(peer);
        if (known === undefined) return;
        for (const output of outputs) {
          if (output.type === 'leader' && output.leader !== null) this.seen.set(peer, known);
          if (output.type !== 'frame') continue;
          const { frame, to } = output;
          this.#frames.set(`${peer} ${to} ${frame.sequence}`, known + 1);
          if (frame.messages.some(({ type }) => type === 'leader')) this.words += 1;
        }
      },
    };
  }
}

const voters = ['a', 'b', 'c'];

/** Three voters and two members, each of which observes. */
async function mesh(
  replicas = 3,
): Promise<{ world: World; trips: Trips; elections: ReadonlyMap<string, Election> }> {
  const world = new World();
  const trips = new Trips();
  const place = { watcher: trips.watcher };
  const options = { members: true, replicas };
  const open = (id: string): Promise<MeshPeer> => {
    const { listen, ...member } = voterOptions(id, voters);
    const isVoter = voters.includes(id) && listen !== undefined;
    return openPeer(world, { ...member, ...options, ...(isVoter ? { listen } : {}) }, place);
  };
  const peers = await Promise.all([...voters, 'm', 'n'].map(open));
  await world.advance(10_100);
  const elections = new Map(peers.map((peer) => [peer.id, peer.elect('chief')]));
  await world.settle();
  return { world, trips, elections };
}

describe('the news of a leader', () => {
  test.each(voters)('is one message away from all where %s leads, which votes', async (id) => {
    const { world, trips, elections } = await mesh();
    const election = elections.get(id);
    if (election === undefined) throw new Error(`There is no ${id}`);
    void lead(election);
    await world.settle();
    const others = ['a', 'b', 'c', 'm', 'n'].filter((other) => other !== id);
    expect(trips.seen.get(id)).toBe(0);
    expect(others.map((other) => trips.seen.get(other))).toEqual([1, 1, 1, 1]);
    // Each voter says it once to each of the others.
    expect(trips.words).toBe(12);
  });

  test('is one message away from voters, and two from members, where a member leads', async () => {
    const { world, trips, elections } = await mesh();
    const election = elections.get('m');
    if (election === undefined) throw new Error('There is no m');
    void lead(election);
    await world.settle();
    expect(['m', ...voters, 'n'].map((id) => trips.seen.get(id))).toEqual([0, 1, 1, 1, 2]);
    expect(trips.words).toBe(12);
  });

  test('is at most two messages away where one voter decides', async () => {
    const { world, trips, elections } = await mesh(1);
    const election = elections.get('n');
    if (election === undefined) throw new Error('There is no n');
    void lead(election);
    await world.settle();
    const decides = voters.filter((id) => trips.seen.get(id) === 1);
    expect(decides).toHaveLength(1);
    const others = [...voters, 'm'].filter((id) => !decides.includes(id));
    expect(others.map((id) => trips.seen.get(id))).toEqual([2, 2, 2]);
    expect([trips.seen.get('n'), trips.words]).toEqual([0, 4]);
  });

  test('that it leads no more reaches all', async () => {
    const { world, elections } = await mesh();
    const [a, b] = ['a', 'b'].map((id) => elections.get(id));
    if (a === undefined || b === undefined) throw new Error('There are both');
    const over = lead(a);
    await world.settle();
    expect(b.current?.peer).toBe('a');
    void a.close();
    await world.settle();
    expect(await over).toMatchObject({ name: 'AbortError' });
    expect([...elections.values()].map(({ current }) => current)).toEqual(Array(5).fill(null));
  });
});
