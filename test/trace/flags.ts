/**
 * What `npm run trace` may be told.
 */

import { parseArgs } from 'node:util';

export interface TraceOrder {
  readonly files: readonly string[];
  /** Where to write what; `undefined`: nowhere. */
  readonly out: string | undefined;
  readonly html: string | undefined;
  readonly shiviz: string | undefined;
  readonly mermaid: string | undefined;
  readonly check: boolean;
  readonly without: readonly ('exclusion' | 'tokens')[];
  /** In milliseconds; `undefined`: the default. */
  readonly skew: number | undefined;
  readonly json: boolean;
}

export const usage: string = `\
Usage: npm run trace -- FILE … [--html FILE] [--shiviz FILE] [--mermaid FILE] [--out FILE]
                        [--check] [--skew MS] [--without exclusion,tokens] [--json]

  FILE            what a peer has recorded with the option trace, one file of each peer; or what
                  npm run sim -- --replay TOKEN --trace FILE has
  --html FILE     draws it as one page, to be opened in a browser
  --shiviz FILE   writes it for ShiViz
  --mermaid FILE  draws the last of it as a sequence diagram of Mermaid
  --out FILE      writes it in one order, with vector clocks and causes
  --check         runs the core again on it, and checks what was promised
  --skew MS       by how much wall clocks may differ (100); not used where true time is known
  --without …     promises that are not checked, since the run broke what they rest on
  --json          ends with one line of JSON

Ends with 0; with 1 if --check found something, 2 for what cannot be read or obeyed.`;

/** A flag that cannot be obeyed. */
export class BadFlag extends Error {}

/** @throws {BadFlag} when a flag is unknown, or its value is not what it must be */
export function parseFlags(args: readonly string[]): TraceOrder {
  const { values, positionals } = read(args);
  if (positionals.length === 0) throw new BadFlag('At least one file must be named, received none');
  const { out, html, shiviz, mermaid, check, json } = values;
  return {
    ...{ files: positionals, out, html, shiviz, mermaid, check, json },
    skew: values.skew === undefined ? undefined : skewOf(values.skew),
    without: withoutOf(values.without),
  };
}

function read(args: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(args);
  } catch (error) {
    throw new BadFlag(error instanceof Error ? error.message : String(error));
  }
}

function parse(args: readonly string[]): {
  readonly values: {
    readonly out: string | undefined;
    readonly html: string | undefined;
    readonly shiviz: string | undefined;
    readonly mermaid: string | undefined;
    readonly skew: string | undefined;
    readonly without: string;
    readonly check: boolean;
    readonly json: boolean;
  };
  readonly positionals: readonly string[];
} {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      check: { type: 'boolean', default: false },
      html: { type: 'string' },
      json: { type: 'boolean', default: false },
      mermaid: { type: 'string' },
      out: { type: 'string' },
      shiviz: { type: 'string' },
      skew: { type: 'string' },
      without: { type: 'string', default: '' },
    },
  });
  const { out, html, shiviz, mermaid, skew, without, check, json } = values;
  return { values: { out, html, shiviz, mermaid, skew, without, check, json }, positionals };
}

function skewOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new BadFlag(`--skew must be a whole number of milliseconds, received ${text}`);
}

function withoutOf(text: string): readonly ('exclusion' | 'tokens')[] {
  return text.split(',').flatMap((name) => {
    if (name === '') return [];
    if (name === 'exclusion' || name === 'tokens') return [name];
    throw new BadFlag(`--without must be of exclusion and tokens, received ${name}`);
  });
}
