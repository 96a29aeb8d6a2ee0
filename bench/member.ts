/**
 * One of the two other processes of the benchmark: a voting peer, and a bare WebSocket server that
 * echoes, to compare with.
 */

import { once } from 'node:events';
import { createPeer } from 'lockmesh';
import { WebSocketServer } from 'ws';
import {
  cpuUsedMs,
  type MemberNews,
  type MemberOrder,
  type MemberSetup,
  optionsOf,
} from './messages.ts';

const setup: MemberSetup = JSON.parse(process.argv[2] ?? '');

const echo = new WebSocketServer({ host: '127.0.0.1', perMessageDeflate: false, port: 0 });
echo.on('connection', (socket) => {
  socket.on('message', (data) => socket.send(data));
});
await once(echo, 'listening');
const address = echo.address();

const peer = await createPeer(optionsOf(setup));
await peer.ready();
process.on('message', (order: MemberOrder) => void obey(order));
process.on('disconnect', () => process.exit());
const echoPort = address !== null && typeof address === 'object' ? address.port : 0;
tell({ type: 'ready', echoPort });

async function obey(order: MemberOrder): Promise<void> {
  if (order.type === 'cpu') {
    tell({ type: 'cpu', usedMs: cpuUsedMs() });
    return;
  }
  if (order.type === 'hold') {
    await peer.acquire(order.name);
    tell({ type: 'holding' });
    return;
  }
  await peer.close();
  process.exit();
}

function tell(news: MemberNews): void {
  process.send?.(news);
}
