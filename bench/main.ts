/**
 * `npm run bench`: what a lock costs with lockmesh, with what people would use instead, and with
 * bare WebSockets, side by side in one run; or, as the suite scale, what it costs where there is
 * much of something. docs/bench.md tells how to read it.
 */

import { cpus, release } from 'node:os';
import { Children } from './children.ts';
import { type Flags, parseFlags, usage } from './flags.ts';
import { runScale } from './scale/suite.ts';
import { runSpeed } from './speed.ts';
import type { Stage } from './stage.ts';

const placement = 'every process by itself on loopback, placed by the scheduler';

const flags = readFlags();
const children = new Children();
const signals = { SIGINT: 2, SIGTERM: 15 } as const;
for (const [signal, number] of Object.entries(signals)) {
  process.once(signal, () => {
    void children.end().finally(() => process.exit(128 + number));
  });
}
try {
  say(`Node ${process.version}, Linux ${release()}, ${cpus().length} cores: ${placement}`);
  const stage: Stage = { children, say };
  const summary =
    flags.suite === 'scale' ? await runScale(flags, stage) : await runSpeed(flags, stage);
  if (flags.json) {
    const { rounds } = flags;
    const head = { node: process.version, cores: cpus().length, placement, rounds };
    say(JSON.stringify({ ...head, ...summary }));
  }
} finally {
  await children.end();
}

function readFlags(): Flags {
  try {
    return parseFlags(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

function say(line: string): void {
  console.log(line);
}
