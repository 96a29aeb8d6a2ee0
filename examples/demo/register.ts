/**
 * The register of the demo as a process of its own: workers reach it over TCP, and it logs every
 * enter and leave. register-book.ts has its rules.
 */

import { createWriteStream } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import {
  moment,
  type RegisterNews,
  type RegisterOrder,
  type RegisterRequest,
  type Visitor,
} from './messages.ts';
import { RegisterBook } from './register-book.ts';

const logFile = createWriteStream(process.argv[2] ?? 'register.log');
const book = new RegisterBook((what) => {
  log('TROUBLE', what);
  tell({ type: 'trouble', what });
});

const server = createServer(serve).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  tell({ type: 'listening', port });
});

process.on('message', (order: RegisterOrder) => {
  if (order.type === 'paused') {
    book.pause(order.who);
    log('paused', order.who);
    return;
  }
  logFile.end(() =>
    tell({ type: 'report', visitors: book.visitors, troubles: book.troubles.length }),
  );
});
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => {}); // Ctrl-C reaches every process of the terminal: main decides

function serve(socket: Socket): void {
  let visitor: Visitor | null = null;
  socket.setNoDelay(true);
  createInterface({ input: socket }).on('line', (line) => {
    const request: RegisterRequest = JSON.parse(line);
    if (request.type === 'hello') visitor = book.greet(request.who, request.pid);
    const answer = visitor === null || request.type === 'hello' || answerTo(visitor, request);
    socket.write(`${answer}\n`);
  });
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', () => {
    if (visitor !== null && book.vanish(visitor)) log('gone', `${visitor.who} while inside`);
  });
}

function answerTo(
  visitor: Visitor,
  request: Exclude<RegisterRequest, { readonly type: 'hello' }>,
): boolean {
  const { who, pid } = visitor;
  const { type, token } = request;
  if (type === 'enter') {
    const entered = book.enter(visitor, token);
    log(entered ? 'enter' : 'refused enter', who, token);
    if (entered) tell({ type: 'entered', who, token, at: moment() });
    return entered;
  }
  if (type === 'write') {
    const written = book.write(visitor, token, request.value);
    if (written) tell({ type: 'wrote', who, pid });
    else log('refused write', who, token);
    return written;
  }
  book.leave(visitor, token, request.held);
  log(request.held ? 'leave' : 'leave, lock lost before', who, token);
  tell({ type: 'left', who, at: moment() });
  return true;
}

function log(what: string, who: string, token?: number): void {
  const suffix = token === undefined ? '' : ` token ${token}`;
  logFile.write(`${new Date().toISOString()} ${what}: ${who}${suffix}\n`);
}

function tell(news: RegisterNews): void {
  if (process.connected) process.send?.(news);
}
