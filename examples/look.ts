/**
 * Who holds what, and who waits, in the whole mesh: what a dashboard shows. Also where a voter is
 * down: then it says which. Three peers, here in one process. Takes the first of three free ports
 * as its argument.
 */

import { createPeer, type Peer } from 'lockmesh';

const firstPort = Number(process.argv[2] ?? 7411);
const ids = ['a', 'b', 'c'];
const voters = Object.fromEntries(ids.map((id, at) => [id, `ws://127.0.0.1:${firstPort + at}`]));
const [a, b, c] = await Promise.all([start('a', 0), start('b', 1), start('c', 2)]);
await Promise.all([a.ready(), b.ready(), c.ready()]);

const report = await a.acquire('report');
const invoices = await b.acquire(['invoice:1', { name: 'invoice:2', mode: 'shared' }]);
const waiting = b.acquire('report');
const other = c.acquire('report').catch((error) => error.code);
await new Promise((resolve) => setTimeout(resolve, 100));

await show(c);
await c.close();
console.log(`c gives up: ${await other}`);
console.log('without c:');
await show(a);

await report.release();
await (await waiting).release();
await invoices.release();
await Promise.all([a.close(), b.close()]);

async function show(peer: Peer): Promise<void> {
  const { held, pending, unanswered } = await peer.query({ scope: 'mesh' });
  for (const { clientId, mode, name } of held) console.log(`${clientId} holds ${name} (${mode})`);
  for (const { clientId, name } of pending) console.log(`${clientId} waits for ${name}`);
  if (unanswered.length > 0) console.log(`no answer from ${unanswered.join(', ')}`);
}

function start(id: string, at: number): Promise<Peer> {
  const listen = { host: '127.0.0.1', port: firstPort + at };
  return createPeer({ id, listen, voters, secret: 'correct horse battery staple', logger: false });
}
