/**
 * What it costs to put frames into bytes and to read them again, in the ways that there are:
 * `npm run bench:codec`. docs/bench.md says which was chosen, and why.
 */

import { Packr, Unpackr } from 'msgpackr/pack';
import { decode } from '../src/peer/codec.ts';
import { encodeFrame, parseFrame } from '../src/peer/frame-codec.ts';
import {
  type Frame,
  generation,
  leaseTimeMs,
  type Message,
  type RoundNumber,
  roundNumber,
  type Stamp,
  stamp,
} from '../src/protocol/index.ts';

/** Each way is timed so often, in turns; the best counts. */
const rounds = 60;

const token: Stamp = stamp(310_000_000_000_000);

/** What a round says on one link, both ways, until it is over; so many of them share a frame. */
const pairs = 64;
const frames: readonly Frame[] = [
  frameOf((round) => prepareOf(round)),
  frameOf((round) => {
    const [after, floor] = [[], stamp(0)];
    return { type: 'vote', round, generation: generation(round + 7), token, after, floor };
  }),
  frameOf((round) => ({ type: 'commit', round, token })),
  frameOf((round) => ({ type: 'release', round, token })),
];

const plain = new Packr({ encodeUndefinedAsNil: true, useRecords: false, variableMapSize: true });
const reusing = new Packr({ encodeUndefinedAsNil: true, useRecords: false, variableMapSize: true });
const buffer = Buffer.allocUnsafe(1_024 * 1_024);
const unpackr = new Unpackr({ int64AsType: 'number', mapsAsObjects: true, useRecords: false });
const nested = frames.map(nestedOf);
const flat = nested.map((values) => values.flat(3));

interface Way {
  readonly name: string;
  /** Writes the frame, or its values, of that number. */
  write(index: number): Uint8Array;
  read(bytes: Uint8Array): unknown;
}

const ways: readonly Way[] = [
  {
    name: 'value by value, checked as it is read',
    write: (index) => encodeFrame(at(frames, index)),
    read: parseFrame,
  },
  {
    name: 'msgpackr, nested arrays made before; read into arrays by codec.ts',
    write: (index) => plain.encode(at(nested, index)),
    read: decode,
  },
  {
    name: 'the same arrays, read by msgpackr, which cannot refuse extensions',
    write: (index) => plain.encode(at(nested, index)),
    read: (bytes) => unpackr.decode(bytes),
  },
  {
    name: 'msgpackr, nested arrays into one buffer that is used again',
    write: (index) => reused(at(nested, index)),
    read: (bytes) => unpackr.decode(bytes),
  },
  {
    name: 'msgpackr, one flat array; read into an array by codec.ts',
    write: (index) => plain.encode(at(flat, index)),
    read: decode,
  },
  {
    name: 'arrays made of frames, written by msgpackr; read into arrays',
    write: (index) => plain.encode(nestedOf(at(frames, index))),
    read: decode,
  },
];

const best = ways.map(() => ({ write: Number.POSITIVE_INFINITY, read: Number.POSITIVE_INFINITY }));
for (let round = 0; round < rounds; round++) ways.forEach(measure);
for (const [index, { name, write }] of ways.entries()) {
  const { write: writeNs, read: readNs } = at(best, index);
  const bytes = frames.reduce((sum, _, each) => sum + write(each).length, 0) / pairs;
  const figures = `write ${writeNs.toFixed(0)} ns, read ${readNs.toFixed(0)} ns`;
  process.stdout.write(`${figures}, ${bytes.toFixed(0)} bytes: ${name}\n`);
}

function measure({ write, read }: Way, index: number): void {
  const figures = at(best, index);
  const written = frames.map((_, each) => Buffer.from(write(each)));
  figures.write = Math.min(
    figures.write,
    nsOf((each) => write(each)),
  );
  figures.read = Math.min(
    figures.read,
    nsOf((each) => read(at(written, each))),
  );
}

/** For one pair on one link. */
function nsOf(act: (index: number) => void): number {
  const repeats = 50;
  const startedMs = performance.now();
  for (let repeat = 0; repeat < repeats; repeat++) for (const index of frames.keys()) act(index);
  return ((performance.now() - startedMs) * 1e6) / (repeats * pairs);
}

function reused(value: unknown): Uint8Array {
  reusing.useBuffer(buffer);
  return reusing.encode(value);
}

/** By hand, and not by `writeFrame`: that is to be compiled for one kind of sink, as in use. */
function nestedOf({ sequence, stamp: sent, echo, clock, messages }: Frame): unknown[] {
  return [sequence, sent, echo, clock, messages.map(fieldsOf)];
}

function fieldsOf(message: Message): unknown[] {
  switch (message.type) {
    case 'prepare': {
      const names = message.resources.map(({ name }) => name);
      return [5, message.round, names, message.ticket, message.token, 0, 0];
    }
    case 'vote': {
      const { round, generation: cast, after, floor } = message;
      return [6, round, cast, message.token, after, floor];
    }
    case 'commit':
    case 'release':
      return [message.type === 'commit' ? 11 : 13, message.round, message.token];
    default:
      throw new RangeError(`No frame here has ${message.type}`);
  }
}

function frameOf(messageOf: (round: RoundNumber) => Message): Frame {
  const each = Array.from({ length: pairs }, (_, index) => messageOf(roundNumber(70_000 + index)));
  const [stampMs, echoMs] = [leaseTimeMs(1_000_000), leaseTimeMs(999_990)];
  return { sequence: 70_000, stamp: stampMs, echo: echoMs, clock: token, messages: each };
}

function prepareOf(round: RoundNumber): Message {
  return {
    type: 'prepare',
    round,
    resources: [{ name: `jobs/${round}`, mode: 'exclusive' }],
    ticket: token,
    token,
    committed: false,
    patience: 'wait',
    maxHoldMs: Number.POSITIVE_INFINITY,
    lingers: false,
    value: null,
  };
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`There is no item ${index}`);
  return item;
}
