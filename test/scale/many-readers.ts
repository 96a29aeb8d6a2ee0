/**
 * 10,000 that want to share one name while somebody holds it alone, with a writer among each
 * hundred. A voter crashes while they wait, and another while they are served.
 */

import type { LockMode } from '../../src/peer/lock.ts';
import type { Sim, SimProcess } from '../../src/sim/index.ts';
import { requireNothingLeft } from './left-over.ts';
import { grouped, type Shape } from './shape.ts';

const name = 'one';

/** One of so many wants it for itself alone. */
const writerEach = 100;

/** How long each keeps it. */
const holdMs = 5;

export function manyReaders(count: number): Shape {
  // Exact, so that tickets go by true time: their order is that in which they asked.
  const clock = { drift: 0, offset: 0 };
  return {
    name: `${grouped(count)} readers on one key`,
    options: {
      nodes: ['a', 'b', 'c', 'm'].map((id) => ({ id, clock, votes: id !== 'm' })),
      peer: { lease: 5_000, limits: { waitersMax: count + 1 } },
      timeout: 36_000_000,
    },
    run: (sim) => run(sim, count),
  };
}

async function run(sim: Sim, count: number): Promise<readonly string[]> {
  const room = new Room();
  const askers = ['a', 'm'];
  const first = await sim.node('a').peer.acquire(name);
  const use = async ({ peer, sleep }: SimProcess, index: number): Promise<void> => {
    const mode = index % writerEach === 0 ? 'exclusive' : 'shared';
    const lock = await peer.acquire(name, { mode });
    room.enter(mode, index);
    await sleep(holdMs);
    if (!lock.held) throw new Error(`Number ${index} lost it`);
    room.leave(mode);
    await lock.release();
  };
  const all = askers.map((id, place) =>
    sim.node(id).run(async (process) => {
      const calls: Promise<void>[] = [];
      for (let index = place; index < count; index += askers.length) {
        calls.push(use(process, index));
        await process.sleep(1);
      }
      await Promise.all(calls);
    }),
  );
  await sim.sleep(count / 4);
  sim.node('b').crash();
  await sim.sleep(2 * sim.mesh.lease);
  await sim.node('b').restart();
  await sim.converge(4 * sim.mesh.lease);
  await sim.sleep(count);
  await first.release();
  await sim.until(() => room.entered > count / 2);
  sim.node('c').crash();
  await Promise.all(all);
  await sim.node('c').restart();
  await sim.converge(4 * sim.mesh.lease);
  return [
    `${grouped(room.entered)} were served, up to ${room.most} at a time, none beside a writer`,
    'each writer after all who had asked before, and before all who asked later',
    await requireNothingLeft(sim),
  ];
}

/** Who is in it: many readers, or one writer. */
class Room {
  #readers = 0;
  #writers = 0;
  #entered = 0;
  #latest = -1;
  #latestWriter = -1;
  #most = 0;

  get entered(): number {
    return this.#entered;
  }

  /** How many were in it at a time, at most. */
  get most(): number {
    return this.#most;
  }

  /** @throws {Error} when somebody in it keeps this one out, or one who asked later came before */
  enter(mode: LockMode, index: number): void {
    if (this.#writers > 0) throw new Error(`Number ${index} is beside a writer`);
    if (index < this.#latestWriter) throw new Error(`A writer came before number ${index}`);
    this.#entered += 1;
    if (mode === 'exclusive') {
      if (this.#readers > 0) throw new Error(`Writer ${index} is beside readers`);
      if (index < this.#latest) throw new Error(`Number ${this.#latest} came before ${index}`);
      this.#writers += 1;
      this.#latestWriter = index;
    } else this.#readers += 1;
    this.#latest = Math.max(this.#latest, index);
    this.#most = Math.max(this.#most, this.#readers);
  }

  leave(mode: LockMode): void {
    if (mode === 'exclusive') this.#writers -= 1;
    else this.#readers -= 1;
  }
}
