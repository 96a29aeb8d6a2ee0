/**
 * A trace as one page of HTML that needs nothing else: no network, no other file.
 */

import { describeStamp } from '../../protocol/describe.ts';
import { stamp } from '../../protocol/ids.ts';
import { control } from './page/control.ts';
import { draw } from './page/draw.ts';
import { drawEvents } from './page/draw-events.ts';
import { model } from './page/model.ts';
import { style } from './page/style.ts';
import { type Story, type StoryEvent, storyOf } from './story.ts';
import { isOfPeer, type Trace } from './trace-event.ts';

/** What a page says of itself. */
export interface HtmlOptions {
  /**
   * What stands at its top.
   *
   * @default 'Trace'
   */
  readonly title?: string;
}

/**
 * Draws a trace.
 *
 * @returns the page, to be written to a file and opened in a browser
 */
export function traceToHtml(trace: Trace, options: HtmlOptions = {}): string {
  const story = storyOf(trace);
  const title = escaped(options.title ?? 'Trace');
  // Nothing in it can end the element that it stands in.
  const json = JSON.stringify(dataOf(story)).replace(/</g, '\\u003c');
  return `<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
${headerOf(story, title)}
<div id="why"></div>
<main>
<div id="stage"><canvas id="overview" aria-hidden="true"></canvas>
<div id="scroll"><canvas id="chart" tabindex="0" aria-label="Events of each peer"></canvas></div>
</div>
<aside id="details" aria-live="polite"></aside>
</main>
${footer}
<script type="application/json" id="data">${json}</script>
<script>${model}${draw}${drawEvents}${control}</script>
</body>
</html>
`;
}

const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

function headerOf({ events, lanes, resources }: Story, title: string): string {
  const isBroken = events.some(({ kind }) => kind === 'violation');
  const verdict = isBroken ? ['broken', 'A promise was broken'] : ['sound', 'No violation'];
  const names = resources.map(
    (name, index) => `<option value="${index}">${escaped(name)}</option>`,
  );
  return `<header>
<h1>${title}</h1>
<span class="verdict ${verdict[0]}">${verdict[1]}</span>
<span class="count">${lanes.length} peers</span><span class="count" id="shown"></span>
<div class="controls">
<select id="resource" aria-label="Resource">
<option value="-1">All resources</option>${names.join('')}
</select>
<button type="button" id="keepAlives" aria-pressed="false">Keep-alives</button>
<button type="button" id="axis" aria-pressed="false">True to time</button>
<button type="button" id="out" aria-label="Zoom out">−</button>
<button type="button" id="in" aria-label="Zoom in">+</button>
<button type="button" id="fit">Fit</button>
<button type="button" id="dark" aria-pressed="false">Dark</button>
</div>
</header>`;
}

const legend: readonly (readonly [string, string, string])[] = [
  ['call', '', 'the application calls'],
  ['granted', '', 'granted'],
  ['failed', '', 'failed'],
  ['lost', '', 'lost'],
  ['heard', '', 'a message is heard or sent'],
  ['link', '', 'a link comes or goes'],
  ['life', 'box', 'a process starts or ends'],
  ['fault', 'box', 'something is wrong'],
  ['violation', 'box', 'a promise was broken'],
];

const keys = `<span class="keys"><kbd>←</kbd> <kbd>→</kbd> step,
<kbd>↑</kbd> <kbd>↓</kbd> on the lane, <kbd>c</kbd> cause, <kbd>v</kbd> violation,
<kbd>+</kbd> <kbd>−</kbd> zoom, <kbd>0</kbd> fit</span>`;

const shapes = legend.map(([colour, shape, text]) => {
  return `<span><i class="${shape}" style="background: var(--${colour})"></i>${text}</span>`;
});

const footer = `<footer>${shapes.join('')}${keys}</footer>`;

/** What the script draws; numbers in place of names that come again and again. */
function dataOf(story: Story): unknown {
  const { lanes, resources, messages, holds, faults } = story;
  const kinds = [...new Set(story.events.map(({ kind }) => kind))];
  const indices = new Map(resources.map((name, index) => [name, index]));
  const numbered = (names: readonly string[]): readonly number[] => {
    return names.map((name) => indices.get(name) ?? -1);
  };
  const events = story.events.map((each) => {
    const { at, lane, kind, title, lines, cause } = each;
    const about = { resources: numbered(each.resources), facts: factsOf(each) };
    const { id } = each.event;
    return { id, at: rounded(at), lane, kind: kinds.indexOf(kind), title, lines, cause, ...about };
  });
  return {
    ...{ lanes, resources, kinds, events, faults },
    messages: messages.map((each) => ({ ...each, resources: numbered(each.resources) })),
    holds: holds.map(({ resource, token, ...hold }) => {
      const text = describeStamp(stamp(token));
      return { ...hold, resource: indices.get(resource) ?? -1, token: text };
    }),
  };
}

/** What is told of an event besides what happened. */
function factsOf({ event, resources }: StoryEvent): readonly (readonly [string, string])[] {
  if (!isOfPeer(event)) return event.type === 'fault' ? [['hosts', event.hosts.join(' ')]] : [];
  const clock = Object.entries(event.clock).map(([process, count]) => `${process} ${count}`);
  return [
    ['process', event.process],
    ['monotonic', `${event.now} ms`],
    ['wall', `${event.wall} ms`],
    ...(resources.length === 0 ? [] : [['about', resources.join(', ')] as const]),
    ['clock', clock.join(', ')],
  ];
}

function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
