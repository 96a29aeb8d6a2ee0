/**
 * What Linux knows of processes and of its network, from /proc.
 */

import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts the time of processes for us in hundredths of a second, whatever its own tick. */
const ticksPerSecond = 100;

/**
 * Seconds of processor time that these processes and all they have started have used so far, those
 * that have ended included.
 */
export function cpuSeconds(pids: readonly number[]): number {
  const tree = pids.flatMap(withDescendants);
  const ticks = tree.reduce((sum, pid) => sum + ticksIn(read(`/proc/${pid}/stat`)), 0);
  return ticks / ticksPerSecond;
}

/** Of the text of /proc/PID/stat: its own time, user and system, and that of ended children. */
export function ticksIn(stat: string): number {
  // The name of the program is in brackets, and may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

/** Bytes of memory that these processes and those they have started need, shared ones in parts. */
export function memoryBytes(pids: readonly number[]): number {
  const tree = pids.flatMap(withDescendants);
  return tree.reduce((sum, pid) => sum + pssIn(read(`/proc/${pid}/smaps_rollup`)), 0);
}

/** Of the text of /proc/PID/smaps_rollup. */
export function pssIn(rollup: string): number {
  return 1_024 * Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
}

/** What has crossed loopback so far, whoever sent it. */
export interface Traffic {
  /** With the headers of TCP and IP, and with acknowledgements. */
  readonly bytes: number;
  /** Segments of TCP with data: about as many as there were writes. */
  readonly messages: number;
}

export function traffic(): Traffic {
  return {
    bytes: loopbackBytesIn(read('/proc/net/dev')),
    messages: dataSegmentsIn(read('/proc/net/netstat')),
  };
}

/** Of the text of /proc/net/dev. */
export function loopbackBytesIn(dev: string): number {
  return Number(/^\s*lo:\s*(\d+)/m.exec(dev)?.[1] ?? Number.NaN);
}

/** Of the text of /proc/net/netstat, which has a line of names and one of values. */
export function dataSegmentsIn(netstat: string): number {
  const [names = [], values = []] = netstat
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' '));
  return Number(values[names.indexOf('TCPOrigDataSent')] ?? Number.NaN);
}

function withDescendants(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap(withDescendants)];
}

function childrenOf(pid: number): readonly number[] {
  return threadsOf(pid).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Empty where there is no such process any more. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
