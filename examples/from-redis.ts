/**
 * The usual two functions over Redis, with the same signatures over a peer. Over Redis,
 * `get_lock` is `SET name 'locked' EX timeout`, and `release_lock` is `DEL name`. Made right here:
 *
 * - SET without NX takes a lock that another holds; here `get_lock` is false then.
 * - DEL deletes anybody's lock; here `release_lock` gives back one's own only.
 * - Nothing tells the holder that its lock expired; here `on_lost` is called, before anyone else
 * may
 *   have it. (For what the lock protects, take the token along too: see fenced-store.ts.)
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { createPeer, type Lock, type Peer } from 'lockmesh';

class Client {
  readonly #peer: Peer;
  readonly #held = new Map<string, Lock>();

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** `timeout`: for how many seconds the lock may be held, as with Redis' EX. */
  async get_lock(name: string, timeout = 5, on_lost?: (reason: Error) => void): Promise<boolean> {
    const lock = await this.#peer.tryAcquire(name, { maxHold: timeout * 1_000 });
    if (lock === null) return false;
    this.#held.set(name, lock);
    lock.signal.addEventListener('abort', () => {
      if (this.#held.get(name) === lock) this.#held.delete(name);
      on_lost?.(lock.signal.reason);
    });
    return true;
  }

  async release_lock(name: string): Promise<boolean> {
    const lock = this.#held.get(name);
    this.#held.delete(name);
    if (!lock?.held) return false;
    await lock.release();
    return true;
  }
}

const peer = await createPeer();
const [ann, bob] = [new Client(peer), new Client(peer)];

console.log(
  'ann gets it:',
  await ann.get_lock('report', 0.2, (reason) => console.log(`ann: ${reason.name}`)),
);
console.log('bob gets it too:', await bob.get_lock('report'));
console.log('bob releases what ann holds:', await bob.release_lock('report'));
await sleep(300);
console.log('bob gets it once it expired:', await bob.get_lock('report'));
console.log('ann releases what bob holds:', await ann.release_lock('report'));
console.log('bob releases it:', await bob.release_lock('report'));
await peer.close();
