/**
 * What `npm run parity` may be told.
 */

import { parseArgs } from 'node:util';
import type { ParityScenario } from './scenario.ts';

export interface Order {
  readonly scenarios: readonly ParityScenario[];
  readonly json: boolean;
}

export const usage: string = `\
Usage: npm run parity -- [--only NAME] [--json]

  --only NAME  runs this scenario only; may be given several times
  --json       ends with one line of JSON`;

/** A flag that cannot be obeyed. */
export class BadFlag extends Error {}

/** @throws {BadFlag} when a flag is unknown, or there is no such scenario */
export function parseFlags(args: readonly string[], all: readonly ParityScenario[]): Order {
  const { only = [], json } = valuesOf(args);
  const names = all.map(({ name }) => name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new BadFlag(`--only must be one of ${names.join(', ')}, received ${unknown}`);
  }
  const scenarios = only.length === 0 ? all : all.filter(({ name }) => only.includes(name));
  return { scenarios, json };
}

function valuesOf(args: readonly string[]): {
  readonly only?: readonly string[] | undefined;
  readonly json: boolean;
} {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true },
      },
    });
    return values;
  } catch (error) {
    throw new BadFlag(error instanceof Error ? error.message : String(error));
  }
}
