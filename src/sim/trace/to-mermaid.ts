/**
 * A trace as a sequence diagram of Mermaid, which code hosts draw in issues: who asked for what,
 * what was said, and what came of it.
 */

import { type Story, type StoryEvent, type StoryMessage, storyOf } from './story.ts';
import type { Trace } from './trace-event.ts';

/** How much of a trace is drawn. */
export interface MermaidOptions {
  /**
   * How many events, at most: the last ones, which are those before a violation. More is more than
   * most hosts draw.
   *
   * @default 150
   */
  readonly last?: number;
}

/** Kinds that are told as a note; what is heard is an arrow, and the rest is left out. */
const noted: ReadonlySet<string> = new Set([
  ...['call', 'failed', 'fault', 'granted', 'life', 'lost', 'violation'],
]);

/**
 * Draws the end of a trace.
 *
 * @returns the text of a `sequenceDiagram`
 */
export function traceToMermaid(trace: Trace, options: MermaidOptions = {}): string {
  const story = storyOf(trace);
  const messages = new Map(story.messages.map((each) => [each.to, each]));
  const lines = story.events.flatMap((event, index) => {
    return linesFor(story, event, messages.get(index));
  });
  const last = options.last ?? 150;
  const cut = Math.max(0, lines.length - last);
  const left = cut === 0 ? [] : [`note over ${spanOf(story)}: ${cut} earlier events are left out`];
  const lanes = story.lanes.map((lane) => `participant ${quoted(lane)}`);
  return `${['sequenceDiagram', ...lanes, ...left, ...lines.slice(cut)].join('\n  ')}\n`;
}

function linesFor(
  story: Story,
  { kind, title, lane }: StoryEvent,
  message: StoryMessage | undefined,
): readonly string[] {
  const arrow = message === undefined ? null : arrowOf(story, lane, message);
  const note = noted.has(kind) ? noteOf(story, lane, title) : null;
  return [arrow, note].filter((line) => line !== null);
}

function arrowOf(story: Story, lane: number, message: StoryMessage): string | null {
  const from = story.lanes[story.events[message.from]?.lane ?? -1];
  const to = story.lanes[lane];
  if (from === undefined || to === undefined || message.isKeepAlive) return null;
  const about = message.resources.length === 0 ? '' : ` ${message.resources.join(' ')}`;
  return `${quoted(from)}->>${quoted(to)}: ${escaped(message.label + about)}`;
}

function noteOf(story: Story, lane: number, title: string): string {
  const own = story.lanes[lane];
  const over = own === undefined ? spanOf(story) : quoted(own);
  return `note over ${over}: ${escaped(title)}`;
}

/** From the first lane to the last. */
function spanOf({ lanes }: Story): string {
  const [first = '', last = first] = [lanes[0], lanes.at(-1)];
  return first === last ? quoted(first) : `${quoted(first)},${quoted(last)}`;
}

/** A name that Mermaid takes for one word. */
function quoted(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}

/** Without what ends a line, or means something, in Mermaid. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[;#:<>]/g, (sign) => `#${sign.charCodeAt(0)};`);
}
