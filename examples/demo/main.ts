/**
 * `npm run demo`: three peers take turns at one lock, and nothing that happens to the holder lets
 * two of them in: SIGKILL, SIGSTOP beyond its lease, a clean stop. Ends with 0 only if the
 * register, a process of its own, saw no overlap and no token going back.
 *
 * `--verbose` shows what the peers log.
 */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killAll } from './children.ts';
import { moment } from './messages.ts';
import { bad, chapter, duration, good, say, table, title } from './screen.ts';
import { type Id, ids, lease, Stage } from './stage.ts';

const writesWanted = 50;
const startedAt = moment();
const logFile = join(mkdtempSync(join(tmpdir(), 'lockmesh-demo-')), 'register.log');

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(130));
}
process.once('exit', killAll);
const watchdog = setTimeout(() => {
  console.error('The demo did not end within 40 seconds');
  process.exit(1);
}, 39_000);

try {
  process.exitCode = (await run(new Stage(logFile, process.argv.includes('--verbose')))) ? 0 : 1;
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
clearTimeout(watchdog);
killAll();

async function run(stage: Stage): Promise<boolean> {
  title(`lockmesh: three peers, one lock, no server. The lease is ${lease / 1_000} s`);
  await stage.open();
  say('register', `process ${stage.registerPid}; takes writes with the greatest token only`);
  for (const [index, id] of ids.entries()) {
    say(id, `process ${stage.worker(id).pid}, listens on 127.0.0.1:${stage.ports[index]}`);
  }
  await takeTurns(stage);
  await killHolder(stage, 'b');
  const wokeWell = await pauseHolder(stage, 'c');
  await stopHolder(stage, 'a');
  return (await judge(stage)) && wokeWell;
}

async function takeTurns(stage: Stage): Promise<void> {
  chapter('1  They take turns');
  stage.show(8);
  await stage.untilWritten(writesWanted);
  say('register', `writes: ${stage.writesLine()}`);
}

async function killHolder(stage: Stage, id: Id): Promise<void> {
  chapter('2  The holder is killed');
  await stage.stays(id);
  await sleep(300);
  const takenOver = stage.next('entered');
  const killedAt = moment();
  await stage.worker(id).end('SIGKILL');
  say(id, 'SIGKILL');
  const { who, at, token } = await takenOver;
  say(who, `holds, token ${token}: ${good(`taken over after ${duration(at - killedAt)}`)}`);
  const restartedAt = moment();
  await stage.start(id);
  const pid = stage.worker(id).pid;
  say(id, `started again as process ${pid}, ready after ${duration(moment() - restartedAt)}`);
  await stage.untilWritten(writesWanted, [id]);
  say('register', `writes by the present processes: ${stage.writesLine()}`);
}

/** Whether the holder, on waking, knew at once that it had lost. */
async function pauseHolder(stage: Stage, id: Id): Promise<boolean> {
  chapter('3  The holder is paused beyond its lease');
  await stage.stays(id);
  await sleep(300);
  const takenOver = stage.next('entered');
  const pausedAt = stage.pause(id);
  say(id, 'SIGSTOP');
  const { who, at, token } = await takenOver;
  say(who, `holds, token ${token}: ${good(`taken over after ${duration(at - pausedAt)}`)}`);
  await sleep(Math.max(0, pausedAt + lease + 1_000 - moment()));
  const awake = stage.next('woke');
  const resumedAt = moment();
  stage.worker(id).resume();
  say(id, `SIGCONT after ${duration(resumedAt - pausedAt)}`);
  const { at: wokeAt, held, abortedAt, reason, lateWriteTaken } = await awake;
  const isWell = !held && !lateWriteTaken && reason === 'ERR_LOCK_LOST';
  say(id, `awake after ${duration(wokeAt - resumedAt)}, and lock.held is ${shown(!held, held)}`);
  say(id, `lock.signal aborts after ${duration(abortedAt - resumedAt)}, with ${reason}`);
  const fate = lateWriteTaken ? 'taken' : 'refused';
  say('register', `a late write of ${id}, made without looking: ${shown(!lateWriteTaken, fate)}`);
  return isWell;
}

async function stopHolder(stage: Stage, id: Id): Promise<void> {
  chapter('4  The holder is stopped cleanly');
  await stage.stays(id);
  await sleep(300);
  const left = stage.next('left');
  const handedOver = stage.next('entered');
  const stopped = stage.worker(id).end('SIGTERM');
  say(id, 'SIGTERM: leaves the register, and its peer closes');
  const [{ at: leftAt }, { at, who, token }] = await Promise.all([left, handedOver]);
  say(who, `holds, token ${token}: ${good(`handed over in ${duration(at - leftAt)}`)}`);
  await stopped;
}

async function judge(stage: Stage): Promise<boolean> {
  chapter('What the register saw');
  await Promise.all(ids.map((id) => stage.worker(id).end('SIGTERM')));
  const { visitors, troubles } = await stage.report();
  await stage.endRegister();
  const rows = visitors
    .toSorted((one, other) => one.who.localeCompare(other.who) || one.pid - other.pid)
    .map(({ who, pid, entered, wrote, refused }) => [who, pid, entered, wrote, refused]);
  table([['peer', 'process', 'entered', 'wrote', 'refused'], ...rows]);
  const enough = visitors.every(({ wrote }) => wrote >= writesWanted);
  const refused = visitors.reduce((sum, visitor) => sum + visitor.refused, 0);
  say('register', `every enter and leave: ${logFile}`);
  if (!enough) say('register', bad(`a process wrote fewer than ${writesWanted} times`));
  const isSafe = troubles === 0 && enough && refused === 1;
  const seen = troubles === 0 ? good('no overlap, no token went back') : bad('see TROUBLE above');
  say('register', `${seen}; late writes refused: ${refused}`);
  title(`${isSafe ? 'Safe' : 'NOT SAFE'}, in ${duration(moment() - startedAt)}`);
  return isSafe;
}

function shown(isGood: boolean, value: boolean | string): string {
  return isGood ? good(`${value}`) : bad(`${value}`);
}
