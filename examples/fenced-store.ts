/**
 * What fencing is for: a holder that does not notice that it lost its lock writes late, and the
 * store refuses, since it has seen a greater token. No lock can prevent the late write by itself.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { createPeer, type Lock } from 'lockmesh';

/** A store that is safe: it keeps the greatest token with the value. In SQL:
 *  `UPDATE stock SET value = $1, token = $2 WHERE token <= $2`, and look at the number of rows. */
class FencedStore {
  value = 'nothing';
  #token = 0;

  write(value: string, token: number): boolean {
    if (token < this.#token) return false;
    this.#token = token;
    this.value = value;
    return true;
  }
}

const store = new FencedStore();
const peer = await createPeer();

// The first holder may hold for 100 ms, and is busy for longer without looking at its lock.
const first = await peer.acquire('stock', { maxHold: 100 });
first.signal.addEventListener('abort', () => console.log(`first is told: ${codeOf(first)}`));
const lateWrite = sleep(300).then(() => store.write('written late, by the first', first.token));

// The second holder is granted as soon as the first has lost its lock.
{
  await using second = await peer.acquire('stock', { timeout: 5_000 });
  console.log(`second has the greater token: ${second.token > first.token}`);
  console.log(`second writes: ${store.write('written by the second', second.token)}`);
}

console.log(`first still holds: ${first.held}`);
console.log(`first writes late: ${await lateWrite}`);
console.log(`the store has: ${store.value}`);

// Whoever does look is stopped in time: before each step, or by passing `signal` along.
try {
  first.throwIfLost();
} catch {
  console.log('first, asked, throws');
}
await peer.close();

function codeOf(lock: Lock): unknown {
  const { reason } = lock.signal;
  return reason instanceof Error && 'code' in reason ? reason.code : reason;
}
