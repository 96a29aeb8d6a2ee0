/** What `npm run scale` may be told. */

import { parseArgs } from 'node:util';

/** Simulated peers, or processes of this machine on the loopback. */
export type WorldName = 'simulated' | 'real';

export interface Order {
  readonly worlds: readonly WorldName[];
  /** Runs those shapes only whose name has this in it. */
  readonly only: string;
  /** Whether each is run in a size that takes seconds. */
  readonly little: boolean;
}

export const usage: string = `\
Usage: npm run scale -- [--world simulated|real] [--only TEXT] [--little]

  --world NAME  simulated: in the simulator; real: in processes, on the loopback (both)
  --only TEXT   those shapes whose name has this in it: "members" (all)
  --little      each in a size that takes seconds`;

/** A flag that cannot be obeyed. */
export class BadFlag extends Error {}

/** @throws {BadFlag} when a flag is unknown or has an odd value */
export function parseFlags(args: readonly string[]): Order {
  const { world, only, little } = valuesOf(args);
  if (world !== undefined && world !== 'simulated' && world !== 'real') {
    throw new BadFlag(`--world must be simulated or real, received ${world}`);
  }
  return { worlds: world === undefined ? ['simulated', 'real'] : [world], only, little };
}

interface Values {
  readonly world?: string | undefined;
  readonly only: string;
  readonly little: boolean;
}

function valuesOf(args: readonly string[]): Values {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        world: { type: 'string' },
        only: { type: 'string', default: '' },
        little: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new BadFlag(error instanceof Error ? error.message : String(error));
  }
}
