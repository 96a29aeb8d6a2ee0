/**
 * A lock on a queue server such as Redis, in two ways.
 *
 * As most code has it: `SET name owner NX PX ttl`, the work, and then `DEL name`, whoever's the
 * lock is by then. The holder believes in it until its work is done.
 *
 * With care, as in "Distributed Locks with Redis" (redis.io): a script deletes the name only if it
 * is still one's own, and the holder believes for no longer than the ttl, by its monotonic clock,
 * counted from before it asked.
 *
 * The server is one process that keeps its memory and no more: a Redis as it is installed snapshots
 * too seldom to remember a lock of the last second. Keys expire by its wall clock, as there. A
 * replica that takes over would lose as much as a restart does, and is left out.
 *
 * Redis has no token. What people add is INCR, here in one script with the SET, so that it costs no
 * message.
 */

import { answerCalls, Caller } from './calls.ts';
import { type Held, idlePeers, type LockService, leaseMs } from './lock-service.ts';

/** The usual way. */
export const queueServer: LockService = redisLock('queue server', false);

/** The careful way. */
export const carefulQueueServer: LockService = redisLock('queue server, with care', true);

interface Key {
  readonly owner: string;
  readonly expiresAt: number;
}

function redisLock(title: string, isCareful: boolean): LockService {
  return {
    title,
    world: idlePeers,

    serve(process, traffic) {
      const keys = new Map<string, Key>();
      const counters = new Map<string, number>();
      answerCalls(process, traffic, ([command, name = '', owner = '', ttl = '0']) => {
        const known = keys.get(name);
        const isThere = known !== undefined && process.wall() < known.expiresAt;
        if (command === 'SET NX PX, INCR') {
          if (isThere) return [];
          keys.set(name, { owner, expiresAt: process.wall() + Number(ttl) });
          counters.set(name, (counters.get(name) ?? 0) + 1);
          return [String(counters.get(name))];
        }
        if (command === 'DEL' || known?.owner === owner) keys.delete(name);
        return ['OK'];
      });
    },

    connect(process, traffic) {
      const caller = new Caller(process, traffic);

      const attempt = async (name: string): Promise<Held | null> => {
        const owner = `${process.id}/${process.random()}`;
        const deadline = process.now() + leaseMs;
        const answer = await caller.ask('SET NX PX, INCR', name, owner, String(leaseMs));
        const [token] = answer ?? [];
        if (token === undefined) return null;
        const held: Held = {
          token: Number(token),
          isHeld: () => !isCareful || process.now() < deadline,
          release: () => caller.insist(isCareful ? 'DEL if mine' : 'DEL', name, owner),
        };
        if (held.isHeld()) return held;
        // The answer took longer than the lock lasts.
        await held.release();
        return null;
      };

      return { acquire: (name) => caller.poll(() => attempt(name)) };
    },
  };
}
