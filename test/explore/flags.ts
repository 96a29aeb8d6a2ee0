/**
 * What `npm run explore` may be told.
 */

import { parseArgs } from 'node:util';
import type { Bounds } from './run-scope.ts';

export interface Order {
  /** A tier, `goldens`, or the name of a scope. */
  readonly scope: string;
  /** Whether to search copies with planted bugs instead. */
  readonly canaries: boolean;
  /** Whether to play what was kept of such searches in the simulator, instead of searching. */
  readonly scenarios: boolean;
  /** One planted bug alone. */
  readonly only: string | undefined;
  /** Whether to look for planted bugs in all scopes, and not where each was found before. */
  readonly fresh: boolean;
  readonly bounds: Bounds;
  readonly workers: number;
  readonly json: boolean;
}

export const usage: string = `\
Usage: npm run explore -- [--scope release|nightly|goldens|NAME] [--memory-mb N] [--seconds N]
                          [--workers N] [--json]
       npm run explore -- --canaries [--only NAME] [--scope NAME | --fresh] [--json]
       npm run explore -- --scenarios [--only NAME] [--json]

  --scope         what to search (release); goldens alone: the engine's check of itself
  --memory-mb N   what a scope may take before it stops, incomplete (3000)
  --seconds N     for how long a scope may take (600)
  --workers N     how many scopes at once (2)
  --canaries      searches copies with planted bugs, each where it was found, or in the scope given
  --scenarios     plays what was kept of such searches in the simulator, with the bug and without
  --only NAME     this planted bug alone
  --fresh         in all scopes made for that, one after another
  --json          ends with one line of JSON`;

/** A flag that cannot be obeyed. */
export class BadFlag extends Error {}

/** @throws {BadFlag} when a flag is unknown, or its value is not what it must be */
export function parseFlags(args: readonly string[]): Order {
  const flags = valuesOf(args);
  const bounds = {
    memoryMb: wholeNumber('--memory-mb', flags['memory-mb']),
    seconds: wholeNumber('--seconds', flags.seconds),
  };
  const { canaries, fresh, json, only, scenarios, scope } = flags;
  if (canaries && scenarios) throw new BadFlag('--canaries and --scenarios do not go together');
  if (only !== undefined && !canaries && !scenarios) {
    throw new BadFlag('--only goes with --canaries or --scenarios');
  }
  if (fresh && !canaries) throw new BadFlag('--fresh goes with --canaries');
  const workers = wholeNumber('--workers', flags.workers);
  return { scope, canaries, scenarios, only, fresh, bounds, workers, json };
}

interface Values {
  readonly scope: string;
  readonly canaries: boolean;
  readonly scenarios: boolean;
  readonly only?: string | undefined;
  readonly fresh: boolean;
  readonly 'memory-mb': string;
  readonly seconds: string;
  readonly workers: string;
  readonly json: boolean;
}

function valuesOf(args: readonly string[]): Values {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        canaries: { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        'memory-mb': { type: 'string', default: '3000' },
        only: { type: 'string' },
        scenarios: { type: 'boolean', default: false },
        scope: { type: 'string', default: 'release' },
        seconds: { type: 'string', default: '600' },
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
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number;
  throw new BadFlag(`${flag} must be a whole number from 1, received ${text}`);
}
