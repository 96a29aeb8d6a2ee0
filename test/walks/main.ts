/**
 * `npm run walks`: takes many random walks over the core, of which `npm test` takes the first few
 * thousand.
 */

import { Worker } from 'node:worker_threads';
import { BadFlag, type Order, parseFlags, usage } from './flags.ts';
import { complaintsOf, type Share, sumOf, type Walked } from './walks.ts';

/** Of so many complaints the text is told; of the others, only the number. */
const toldMax = 20;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const order = orderOf(args);
  if (order === null) return 2;
  const { count, from, workers } = order;
  const stride = Math.min(workers, count);
  const shares = Array.from({ length: stride }, (_, index) => ({
    from: from + index,
    count: Math.ceil((count - index) / stride),
    stride,
  }));
  const walked = sumOf(await Promise.all(shares.map(inWorker)));
  const complaints = complaintsOf(walked);
  print(describe(walked));
  for (const complaint of complaints.slice(0, toldMax)) print(complaint);
  if (complaints.length > toldMax) print(`and ${complaints.length - toldMax} more`);
  return complaints.length > 0 ? 1 : 0;
}

function orderOf(args: readonly string[]): Order | null {
  try {
    return parseFlags(args);
  } catch (error) {
    if (!(error instanceof BadFlag)) throw error;
    process.stderr.write(`${error.message}\n${usage}\n`);
    return null;
  }
}

function inWorker(share: Share): Promise<Walked> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`A worker ended early, with code ${code}`)));
  });
}

function describe({ walks, counts, failed }: Walked): string {
  const did = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
  return `${walks} walks, ${failed.length} failed; ${did.join(', ')}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
