/**
 * What `npm run history` does: judges a recorded history of locks, or writes it for other checkers.
 */

import { parseArgs } from 'node:util';
import { type CheckHistoryOptions, checkHistory } from '../../src/sim/history/check-history.ts';
import { HistoryError } from '../../src/sim/history/history-error.ts';
import { type JepsenModel, toJepsen } from '../../src/sim/history/jepsen.ts';
import { type HistoryModelName, isModelName } from '../../src/sim/history/lock-rules.ts';
import { parseHistory } from '../../src/sim/history/ndjson.ts';
import type { HistoryOperation } from '../../src/sim/history/operation.ts';
import { toPorcupine } from '../../src/sim/history/porcupine.ts';
import type { HistoryVerdict } from '../../src/sim/history/verdict.ts';

/** What a command may touch. */
export interface CommandWorld {
  /** The text of a file; `-` is the input. */
  read(file: string): string;
  out(text: string): void;
  err(text: string): void;
}

const usage = `\
Usage: npm run history -- FILE [--model MODEL] [--strict] [--budget N] [--json]
       npm run history -- FILE --export edn|edn-cas|porcupine

  FILE            the history: a JSON object to a line, see docs/history.md; - reads the input
  --model MODEL   exclusive, fenced, shared, shared-fenced, semaphore:N or tokens (what fits)
  --strict        busy and timeout need somebody in the way
  --budget N      how many configurations to look at before giving up (2000000)
  --export FORM   writes the history as Jepsen EDN of a mutex (edn) or of a register (edn-cas), or
                  as lines for Porcupine, and does not judge it
  --json          ends with one line of JSON

Exit codes: 0 ok, 1 illegal, 2 not judged: usage, or a malformed or empty history, 3 unknown`;

type Form = 'edn' | 'edn-cas' | 'porcupine';

interface Flags {
  readonly file: string;
  readonly form: Form | null;
  readonly json: boolean;
  readonly judging: CheckHistoryOptions;
}

/** A flag that cannot be obeyed. */
class BadFlag extends Error {}

/** @returns the exit code */
export function historyCommand(args: readonly string[], world: CommandWorld): number {
  try {
    const { file, form, json, judging } = parse(args);
    const history = parseHistory(textOf(file, world));
    // A recorder that wrote nothing must not pass for a run in which all went well.
    if (history.length === 0) throw new HistoryError('Cannot read history: it has no operations');
    if (form !== null) {
      world.out(exported(history, form));
      return 0;
    }
    const judged = checkHistory(history, judging);
    world.out(`${describe(judged)}\n`);
    if (json) world.out(`${JSON.stringify(judged)}\n`);
    return exitCodes[judged.verdict];
  } catch (error) {
    if (error instanceof BadFlag) world.err(`${error.message}\n${usage}\n`);
    else if (error instanceof HistoryError) world.err(`${error.message}\n`);
    // Unless it is caught, the process ends with 1, which would say that the history is illegal.
    else world.err(`Cannot go on: ${stackOf(error)}\n`);
    return 2;
  }
}

const exitCodes: Readonly<Record<HistoryVerdict['verdict'], number>> = {
  ok: 0,
  illegal: 1,
  unknown: 3,
};

function exported(history: readonly HistoryOperation[], form: Form): string {
  if (form === 'porcupine') return toPorcupine(history);
  const model: JepsenModel = form === 'edn' ? 'mutex' : 'cas-register';
  return toJepsen(history, { model });
}

function describe(judged: HistoryVerdict): string {
  const { model, operations } = judged;
  if (judged.verdict === 'illegal') return judged.message;
  if (judged.verdict === 'ok') return `Ok as ${model}: ${operations} operations have an order`;
  return `Unknown as ${model}: ${judged.reason}`;
}

function textOf(file: string, world: CommandWorld): string {
  try {
    return world.read(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new HistoryError(`Cannot read history: ${why}`);
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function parse(args: readonly string[]): Flags {
  const { values, positionals } = valuesOf(args);
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) {
    throw new BadFlag(`There must be one FILE, received ${positionals.length}`);
  }
  const { budget, export: form, json, model, strict } = values;
  return {
    file,
    form: form === undefined ? null : formOf(form),
    json,
    judging: {
      strict,
      ...(model === undefined ? {} : { model: modelOf(model) }),
      ...(budget === undefined ? {} : { budget: countOf(budget) }),
    },
  };
}

function valuesOf(args: readonly string[]): {
  readonly values: {
    readonly budget?: string | undefined;
    readonly export?: string | undefined;
    readonly json: boolean;
    readonly model?: string | undefined;
    readonly strict: boolean;
  };
  readonly positionals: readonly string[];
} {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        budget: { type: 'string' },
        export: { type: 'string' },
        json: { type: 'boolean', default: false },
        model: { type: 'string' },
        strict: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new BadFlag(error instanceof Error ? error.message : String(error));
  }
}

function modelOf(text: string): HistoryModelName {
  if (isModelName(text)) return text;
  throw new BadFlag(
    '--model must be exclusive, fenced, shared, shared-fenced, semaphore:N or tokens, ' +
      `received ${text}`,
  );
}

function formOf(text: string): Form {
  if (text === 'edn' || text === 'edn-cas' || text === 'porcupine') return text;
  throw new BadFlag(`--export must be edn, edn-cas or porcupine, received ${text}`);
}

function countOf(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number;
  throw new BadFlag(`--budget must be a whole number from 1, received ${text}`);
}
