/**
 * The figures of the suite scale: how they are made of what was found, and what they are to be.
 */

import type { Goal } from '../goals.ts';
import type { Raw } from './raw.ts';

export const figureNames = [
  'lingeringPairsPerS',
  'handOverOverFresh',
  'messages9Replicas3Over3',
  'pairs7Over3',
  'pairs7Replicas3Over3',
  'bytesPerHeldLock',
  'bytesPerWaiter',
  'idleCpuHolding100kOverNone',
  'acquireHolding100kOverNone',
] as const;

export type FigureName = (typeof figureNames)[number];
export type Figures = Readonly<Record<FigureName, number | null>>;

export const figureGoals: Readonly<Record<FigureName, Goal>> = {
  lingeringPairsPerS: { reach: 300_000, aim: 1_000_000, atMost: false },
  handOverOverFresh: { reach: 1.3, aim: 1.1, atMost: true },
  messages9Replicas3Over3: { reach: 0.4, aim: 0.34, atMost: true },
  pairs7Over3: { reach: 0.4, aim: null, atMost: false },
  pairs7Replicas3Over3: { reach: 0.75, aim: null, atMost: false },
  bytesPerHeldLock: { reach: 1_000, aim: 400, atMost: true },
  bytesPerWaiter: { reach: 1_500, aim: 600, atMost: true },
  idleCpuHolding100kOverNone: { reach: 1.5, aim: 1.1, atMost: true },
  acquireHolding100kOverNone: { reach: 1.2, aim: 1.05, atMost: true },
};

/** What the figures are called for people. */
export const figureTitles: Readonly<Record<FigureName, string>> = {
  lingeringPairsPerS: 'lingering: acquire and release again, a second',
  handOverOverFresh: 'p50 of acquire: lingers elsewhere ÷ nobody has it',
  messages9Replicas3Over3: 'messages per voter and lock: 9 voters, replicas 3 ÷ 3 voters',
  pairs7Over3: 'pairs/s, 64 in flight: 7 voters ÷ 3',
  pairs7Replicas3Over3: 'pairs/s, 64 in flight: 7 voters, replicas 3 ÷ 3',
  bytesPerHeldLock: 'bytes per held lock and voter',
  bytesPerWaiter: 'bytes per waiter and voter',
  idleCpuHolding100kOverNone: 'CPU of an idle mesh: 100,000 locks held ÷ none',
  acquireHolding100kOverNone: 'p50 of acquire: 100,000 others held ÷ none',
};

/** `null` where something is missing. */
export function figuresOf(raw: Raw): Figures {
  const ratio = (of: string, to: string): number => (raw[of] ?? Number.NaN) / (raw[to] ?? 0);
  const pairs3 = pairsName({ voters: 3 });
  const found: Readonly<Record<FigureName, number>> = {
    lingeringPairsPerS: raw.lingeringPairsPerS ?? Number.NaN,
    handOverOverFresh: ratio('handOverP50Ms', 'freshP50Ms'),
    messages9Replicas3Over3: ratio(
      messagesName({ voters: 9, replicas: 3 }),
      messagesName({ voters: 3 }),
    ),
    pairs7Over3: ratio(pairsName({ voters: 7 }), pairs3),
    pairs7Replicas3Over3: ratio(pairsName({ voters: 7, replicas: 3 }), pairs3),
    bytesPerHeldLock: raw.bytesPerHeldLock ?? Number.NaN,
    bytesPerWaiter: raw.bytesPerWaiter ?? Number.NaN,
    idleCpuHolding100kOverNone: ratio('idleHoldingCpuMsPerS', 'idleCpuMsPerS'),
    acquireHolding100kOverNone: ratio('acquireHoldingP50Ms', 'acquireP50Ms'),
  };
  const entries = figureNames.map((name) => {
    const figure = found[name];
    return [name, Number.isFinite(figure) ? figure : null] as const;
  });
  return Object.fromEntries(entries) as Figures;
}

/** A mesh by its voters, and by how many of them there are for each name. */
export interface Shape {
  readonly voters: number;
  readonly replicas?: number;
}

export function pairsName(shape: Shape): string {
  return `pairs${nameOf(shape)}PerS`;
}

/** Of claims from members: all that a voter says and hears is about its votes. */
export function messagesName(shape: Shape): string {
  return `messages${nameOf(shape)}PerVoterAndPair`;
}

/** Of claims from the voters, each with a vote of its own, which nobody is sent. */
export function ownMessagesName(shape: Shape): string {
  return `messagesAmong${nameOf(shape)}PerVoterAndPair`;
}

function nameOf({ voters, replicas }: Shape): string {
  return `${voters}Voters${replicas === undefined ? '' : `Replicas${replicas}`}`;
}
