/** What `npm run walks` may be told. */

import { parseArgs } from 'node:util';

export interface Order {
  readonly from: number;
  readonly count: number;
  readonly workers: number;
}

export const usage: string = `\
Usage: npm run walks -- [--count N] [--from SEED] [--workers N]

  --count N    how many walks to take (20000)
  --from SEED  the seed of the first of them (1)
  --workers N  how many at once (2)`;

/** A flag that cannot be obeyed. */
export class BadFlag extends Error {}

/** @throws {BadFlag} when a flag is unknown or has an odd value */
export function parseFlags(args: readonly string[]): Order {
  const flags = valuesOf(args);
  return {
    from: wholeNumber('--from', flags.from),
    count: wholeNumber('--count', flags.count),
    workers: wholeNumber('--workers', flags.workers),
  };
}

interface Values {
  readonly count: string;
  readonly from: string;
  readonly workers: string;
}

function valuesOf(args: readonly string[]): Values {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        count: { type: 'string', default: '20000' },
        from: { type: 'string', default: '1' },
        workers: { type: 'string', default: '2' },
      },
    });
    return values;
  } catch (error) {
    throw new BadFlag(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(flag: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= 1) return number;
  throw new BadFlag(`${flag} must be a whole number from 1, received ${text}`);
}
