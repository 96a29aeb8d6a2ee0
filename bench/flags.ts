/**
 * The command line of `npm run bench`.
 */

import { parseArgs } from 'node:util';
import { type MeasureName, measureNames } from './measure-names.ts';
import { type SystemName, systemNames } from './system-names.ts';

export interface Flags {
  /** Ends with a line of JSON. */
  readonly json: boolean;
  /** Only what the most important ratios need, and for less long. */
  readonly quick: boolean;
  /** Draws bench/results. */
  readonly plot: boolean;
  /** Writes profiles of the client of lockmesh-3 to this folder. */
  readonly profile: string | null;
  readonly rounds: number;
  /** `null` for what the other flags ask for. */
  readonly measures: readonly MeasureName[] | null;
  /** `null` for what the other flags ask for. */
  readonly systems: readonly SystemName[] | null;
}

export const usage: string = `Usage: npm run bench -- [options]
  --json           end with a line of JSON
  --quick          only what the first eight ratios need
  --plot           also draw bench/results/*.svg
  --profile DIR    also write CPU profiles of the client of lockmesh-3, and tell what they show
  --rounds N       how often each figure is taken; the median counts (3)
  --systems A,B    only these: ${systemNames.join(', ')}
  --measures A,B   only these: ${measureNames.join(', ')}`;

/** @throws `TypeError` for what is not a flag, or not a value of one */
export function parseFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      measures: { type: 'string' },
      plot: { type: 'boolean', default: false },
      profile: { type: 'string' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      systems: { type: 'string' },
    },
  });
  const { json, plot, profile = null, quick } = values;
  return {
    json,
    plot,
    profile,
    quick,
    rounds: roundsOf(values.rounds),
    measures: namesIn('measures', values.measures, measureNames),
    systems: namesIn('systems', values.systems, systemNames),
  };
}

function roundsOf(text: string): number {
  const rounds = Number(text);
  if (Number.isSafeInteger(rounds) && rounds > 0) return rounds;
  throw new TypeError(`Cannot run so many rounds: --rounds must be 1 or more, received ${text}`);
}

/** Those of `known` that `text` has, in their own order. */
function namesIn<Name extends string>(
  flag: string,
  text: string | undefined,
  known: readonly Name[],
): readonly Name[] | null {
  if (text === undefined) return null;
  const asked = text.split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !known.some((each) => each === name));
  if (unknown !== undefined) {
    throw new TypeError(`Cannot measure ${unknown}: --${flag} takes ${known.join(', ')}`);
  }
  return known.filter((name) => asked.includes(name));
}
