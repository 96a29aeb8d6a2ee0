/**
 * `npm run compare`: ways to lock, side by side, doing the same work in the same simulated worlds
 * while the same things go wrong. `--seeds N` says how many worlds there are of each kind of
 * trouble; `--json` prints the rows once more, as JSON, on the last line. The same seeds give the
 * same rows.
 */

import { parseArgs } from 'node:util';
import { measure, type Row, runMs, services, sumOf } from './comparison.ts';
import { leaseMs } from './lock-service.ts';
import { kinds } from './troubles.ts';

const usage = 'Usage: npm run compare -- [--seeds N] [--json]';
const seedsMax = 100_000;

const flags = readFlags();
if (flags === null) process.exitCode = 2;
else {
  const rows = await compare(flags.seeds);
  if (flags.json) console.log(JSON.stringify({ seeds: flags.seeds, rows }));
}

async function compare(seeds: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  console.log(`Three workers share two locks for ${runMs / 1_000} s, in ${seeds} worlds each time`);
  for (const kind of kinds) {
    const block: Row[] = [];
    for (const service of services) block.push(await measure(service, kind, seeds));
    showBlock(kind === 'nothing' ? 'Nothing goes wrong' : `There are ${kind}`, block);
    rows.push(...block);
  }
  const sums = services.map(({ title }) => {
    return sumOf(rows.filter(({ service, kind }) => service === title && kind !== 'nothing'));
  });
  showBlock('All that goes wrong', sums);
  showNotes(rows);
  return rows;
}

function showBlock(title: string, rows: readonly Omit<Row, 'kind'>[]): void {
  const head = ['grants', 'double', 'token back', 'nobody granted', 'longest', 'messages/grant'];
  console.log(`\n${title.padEnd(25)}${head.map((each) => `  ${each}`).join('')}`);
  for (const row of rows) {
    const cells = [
      `${row.grants}`,
      `${row.doubleGrants}`,
      `${row.tokensBack}`,
      `${((100 * row.idleMs) / row.observedMs).toFixed(1)} %`,
      `${(row.longestIdleMs / 1_000).toFixed(2)} s`,
      (row.messages / row.grants).toFixed(1),
    ];
    const line = cells.map((cell, column) => `  ${cell.padStart(head[column]?.length ?? 0)}`);
    console.log(`  ${row.service.padEnd(23)}${line.join('')}`);
  }
}

function showNotes(rows: readonly Row[]): void {
  const { keepAlives, simulatedMs } = sumOf(rows.filter((row) => row.keepAlives > 0));
  const perSecond = Math.round((1_000 * keepAlives) / simulatedMs);
  console.log(`
What goes wrong is the same for all, and begins at the same moments. About a quarter of it befalls
the server's node, where shared memory and the queue server keep their state, and lockmesh nothing.
Leases and keys last for ${leaseMs} ms. Who waits for the older two asks again after some 10 ms, and
then less and less often, down to every 160 ms; lockmesh has a queue.

double          granted while another believed that it held: what its own code would have found at
                that moment of true time, had it looked
token back      granted with a token not greater than all before. Lockmesh has its own. The others
                have none; counted is what people add: INCR beside SET, a number beside the owner
nobody granted  the time for which somebody waits for a lock while nobody holds it, nodes that are
                down or stand still left out; the share of all time, and the longest at a stretch
messages        that arrived, of the work and of restarts. Lockmesh sends keep-alives besides, to
                renew leases whether or not anybody asks: here ${perSecond} a second in all`);
}

/** `null`, and why on stderr, when they cannot be obeyed. */
function readFlags(): { readonly seeds: number; readonly json: boolean } | null {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        seeds: { type: 'string', default: '20' },
      },
    });
    const seeds = /^\d+$/.test(values.seeds) ? Number(values.seeds) : 0;
    if (seeds >= 1 && seeds <= seedsMax) return { seeds, json: values.json };
    const wanted = `--seeds must be a whole number from 1 to ${seedsMax}`;
    throw new TypeError(`${wanted}, received ${values.seeds}`);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return null;
  }
}
