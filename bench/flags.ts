/**
 * The command line of `npm run bench`.
 */

import { parseArgs } from 'node:util';
import { type MeasureName, measureNames } from './measure-names.ts';
import { type ScaleMeasure, scaleMeasures } from './scale/names.ts';
import { type SystemName, systemNames } from './system-names.ts';

/** What all suites understand. */
interface CommonFlags {
  /** Ends with a line of JSON. */
  readonly json: boolean;
  /** Draws bench/results. */
  readonly plot: boolean;
  readonly rounds: number;
}

/** What a lock costs, next to others. */
export interface SpeedFlags extends CommonFlags {
  readonly suite: 'speed';
  /** Only what the most important ratios need, and for less long. */
  readonly quick: boolean;
  /** Writes profiles of the client of lockmesh-3 to this folder. */
  readonly profile: string | null;
  /** `null` for what the other flags ask for. */
  readonly measures: readonly MeasureName[] | null;
  /** `null` for what the other flags ask for. */
  readonly systems: readonly SystemName[] | null;
}

/** What it costs where there is much of something. */
export interface ScaleFlags extends CommonFlags {
  readonly suite: 'scale';
  readonly measures: readonly ScaleMeasure[];
}

export type Flags = SpeedFlags | ScaleFlags;

export const usage: string = `Usage: npm run bench -- [options]
  --suite NAME     speed, what a lock costs next to others (the default), or
                   scale, what it costs where a lock stays, and where there are many
  --json           end with a line of JSON
  --plot           also draw bench/results/*.svg
  --rounds N       how often each figure is taken; the median counts (3)
  --measures A,B   only these; of speed: ${measureNames.join(', ')};
                   of scale: ${scaleMeasures.join(', ')}
Of speed only:
  --quick          only what the first eight ratios need
  --profile DIR    also write CPU profiles of the client of lockmesh-3, and tell what they show
  --systems A,B    only these: ${systemNames.join(', ')}`;

/** @throws `TypeError` for what is not a flag, or not a value of one, or not of the suite */
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
      suite: { type: 'string', default: 'speed' },
      systems: { type: 'string' },
    },
  });
  const { json, plot, profile = null, quick, suite } = values;
  const common = { json, plot, rounds: roundsOf(values.rounds) };
  if (suite === 'scale') {
    refuseOfSpeed({ '--quick': quick, '--profile': profile, '--systems': values.systems });
    const measures = namesIn('measures', values.measures, scaleMeasures) ?? scaleMeasures;
    return { suite, ...common, measures };
  }
  if (suite !== 'speed') {
    throw new TypeError(`Cannot run suite ${suite}: --suite takes speed or scale`);
  }
  return {
    suite,
    ...common,
    profile,
    quick,
    measures: namesIn('measures', values.measures, measureNames),
    systems: namesIn('systems', values.systems, systemNames),
  };
}

/** What the suite scale does not know. */
function refuseOfSpeed(flags: Readonly<Record<string, string | boolean | null | undefined>>): void {
  for (const [flag, value] of Object.entries(flags)) {
    if (value === undefined || value === null || value === false) continue;
    const received = value === true ? flag : `${flag} ${value}`;
    throw new TypeError(
      `Cannot run suite scale with ${received}: ${flag} is of the suite speed only`,
    );
  }
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
