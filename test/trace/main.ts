/**
 * `npm run trace`: looks at what peers have recorded of themselves, and judges it.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { checkTrace } from '../../src/sim/trace/check-trace.ts';
import { formatTrace } from '../../src/sim/trace/format-trace.ts';
import { mergeTraces } from '../../src/sim/trace/merge.ts';
import { readRecords } from '../../src/sim/trace/read-trace.ts';
import { traceToHtml } from '../../src/sim/trace/to-html.ts';
import { traceToMermaid } from '../../src/sim/trace/to-mermaid.ts';
import { traceToShiviz } from '../../src/sim/trace/to-shiviz.ts';
import { isOfPeer, type Trace } from '../../src/sim/trace/trace-event.ts';
import { BadFlag, parseFlags, type TraceOrder, usage } from './flags.ts';

process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  const order = orderOf(args);
  const trace = order === null ? null : read(order.files);
  if (order === null || trace === null) return 2;
  const processes = new Set(trace.filter(isOfPeer).map(({ process: name }) => name));
  print(`${trace.length} events of ${[...processes].join(', ')}`);
  if (order.out !== undefined) write(order.out, formatTrace(trace));
  if (order.shiviz !== undefined) write(order.shiviz, traceToShiviz(trace));
  if (order.mermaid !== undefined) write(order.mermaid, traceToMermaid(trace));
  const title = order.files.map((file) => file.replace(/^.*\//, '')).join(', ');
  if (order.html !== undefined) write(order.html, traceToHtml(trace, { title }));
  return order.check ? check(trace, order) : 0;
}

function orderOf(args: readonly string[]): TraceOrder | null {
  try {
    return parseFlags(args);
  } catch (error) {
    if (!(error instanceof BadFlag)) throw error;
    complain(`${error.message}\n${usage}`);
    return null;
  }
}

function read(files: readonly string[]): Trace | null {
  const sources: ReturnType<typeof readRecords>[] = [];
  for (const file of files) {
    try {
      sources.push(readRecords(readFileSync(file, 'utf8')));
    } catch (error) {
      complain(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }
  return mergeTraces(sources);
}

function check(trace: Trace, { skew, without, json }: TraceOrder): number {
  const report = checkTrace(trace, { without, ...(skew !== undefined && { clockSkew: skew }) });
  const { findings, compared, grants, unjudged } = report;
  for (const why of unjudged) print(`Not judged: ${why}`);
  for (const { check: by, event, message } of findings) print(`${by}: ${message} (${event})`);
  const found = findings.length === 0 ? 'nothing is wrong' : `${findings.length} findings`;
  print(`${compared} steps run again, ${grants} grants checked: ${found}`);
  if (json) print(JSON.stringify(report));
  return findings.length === 0 ? 0 : 1;
}

function write(path: string, text: string): void {
  writeFileSync(path, text);
  print(`Written: ${path}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}
