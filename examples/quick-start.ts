/**
 * The shortest use: one peer, one lock. The first example of README.md is this file.
 */

import { createPeer } from 'lockmesh';

const peer = await createPeer(); // a mesh of one: nothing else has to run
{
  await using lock = await peer.acquire('invoice:42', { timeout: 5_000 });
  console.log(`${lock.name} is ours: ${lock.held}, fenced by token ${lock.token}`);
} // released here

// The same without `await using`, as plain JavaScript on Node 20 needs it.
const lock = await peer.acquire('invoice:42', { timeout: 5_000 });
try {
  lock.throwIfLost(); // before each step that must not come late
  console.log(`and again, with a greater token: ${lock.token}`);
} finally {
  await lock.release();
}
await peer.close();
