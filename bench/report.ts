/**
 * The figures of a run as text, for people.
 */

import { goalText } from './goals.ts';
import type { MeasureName } from './measure-names.ts';
import type { LifeFigures } from './measures/life.ts';
import { goals, type RatioName, type Ratios, ratioNames, verdictOn } from './ratios.ts';
import type { Figures, Medians, Results } from './results.ts';
import { systemNames } from './system-names.ts';
import { aligned, fixed } from './text.ts';

/** A column: its heading, and what it shows of a system's figures. */
type Column = readonly [heading: string, show: (figures: Figures) => string];

interface Table {
  readonly title: string;
  readonly measure: MeasureName;
  readonly columns: readonly Column[];
}

const pairCosts: readonly Column[] = [
  ['cpu s/10k', ({ cpuSPer10kPairs }) => fixed(cpuSPer10kPairs, 2)],
  ['bytes/pair', ({ bytesPerPair }) => fixed(bytesPerPair, 0)],
  ['messages/pair', ({ messagesPerPair }) => fixed(messagesPerPair, 2)],
];

const pairColumns: readonly Column[] = [
  ['acquire p50', ({ acquireP50Ms }) => ms(acquireP50Ms)],
  ['p99', ({ acquireP99Ms }) => ms(acquireP99Ms)],
  ['pairs/s', ({ pairsPerS }) => fixed(pairsPerS, 0)],
  ...pairCosts,
];

const contentionColumns: readonly Column[] = [
  ['grants/s', ({ grantsPerS }) => fixed(grantsPerS, 0)],
  ['gap p50', ({ handoffP50Ms }) => ms(handoffP50Ms)],
  ['p99', ({ handoffP99Ms }) => ms(handoffP99Ms)],
  ['Jain', ({ jain }) => fixed(jain, 4)],
  ['max/min', ({ maxOverMin }) => fixed(maxOverMin, 2)],
  ['longest wait', ({ longestWaitMs }) => ms(longestWaitMs)],
];

const tables: readonly Table[] = [
  { title: 'One pair after the other', measure: 'sequential', columns: pairColumns },
  ...([4, 16, 64, 256] as const).map((claims): Table => {
    const title = `${claims} pairs in flight from one client`;
    return { title, measure: `in${claims}`, columns: pairColumns };
  }),
  {
    title: '8 contenders in 3 processes for one key',
    measure: 'contended',
    columns: contentionColumns,
  },
  { title: '10 contenders', measure: 'waiters10', columns: contentionColumns.slice(0, 3) },
  { title: '10,000 contenders', measure: 'waiters10k', columns: contentionColumns.slice(0, 3) },
  {
    title: 'Memory of a lock that is held, over all processes',
    measure: 'held',
    columns: [['bytes', ({ bytesPerHeldLock }) => fixed(bytesPerHeldLock, 0)]],
  },
  {
    title: 'Memory of a claim that waits, over all processes',
    measure: 'queued',
    columns: [['bytes', ({ bytesPerWaiter }) => fixed(bytesPerWaiter, 0)]],
  },
];

/** One table for each measure that was taken. */
export function tablesOf(medians: Medians): readonly string[] {
  return tables.flatMap(({ title, measure, columns }) => {
    const rows = systemNames.flatMap((name) => {
      const figures = medians[name]?.[measure];
      return figures === undefined ? [] : [[name, ...columns.map(([, show]) => show(figures))]];
    });
    const headings = ['', ...columns.map(([heading]) => heading)];
    return rows.length === 0 ? [] : [`${title}\n${aligned([headings, ...rows])}`];
  });
}

/** The ratios, each with its range over the rounds and with what it is to be. */
export function ratioTable(ratios: Ratios, byRound: readonly Ratios[]): string {
  const rows = ratioNames.map((name) => {
    const goal = goals[name];
    return [
      name,
      show(ratios[name]),
      rangeOf(name, byRound),
      goalText(goal.reach, goal),
      goalText(goal.aim, goal),
      verdictOn(name, ratios[name]),
    ];
  });
  const headings = ['', 'median', 'rounds', 'reach', 'aim', ''];
  return `lockmesh with 3 voters\n${aligned([headings, ...rows])}`;
}

export function lifeLines({ idlePercent, handOverMs, takeoverMs, leaseMs }: LifeFigures): string {
  return [
    `idle mesh of three: ${idlePercent.toFixed(2)} % of a core`,
    `clean stop: next holder after ${handOverMs.map(ms).join(', ')}`,
    `SIGKILL: next holder after ${ms(takeoverMs)} (lease ${ms(leaseMs)})`,
  ].join('\n');
}

/** A line for each system that was seen to break exclusion. */
export function overlapLines(results: Results): readonly string[] {
  return systemNames.flatMap((name) => {
    const overlaps = results.worst(name, 'overlaps');
    return overlaps === 0
      ? []
      : [`${name}: ${overlaps} grants before the release of the one before`];
  });
}

function rangeOf(name: RatioName, byRound: readonly Ratios[]): string {
  const known = byRound.map((ratios) => ratios[name]).filter((ratio) => ratio !== null);
  return known.length === 0 ? '' : `${show(Math.min(...known))} to ${show(Math.max(...known))}`;
}

function show(ratio: number | null): string {
  return ratio === null ? '–' : ratio.toFixed(3);
}

function ms(value = Number.NaN): string {
  if (!Number.isFinite(value)) return '–';
  if (value < 1) return `${Math.round(value * 1_000)} µs`;
  return value < 1_000 ? `${value.toFixed(2)} ms` : `${(value / 1_000).toFixed(2)} s`;
}
