/**
 * Small histories of all kinds, drawn at random: some as locks could have made them, and most of
 * those a little wrong.
 */

import type { HistoryModel, HistoryModelName } from '../../../src/sim/history/lock-rules.ts';
import type { HistoryOperation, HistoryResult } from '../../../src/sim/history/operation.ts';
import type { Stream } from '../../../src/sim/random.ts';

export interface Sample {
  readonly history: readonly HistoryOperation[];
  readonly model: HistoryModel;
}

const models: readonly HistoryModelName[] = [
  'exclusive',
  'fenced',
  'shared',
  'shared-fenced',
  'semaphore:2',
  'tokens',
];

/** Times are few, so that many are equal. */
const moments = 12;

export function drawSample(chance: Stream): Sample {
  const model = pick(chance, models);
  const drawing: Drawing = { chance, model, length: 2 + chance.below(6) };
  const history = chance.below(2) === 0 ? drawOrderly(drawing) : drawAnything(drawing);
  return { history, model: { model, strict: chance.below(3) === 0 } };
}

interface Drawing {
  readonly chance: Stream;
  readonly model: HistoryModelName;
  readonly length: number;
}

/** Any operation at any time, of few holds, so that they have to do with each other. */
function drawAnything(drawing: Drawing): readonly HistoryOperation[] {
  const { chance, length } = drawing;
  return Array.from({ length }, () => {
    const call = chance.below(moments);
    return drawOperation(drawing, { hold: chance.below(3), call, last: call + chance.below(6) });
  });
}

/** Holds with a beginning, a middle and an end; where they overlap, they may clash. */
function drawOrderly(drawing: Drawing): readonly HistoryOperation[] {
  const { chance, length } = drawing;
  const history: HistoryOperation[] = [];
  for (let hold = 0; history.length < length; hold += 1) {
    let at = chance.below(moments);
    for (const op of ['acquire', 'look', 'downgrade', 'look', 'release'] as const) {
      if (op === 'look' && chance.below(2) === 0) continue;
      if (op === 'downgrade' && (!shares(drawing) || chance.below(2) === 0)) continue;
      if (op === 'release' && chance.below(4) === 0) continue;
      const last = at + chance.below(5);
      history.push(orderly(drawing, { hold, call: at, last, op }));
      at = last + chance.below(3);
    }
  }
  return history.slice(0, length);
}

interface Place {
  readonly hold: number;
  readonly call: number;
  readonly last: number;
}

function orderly(
  drawing: Drawing,
  { op, ...place }: Place & { readonly op: 'acquire' | 'look' | 'downgrade' | 'release' },
): HistoryOperation {
  const { chance } = drawing;
  const base = baseOf(drawing, place);
  if (op === 'look') return { ...base, op, result: chance.below(6) === 0 ? 'gone' : 'held' };
  if (chance.below(10) === 0) return { ...base, op, result: 'unknown', return: null };
  if (op === 'acquire') return { ...base, op, result: 'ok', ...tokenFor(drawing, place.last) };
  if (op === 'downgrade') return { ...base, op, result: 'ok' };
  return { ...base, op: chance.below(3) === 0 ? 'lost' : 'release', result: 'ok' };
}

function drawOperation(drawing: Drawing, place: Place): HistoryOperation {
  const { chance } = drawing;
  const base = baseOf(drawing, place);
  const acts = ['acquire', 'acquire', 'try', 'release', 'lost', 'look'] as const;
  const op = pick(chance, shares(drawing) ? [...acts, 'downgrade' as const] : acts);
  const results = {
    acquire: ['ok', 'ok', 'ok', 'timeout', 'failed', 'unknown'],
    try: ['ok', 'ok', 'busy', 'busy', 'unknown'],
    release: ['ok', 'ok', 'gone', 'unknown'],
    lost: ['ok', 'ok', 'unknown'],
    look: ['held', 'gone'],
    downgrade: ['ok', 'ok', 'gone', 'unknown'],
  } as const satisfies Record<string, readonly HistoryResult[]>;
  const result: HistoryResult = pick<HistoryResult>(chance, results[op]);
  const isGrant = result === 'ok' && (op === 'acquire' || op === 'try');
  const token = isGrant ? tokenFor(drawing, place.last) : {};
  const isOpen = result === 'unknown' && chance.below(2) === 0;
  return { ...base, op, result, ...token, ...(isOpen ? { return: null } : {}) };
}

function shares({ model }: Drawing): boolean {
  return model.startsWith('shared') || model === 'tokens';
}

function baseOf(
  drawing: Drawing,
  { hold, call, last }: Place,
): Omit<HistoryOperation, 'op' | 'result'> {
  const { chance, model } = drawing;
  // The names belong to the hold, so that all its operations have the same.
  const names = [['x'], ['x'], ['x', 'y'], ['y']][hold % 4] ?? ['x'];
  const isShared = shares(drawing) && chance.below(2) === 0;
  return {
    ...{ client: `c${hold}`, names, call, return: last },
    ...(isShared ? { mode: 'shared' } : {}),
    ...(model === 'semaphore:2' ? { permits: 1 + Number(chance.below(4) === 0) } : {}),
  };
}

/** Mostly greater, the later. */
function tokenFor({ chance, model }: Drawing, at: number): { readonly token?: number } {
  if (!/fenced|tokens/.test(model)) return {};
  return { token: at + chance.below(4) };
}

function pick<Value>(chance: Stream, values: readonly Value[]): Value {
  const value = values[chance.below(values.length)];
  if (value === undefined) throw new RangeError('Cannot pick: nothing to pick from');
  return value;
}
