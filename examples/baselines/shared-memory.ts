/**
 * A lock in shared memory: for each name one variable that says whose it is, which can be read and
 * written, and nothing else. Among machines such memory is a service: here one process keeps it,
 * and the others reach it over the network.
 *
 * Read and then write, without more, lets two in whenever they ask within one round trip. What
 * people do instead, in memory, in files, in buckets, is Fischer's algorithm (L. Lamport, "A fast
 * mutual exclusion algorithm", 1987): once the variable is free, write your name into it, wait
 * until whoever else has read "free" must have written, and read again: it is whose name stands
 * there. That is right as long as nothing takes longer than the wait. Here the wait is some ten
 * times the usual round trip.
 *
 * Nothing expires, since the memory knows nobody who could have died. The token is a count that
 * each writer increments.
 */

import { answerCalls, Caller } from './calls.ts';
import { type Held, idlePeers, type LockClient, type LockService } from './lock-service.ts';

/** How long a writer waits before it looks whether it was the last to write. */
const settleMs = 8;

const free = '';

export const sharedMemory: LockService = {
  title: 'shared memory',
  world: idlePeers,

  serve(process, traffic) {
    const memory = new Map<string, readonly [owner: string, count: string]>();
    answerCalls(process, traffic, ([command, name = '', owner = free, count = '0']) => {
      if (command === 'WRITE') memory.set(name, [owner, count]);
      return memory.get(name) ?? [free, '0'];
    });
  },

  connect(process, traffic): LockClient {
    const caller = new Caller(process, traffic);

    const attempt = async (name: string): Promise<Held | null> => {
      const seen = await caller.ask('READ', name);
      if (seen?.[0] !== free) return null;
      const me = `${process.id}/${process.random()}`;
      const token = Number(seen[1]) + 1;
      const written = await caller.ask('WRITE', name, me, String(token));
      if (written === null) return null;
      await process.sleep(settleMs);
      const last = await caller.ask('READ', name);
      if (last?.[0] !== me) return null;
      return {
        token,
        isHeld: () => true,
        release: () => caller.insist('WRITE', name, free, String(token)),
      };
    };

    return { acquire: (name) => caller.poll(() => attempt(name)) };
  },
};
