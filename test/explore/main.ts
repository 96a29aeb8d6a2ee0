/**
 * `npm run explore`: searches small meshes of the real core whole, and the classic two-phase commit
 * to check the search itself.
 */

import { huntAll } from './canaries.ts';
import { BadFlag, type Order, parseFlags, usage } from './flags.ts';
import { playAll } from './play-scenario.ts';
import { runAll } from './pool.ts';
import type { ScopeReport, Task } from './run-scope.ts';
import { goldens, scopes } from './scopes.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const order = orderOf(args);
  if (order === null) return 2;
  if (order.canaries) return await huntAll(order, print);
  if (order.scenarios) return await playAll(order, print);
  const chosen = scopes.filter(({ name, tier }) => name === order.scope || tier === order.scope);
  const withGoldens = ['goldens', 'nightly', 'release'].includes(order.scope);
  if (chosen.length === 0 && !withGoldens) return refuse(`--scope: there is no ${order.scope}`);
  const tasks: Task[] = [
    ...chosen.map(({ name }): Task => ({ task: 'scope', name, bounds: order.bounds })),
    ...(withGoldens ? goldenTasks() : []),
  ];
  const reports = await runAll(tasks, order.workers, (report) => print(describe(report)));
  const complaints = complaintsOf(reports);
  for (const complaint of complaints) print(complaint);
  if (order.json) print(JSON.stringify(summaryOf(reports)));
  return complaints.length > 0 ? 1 : 0;
}

function orderOf(args: readonly string[]): Order | null {
  try {
    return parseFlags(args);
  } catch (error) {
    if (!(error instanceof BadFlag)) throw error;
    refuse(error.message);
    return null;
  }
}

function goldenTasks(): Task[] {
  const tasks = goldens.flatMap(([count]): Task[] => [
    { task: 'golden', count, isSymmetric: false },
    { task: 'golden', count, isSymmetric: true },
  ]);
  return tasks.reverse();
}

function isGolden({ name }: ScopeReport): boolean {
  return name.startsWith('two-phase-');
}

function describe(report: ScopeReport): string {
  const { complete, cores, depth, name, seconds, states, steps, stopped, violations } = report;
  const rate = Math.round(states / Math.max(seconds, 0.01));
  const extent = `${states} states, ${depth} deep, ${seconds} s, ${rate} states/s`;
  const how = complete ? 'complete' : `incomplete: ${stopped}`;
  const core = cores === 0 ? '' : `; ${cores} states of cores, ${steps} steps of the real core`;
  const lines = [`${name.padEnd(24)} ${extent}, ${how}${core}`];
  for (const { property, message, steps: way } of violations) {
    lines.push(`  ${property}: ${message}`, ...way.map((step, at) => `  ${at + 1}. ${step}`));
  }
  return lines.join('\n');
}

/** Why the whole did not pass. */
function complaintsOf(reports: readonly ScopeReport[]): readonly string[] {
  return reports.flatMap((report) => {
    const { complete, depth, name, states, stopped, violations } = report;
    if (violations.length > 0) return [`${name}: ${violations[0]?.message}`];
    const due = isGolden(report) ? goldenOf(name) : states;
    if (states !== due) return [`${name}: ${states} states, must be ${due}`];
    const listed = scopes.find((scope) => scope.name === name);
    if (complete || listed?.tier !== 'release' || listed.excuse !== null) return [];
    return [`${name}: stopped for ${stopped} at depth ${depth}, and is not listed as one that may`];
  });
}

function goldenOf(name: string): number | undefined {
  const found = goldens.find(([count]) => name.startsWith(`two-phase-${count}`));
  return name.endsWith('-symmetric') ? found?.[2] : found?.[1];
}

function summaryOf(reports: readonly ScopeReport[]): object {
  const counted = reports.filter(isGolden).map(({ name, states }) => [name, states] as const);
  return {
    goldens: Object.fromEntries(counted),
    scopes: reports
      .filter((report) => !isGolden(report))
      .map((report) => {
        const { name, states, depth, complete, stopped, seconds, violations, reductions } = report;
        const excuse = scopes.find((scope) => scope.name === name)?.excuse ?? null;
        const extent = { name, states, depth, complete, stopped, seconds };
        return { ...extent, violations, reductions, excuse };
      }),
  };
}

function refuse(message: string): number {
  process.stderr.write(`${message}\n${usage}\n`);
  return 2;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
