/**
 * A failing plan as a test, ready to be kept: a literal, one step to a line, each told in words.
 */

import { describeMesh, describeStep } from './describe-plan.ts';
import type { Plan } from './plan.ts';

/** What the plan fails, if it does. */
export interface ToTestFailure {
  readonly check: string;
  readonly message: string;
}

/** The source of a vitest file, for test/sim, that runs the plan and expects it to be safe. */
export function toTest(plan: Plan, failure: ToTestFailure | null = null): string {
  const { version, seed, mesh, healAtMs, steps } = plan;
  const name = failure === null ? `plan ${seed} is safe` : `plan ${seed} passes ${failure.check}`;
  return [
    "import { expect, test } from 'vitest';",
    "import type { Plan } from '../../src/sim/plan.ts';",
    "import { runPlan } from '../../src/sim/run-plan.ts';",
    '',
    ...(failure === null
      ? []
      : [`// It failed: ${oneLine(`${failure.check}: ${failure.message}`)}`]),
    `test(${literal(name)}, async () => {`,
    '  const plan: Plan = {',
    `    version: ${version},`,
    `    seed: ${seed},`,
    `    // ${describeMesh(mesh)}.`,
    '    mesh: {',
    ...Object.entries(mesh).map(([key, value]) => `      ${key}: ${literal(value)},`),
    '    },',
    `    healAtMs: ${healAtMs},`,
    '    steps: [',
    ...steps.flatMap((step) => [
      `      // ${oneLine(describeStep(step, mesh))}.`,
      `      ${literal(step)},`,
    ]),
    '    ],',
    '  };',
    '  const report = await runPlan(plan);',
    '  expect(report.failure).toBeNull();',
    '});',
    '',
  ].join('\n');
}

/** A value as one would write it. */
function literal(value: unknown): string {
  if (typeof value === 'string')
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).map(([key, field]) => `${key}: ${literal(field)}`);
  return `{ ${fields.join(', ')} }`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 300);
}
