/**
 * How fast histories are judged: `npm run bench:history`. 100,000 operations of 10 clients on one
 * key are to take a second at most.
 */

import { type CheckHistoryOptions, checkHistory } from '../src/sim/history/check-history.ts';
import { formatHistory, parseHistory } from '../src/sim/history/ndjson.ts';
import type { HistoryOperation } from '../src/sim/history/operation.ts';
import { Stream } from '../src/sim/random.ts';

const length = 100_000;
const wantedMs = 1_000;

/** Each figure is taken so often; the median counts, cold code is part of them. */
const rounds = 5;

const exclusive = load({ clients: 10, room: 1 });
const many = load({ clients: 20, room: 1 });
const permits = load({ clients: 10, room: 3 });

show('exclusive', exclusive, { model: 'exclusive' });
show('with tokens', exclusive, { model: 'fenced' });
show('with tokens, 20 clients', many, { model: 'fenced' });
show('semaphore of 3', permits, { model: 'semaphore:3' });
show('tokens alone', exclusive, { model: 'tokens' });
show('exclusive, all of it searched', exclusive, { model: 'exclusive', searchesAll: true });
show('with tokens, all of it searched', exclusive, { model: 'fenced', searchesAll: true });
show('tries and time-outs explained', exclusive, { model: 'fenced', strict: true });
show('illegal at its end', spoiled(exclusive), { model: 'fenced' });
showText();

function show(
  what: string,
  history: readonly HistoryOperation[],
  options: CheckHistoryOptions,
): void {
  const figures: number[] = [];
  let said = '';
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    said = checkHistory(history, options).verdict;
    figures.push(performance.now() - startedMs);
  }
  figures.sort((one, other) => one - other);
  const median = figures[Math.floor(rounds / 2)] ?? 0;
  const reached = median <= wantedMs ? 'reached' : 'missed';
  const worst = Math.round(figures.at(-1) ?? 0);
  print(
    `${what}: ${Math.round(median)} ms (${wantedMs} wanted: ${reached}), worst ${worst}; ${said}`,
  );
}

function showText(): void {
  const startedMs = performance.now();
  const text = formatHistory(exclusive);
  const writtenMs = performance.now();
  const read = parseHistory(text).length;
  const readMs = performance.now() - writtenMs;
  const wroteMs = writtenMs - startedMs;
  print(`${read} lines written in ${Math.round(wroteMs)} ms, read in ${Math.round(readMs)} ms`);
}

/** The last grant has a token that is too small. */
function spoiled(history: readonly HistoryOperation[]): readonly HistoryOperation[] {
  const at = history.findLastIndex(({ token }) => token !== undefined);
  return history.map((each, index) => (index === at ? { ...each, token: 1 } : each));
}

interface Load {
  readonly clients: number;
  /** How many may hold at once. */
  readonly room: number;
}

interface Client {
  readonly name: string;
  state: 'idle' | 'waits' | 'holds';
  since: number;
}

/**
 * Clients of one lock that wait for it in turn, give it back, try it, run out of patience, and lose
 * it; all of them all the time.
 */
function load({ clients, room }: Load): readonly HistoryOperation[] {
  const chance = Stream.of(1, 'history');
  const history: HistoryOperation[] = [];
  const all = Array.from({ length: clients }, (_, at): Client => {
    return { name: `client ${at}`, state: 'idle', since: 0 };
  });
  let held = 0;
  for (let now = 0; history.length < length; now += 10) {
    const client = all[chance.below(clients)];
    if (client === undefined) continue;
    const base = { client: client.name, names: ['key'], return: now + 5 };
    if (client.state === 'idle') {
      client.since = now;
      if (held < room || chance.below(3) > 0) client.state = 'waits';
      else history.push({ ...base, op: 'try', call: now, result: 'busy' });
    } else if (client.state === 'waits') {
      const call = client.since;
      if (held < room) {
        history.push({ ...base, op: 'acquire', call, result: 'ok', token: now + 1 });
        held += 1;
        client.state = 'holds';
      } else if (chance.below(8) === 0) {
        history.push({ ...base, op: 'acquire', call, result: 'timeout' });
        client.state = 'idle';
      }
    } else {
      const op = chance.below(10) === 0 ? 'lost' : 'release';
      history.push({ ...base, op, call: now, result: 'ok' });
      held -= 1;
      client.state = 'idle';
    }
  }
  return history;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
