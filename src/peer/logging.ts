/**
 * Where a peer tells people what happens: pino's shape, so that any pino-like logger can be given.
 */

/** What a peer needs of a logger. Those of pino, fastify and bunyan are of this shape. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
