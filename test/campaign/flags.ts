/**
 * What `npm run sim` may be told.
 */

import { parseArgs } from 'node:util';
import type { Plan } from '../../src/sim/plan.ts';
import { planOf } from '../../src/sim/token.ts';

/** What to do. */
export type Order =
  | {
      readonly order: 'campaign';
      readonly from: number;
      readonly seeds: number;
      /** Whether each seed runs twice, to be compared. */
      readonly twice: boolean;
      readonly workers: number;
      readonly json: boolean;
      readonly guided: boolean;
    }
  | {
      readonly order: 'replay';
      readonly plan: Plan;
      readonly json: boolean;
      /** Where to write the trace, as lines of JSON and as a page; `undefined`: nowhere. */
      readonly trace: string | undefined;
      readonly html: string | undefined;
    };

export const usage: string = `\
Usage: npm run sim -- [--seeds N] [--from SEED] [--twice] [--guided] [--workers N] [--json]
       npm run sim -- --tier ci [--json]
       npm run sim -- --replay TOKEN [--trace FILE] [--html FILE] [--json]

  --seeds N       how many seeds to run (1000)
  --from SEED     the first of them (1)
  --twice         runs each seed twice and compares what happened
  --guided        makes half of the plans from earlier ones that found something new
  --workers N     how many at once (2)
  --tier ci       what CI runs: 2,000 seeds, each twice
  --replay TOKEN  runs one plan again, and tells what happens
  --trace FILE    writes all that happened in it, as lines of JSON
  --html FILE     draws it as one page, to be opened in a browser
  --json          ends with one line of JSON`;

/** A flag that cannot be obeyed. */
export class BadFlag extends Error {}

/** @throws {BadFlag} when a flag is unknown, does not go with another, or has an odd value */
export function parseFlags(args: readonly string[]): Order {
  const flags = valuesOf(args);
  const { json } = flags;
  if (flags.replay !== undefined) {
    const { trace, html, ...rest } = flags;
    requireAlone('replay', rest);
    return { order: 'replay', plan: planFor(flags.replay), json, trace, html };
  }
  if (flags.trace !== undefined || flags.html !== undefined) {
    throw new BadFlag('--trace and --html must go with --replay');
  }
  if (flags.tier !== undefined && flags.tier !== 'ci') {
    throw new BadFlag(`--tier must be ci, received ${flags.tier}`);
  }
  if (flags.tier !== undefined) requireAlone('tier', flags);
  const isCi = flags.tier === 'ci';
  return {
    order: 'campaign',
    from: wholeNumber('--from', flags.from ?? '1', 0),
    seeds: isCi ? 2_000 : wholeNumber('--seeds', flags.seeds ?? '1000', 1),
    twice: isCi || flags.twice,
    workers: wholeNumber('--workers', flags.workers ?? '2', 1),
    guided: flags.guided,
    json,
  };
}

interface Values {
  readonly seeds?: string | undefined;
  readonly from?: string | undefined;
  readonly workers?: string | undefined;
  readonly tier?: string | undefined;
  readonly replay?: string | undefined;
  readonly trace?: string | undefined;
  readonly html?: string | undefined;
  readonly twice: boolean;
  readonly guided: boolean;
  readonly json: boolean;
}

/** What it would not obey is refused, rather than passed over. */
function requireAlone(flag: string, values: Values): void {
  const others = Object.entries(values).filter(([name, value]) => {
    return name !== flag && name !== 'json' && value !== undefined && value !== false;
  });
  const [other] = others.map(([name]) => name).sort();
  if (other === undefined) return;
  throw new BadFlag(`--${flag} must be alone or with --json, received --${other}`);
}

function planFor(token: string): Plan {
  try {
    return planOf(token);
  } catch (error) {
    throw new BadFlag(error instanceof Error ? error.message : String(error));
  }
}

function valuesOf(args: readonly string[]): Values {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        from: { type: 'string' },
        guided: { type: 'boolean', default: false },
        html: { type: 'string' },
        json: { type: 'boolean', default: false },
        replay: { type: 'string' },
        seeds: { type: 'string' },
        tier: { type: 'string' },
        trace: { type: 'string' },
        twice: { type: 'boolean', default: false },
        workers: { type: 'string' },
      },
    });
    return values;
  } catch (error) {
    throw new BadFlag(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(flag: string, text: string, least: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw new BadFlag(`${flag} must be a whole number from ${least}, received ${text}`);
}
