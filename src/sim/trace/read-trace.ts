/**
 * Reads traces from lines of JSON, and refuses what is none, by the number of the line.
 */

import { traceVersion } from '../../peer/tracer.ts';
import { incarnation } from '../../protocol/ids.ts';
import { mergeTraces } from './merge.ts';
import { inputOf, nodeOptionsOf, outputOf, peerOf } from './read-core.ts';
import type { FromSimulator, RecordedEvent, Trace } from './trace-event.ts';
import { flagOf, listOf, type Raw, rawOf, textOf, Unfit, unfit, wholeOf, wordOf } from './unfit.ts';

/** A line that is not of a trace. */
export class TraceSyntaxError extends Error {
  override readonly name = 'TraceSyntaxError';
  /** Stable: branch on this rather than on the message. */
  readonly code = 'ERR_TRACE_SYNTAX';
  /** The number of the line, from 1. */
  readonly line: number;

  /** @internal */
  constructor(line: number, problem: string) {
    super(`Cannot read trace: line ${line}: ${problem}`);
    this.line = line;
  }
}

/**
 * Reads what peers have recorded, each in its own file, or what a simulation has, and puts it in
 * one order, with vector clocks and causes. What a process was writing when it ended, and could not
 * finish, is left out.
 *
 * @param texts the contents of the files: lines of JSON
 * @throws {TraceSyntaxError} for a line that is not of a trace
 */
export function readTrace(...texts: readonly string[]): Trace {
  return mergeTraces(texts.map(readRecords));
}

/**
 * What stands in one file, before it is put in order.
 *
 * @throws {TraceSyntaxError}
 */
export function readRecords(text: string): readonly RecordedEvent[] {
  const lines = text.split('\n');
  // What stands behind the last line's end is a line that was not finished.
  lines.pop();
  return lines.flatMap((line, index): readonly RecordedEvent[] => {
    if (line === '') return [];
    try {
      return [eventOf(JSON.parse(line))];
    } catch (error) {
      if (!(error instanceof Unfit || error instanceof SyntaxError)) throw error;
      // The next process has gone on behind a line that could not be finished.
      if (error instanceof SyntaxError && lines[index + 1] === '') return [];
      throw new TraceSyntaxError(index + 1, error.message);
    }
  });
}

function eventOf(value: unknown): RecordedEvent {
  const raw = rawOf(value, 'an event');
  const type = wordOf(raw, 'type', ['start', 'step', 'end', 'fault', 'violation']);
  if (type === 'violation') {
    return { type, at: atOf(raw), check: textOf(raw, 'check'), message: textOf(raw, 'message') };
  }
  if (type === 'fault') return faultOf(raw);
  const head = headOf(raw);
  if (type === 'step') {
    return { ...head, type, input: inputOf(raw.input), outputs: listOf(raw, 'outputs', outputOf) };
  }
  if (type === 'end') {
    const error = raw.error === null ? null : textOf(raw, 'error');
    return { ...head, type, error, input: raw.input === null ? null : inputOf(raw.input) };
  }
  const version = wholeOf(raw, 'version');
  if (version !== traceVersion) return unfit('version', String(traceVersion), version);
  const options = nodeOptionsOf(raw.options);
  if (options.id === head.peer && options.incarnation === head.incarnation) {
    return { ...head, type, version, options };
  }
  return unfit('options', 'those of the peer and incarnation of the line', options);
}

function faultOf(raw: Raw): RecordedEvent {
  return {
    ...{ type: 'fault', at: atOf(raw), fault: wholeOf(raw, 'fault', 1), what: textOf(raw, 'what') },
    phase: wordOf(raw, 'phase', ['begins', 'ends', 'once']),
    hosts: listOf(raw, 'hosts', (host, name) => textOf({ [name]: host }, name)),
  };
}

function headOf(raw: Raw): FromSimulator & {
  readonly peer: string;
  readonly incarnation: number;
  readonly sequence: number;
  readonly now: number;
  readonly wall: number;
} {
  return {
    peer: peerOf(raw, 'peer'),
    incarnation: incarnation(wholeOf(raw, 'incarnation', 1)),
    sequence: wholeOf(raw, 'sequence', 1),
    now: wholeOf(raw, 'now'),
    wall: wholeOf(raw, 'wall'),
    ...(raw.at !== undefined && { at: atOf(raw) }),
    ...(raw.host !== undefined && { host: textOf(raw, 'host') }),
    ...(raw.killed !== undefined && flagOf(raw, 'killed') && { killed: true as const }),
  };
}

function atOf(raw: Raw): number {
  const { at } = raw;
  if (typeof at === 'number' && Number.isFinite(at) && at >= 0) return at;
  return unfit('at', 'a number of milliseconds', at);
}
