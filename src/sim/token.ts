/**
 * A plan in one line: for a plan as it was drawn its seed, for a smaller one what is left of it.
 *
 *     s1.<seed>.<sum of the plan>[.<options>].<sum of the line>
 *     d1.<seed>.<sum of the plan>.<packed, given the plan drawn>[.<options>].<sum of the line>
 *     p1.<packed plan>.<sum of the line>
 *     z1.<packed plan, deflated>.<sum of the line>
 *
 * The number is the version of plans. Numbers are in base 36, bytes in base64url.
 */

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type DrawOptions, requireDrawOptions } from './draw-options.ts';
import { drawPlan } from './draw-plan.ts';
import { parsePlan } from './parse-plan.ts';
import { type Plan, planVersion } from './plan.ts';
import { checksum, packPlan, unpackPlan } from './plan-bytes.ts';

/** What a token says. */
export type Token =
  /** The plan that this version of lockmesh draws from a seed. */
  | (Drawn & { readonly of: 'seed' })
  /** A plan that has much in common with the one that is drawn from a seed. */
  | (Drawn & { readonly of: 'rest'; readonly packed: Uint8Array })
  /** A plan in full. */
  | { readonly of: 'plan'; readonly packed: Uint8Array };

interface Drawn {
  readonly seed: number;
  readonly options: DrawOptions;
  /** Of the bytes of the plan. */
  readonly sum: number;
}

/** A plan has no more bytes than that. */
const planBytesMax = 4 * 1024 * 1024;

/**
 * The line that repeats a plan. Of a plan that a swarm drew, or of what shrinking left of one, it
 * has at most 200 characters; other plans may need more.
 *
 * @param options those with which the plan was drawn
 */
export function tokenOf(plan: Plan, options: DrawOptions = {}): string {
  const bytes = packPlan(plan);
  const drawn = packPlan(drawPlan(plan.seed, options));
  const head = [plan.seed.toString(36), checksum(bytes).toString(36)];
  const said = Object.keys(options).length > 0 ? [base64Of(encode(JSON.stringify(options)))] : [];
  if (checksum(drawn) === checksum(bytes)) return signed('s', [...head, ...said]);
  const rest = deflateRawSync(bytes, { level: 9, dictionary: drawn });
  const tokens = [
    signed('p', [base64Of(bytes)]),
    signed('z', [base64Of(deflateRawSync(bytes, { level: 9 }))]),
    signed('d', [...head, base64Of(rest), ...said]),
  ];
  return tokens.reduce((best, token) => (token.length < best.length ? token : best));
}

/**
 * The plan that a token names.
 *
 * @throws `TypeError` when it is no token, is damaged, or is of another version of lockmesh
 */
export function planOf(text: string): Plan {
  const token = parseToken(text);
  if (token.of === 'plan') return parsePlan(unpackPlan(token.packed));
  const drawn = drawPlan(token.seed, token.options);
  const bytes = packPlan(drawn);
  if (token.of === 'seed') return checksum(bytes) === token.sum ? drawn : refuseVersion(token);
  const rest = inflated(token.packed, bytes);
  return rest !== null && checksum(rest) === token.sum
    ? parsePlan(unpackPlan(rest))
    : refuseVersion(token);
}

/**
 * What a token says.
 *
 * @throws `TypeError` when it is no token, is damaged, or is of another version of plans
 */
export function parseToken(text: string): Token {
  const [, kind, version, body = '', sum] = shape.exec(text.trim()) ?? [];
  if (kind === undefined) {
    return refuse(`such as s2.ya.1x2y3z.abc123, received ${JSON.stringify(text.slice(0, 80))}`);
  }
  if (Number(version) !== planVersion) {
    return refuse(`of version ${planVersion} of plans, received one of version ${version}`);
  }
  if (sumOf(`${kind}${version}.${body}`) !== sum) return refuse('whole, received a damaged one');
  const parts = body.split('.');
  switch (kind) {
    case 's':
      return { of: 'seed', ...drawnOf(parts, parts[2]) };
    case 'd':
      return { of: 'rest', ...drawnOf(parts, parts[3]), packed: bytesOf(parts[2]) };
    case 'p':
      return { of: 'plan', packed: bytesOf(parts[0]) };
    default: {
      const packed = inflated(bytesOf(parts[0]), new Uint8Array());
      return packed === null ? refuse('whole, received a damaged one') : { of: 'plan', packed };
    }
  }
}

/** A kind, the version, what it says, and the sum of all that. */
const shape = /^([sdpz])(\d+)\.([\w.-]+)\.([0-9a-z]+)$/;

function signed(kind: string, parts: readonly string[]): string {
  const line = `${kind}${planVersion}.${parts.join('.')}`;
  return `${line}.${sumOf(line)}`;
}

function sumOf(line: string): string {
  return checksum(encode(line)).toString(36);
}

function drawnOf([seed = '', sum = '']: readonly string[], said: string | undefined): Drawn {
  const options: unknown = said === undefined ? {} : JSON.parse(decode(bytesOf(said)));
  requireDrawOptions(options);
  return { seed: Number.parseInt(seed, 36), sum: Number.parseInt(sum, 36), options };
}

/** @returns `null` where the bytes are not what was deflated with this dictionary */
function inflated(packed: Uint8Array, dictionary: Uint8Array): Uint8Array | null {
  try {
    const given = dictionary.length > 0 ? { dictionary } : {};
    return inflateRawSync(packed, { maxOutputLength: planBytesMax, ...given });
  } catch {
    return null;
  }
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function bytesOf(text = ''): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64url'));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function refuseVersion({ seed }: Drawn): never {
  return refuse(
    `of a version of lockmesh that draws the same plans, and seed ${seed} gives another one here`,
  );
}

function refuse(wanted: string): never {
  throw new TypeError(`Cannot read token: it must be ${wanted}`);
}
