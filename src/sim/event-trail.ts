/**
 * The last things that happened in a run, as lines for people: events of the world, and what the
 * scenario noted down among them.
 */

import { parseFrame } from '../peer/frame-codec.ts';
import { describeMessage } from '../protocol/describe.ts';
import type { Kernel } from './kernel.ts';
import type { Task } from './task.ts';
import { formatMs } from './waits.ts';

/** How many notes are kept. */
const notesMax = 1_000;

interface Line {
  readonly atUs: number;
  readonly text: string;
}

export class EventTrail {
  readonly #kernel: Kernel;
  #notes: Line[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  note(text: string): void {
    this.#notes.push({ atUs: this.#kernel.nowUs, text });
    if (this.#notes.length > 2 * notesMax) this.#notes = this.#notes.slice(-notesMax);
  }

  /** The last lines, in order. */
  last(count: number): readonly string[] {
    const events = this.#kernel.recent().flatMap((task): Line[] => {
      const text = describeTask(task);
      return text === null ? [] : [{ atUs: task.atUs, text }];
    });
    return [...events, ...this.#notes]
      .sort((one, other) => one.atUs - other.atUs)
      .slice(-count)
      .map(({ atUs, text }) => `${formatMs(atUs / 1_000)}  ${text}`);
  }
}

/** What happened; `null` for what happens all the time. */
function describeTask({ kind, actor, detail }: Task): string | null {
  const who = actor?.name ?? 'the network';
  if (typeof detail !== 'string') return describeBytes(who, detail);
  switch (kind) {
    case 'timer':
    case 'turn':
    case 'resume':
      return null;
    case 'sleep':
      return actor === null ? 'the scenario goes on' : `${who} wakes up`;
    default:
      return `${who}: ${kind} ${detail}`.trimEnd();
  }
}

function describeBytes(who: string, bytes: Uint8Array): string | null {
  const parsed = parseFrame(bytes);
  if (!parsed.ok) return `${who} receives ${bytes.length} bytes`;
  const { messages } = parsed.frame;
  if (messages.length === 0) return null;
  return `${who} receives ${messages.map(describeMessage).join('; ')}`;
}
