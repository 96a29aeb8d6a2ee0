/**
 * Where a peer tells people what happens: pino's shape, so that any pino-like logger can be given.
 * The only file that imports pino.
 */

import pino from 'pino';

/** What a peer needs of a logger. Those of pino, fastify and bunyan are of this shape. */
export interface Logger {
  /** Links that come and go, and what else only helps to find a fault. */
  debug(fields: object, message: string): void;
  /** What happens once in the life of a peer. */
  info(fields: object, message: string): void;
  /** What an operator should know of; also told as a `warning` event. */
  warn(fields: object, message: string): void;
  /** What should not happen: a listener that throws, a bug. */
  error(fields: object, message: string): void;
}

type Level = keyof Logger;

/** A peer's log: adds who speaks to every line, and is not disturbed by a logger that throws. */
export class Log {
  readonly #logger: Logger | undefined;
  readonly #fields: object;

  /** @param option as users give it; `null` for the default logger */
  constructor(option: Logger | false | null, fields: object) {
    this.#logger = option === false ? undefined : (option ?? defaultLogger());
    this.#fields = fields;
  }

  write(level: Level, message: string, fields?: object): void {
    try {
      this.#logger?.[level]({ ...this.#fields, ...fields }, message);
    } catch {
      // There is nowhere left to say it, and the peer goes on without.
    }
  }
}

/** Lets through one thing of each kind per interval, and counts those it holds back. */
export class RateLimit {
  readonly #intervalMs: number;
  readonly #kinds = new Map<string, { at: number; suppressed: number }>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /**
   * How many of the kind were held back since the last; `null` for one that is held back itself.
   */
  pass(kind: string, nowMs: number): number | null {
    const last = this.#kinds.get(kind);
    if (last !== undefined && nowMs - last.at < this.#intervalMs) {
      last.suppressed++;
      return null;
    }
    // The kind of longest ago makes room: its count is lost, its next one passes.
    const oldest = this.#kinds.keys().next();
    if (last !== undefined) this.#kinds.delete(kind);
    else if (this.#kinds.size >= kindsMax && oldest.done !== true) this.#kinds.delete(oldest.value);
    this.#kinds.set(kind, { at: nowMs, suppressed: 0 });
    return last?.suppressed ?? 0;
  }
}

/** Kinds that a rate limit remembers. */
const kindsMax = 1_000;

/** Made on first use: a peer with a logger of its own does not touch stderr. */
let shared: Logger | undefined;

function defaultLogger(): Logger {
  shared ??= createDefaultLogger();
  return shared;
}

/** Warnings and errors, to stderr: stdout is the application's. */
function createDefaultLogger(): Logger {
  const stderr = pino.destination(2);
  // A closed or full stderr must not bring the application down.
  stderr.on('error', () => {});
  return pino({ name: 'lockmesh', level: 'warn' }, stderr);
}
