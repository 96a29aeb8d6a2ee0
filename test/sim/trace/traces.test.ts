/**
 * What is recorded of a run, and what is made of it: lines of JSON, pictures, and complaints about
 * what is none.
 */

import { Script } from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/sim/plan.ts';
import { runPlan } from '../../../src/sim/run-plan.ts';
import { checkTrace } from '../../../src/sim/trace/check-trace.ts';
import { formatTrace } from '../../../src/sim/trace/format-trace.ts';
import { readTrace, TraceSyntaxError } from '../../../src/sim/trace/read-trace.ts';
import { TraceRecorder } from '../../../src/sim/trace/recorder.ts';
import { storyOf } from '../../../src/sim/trace/story.ts';
import { traceToHtml } from '../../../src/sim/trace/to-html.ts';
import { traceToMermaid } from '../../../src/sim/trace/to-mermaid.ts';
import { traceToShiviz } from '../../../src/sim/trace/to-shiviz.ts';
import { isOfPeer, type PeerEvent, type Trace } from '../../../src/sim/trace/trace-event.ts';
import { ask, smallPlan } from '../small-plan.ts';

/** Two claims of one name, a crash of its holder, and a cut. */
const plan: Plan = smallPlan([
  ask(100, 0, { holdMs: 5_000 }),
  ask(200, 1, { names: ['x', 'y<b>'] }),
  {
    when: { atMs: 300 },
    act: { do: 'crash', host: 0, network: 'reset', disk: 'last write kept', forMs: 500 },
  },
  { when: { atMs: 1_500 }, act: { do: 'hold', from: 1, to: 2, forMs: 100 } },
]);

let trace: Trace = [];

beforeAll(async () => {
  const recorder = new TraceRecorder();
  const traced = await runPlan(plan, { recorder });
  const plain = await runPlan(plan);
  expect(traced.hash).toBe(plain.hash);
  expect(traced.failure).toBeNull();
  trace = recorder.trace();
});

function stepOf(matches: (event: PeerEvent & { type: 'step' }) => boolean): PeerEvent {
  const found = trace.find((event) => event.type === 'step' && matches(event));
  if (found === undefined || !isOfPeer(found)) throw new Error('no such step');
  return found;
}

describe('a trace', () => {
  test('is the same when it was written and read', () => {
    expect(readTrace(formatTrace(trace))).toEqual(trace);
  });

  test('tells what led to what: faults to ends and starts, grants to releases', () => {
    const byId = new Map(trace.map((event) => [event.id, event]));
    const killed = trace.find((event) => event.type === 'end' && event.killed === true);
    expect(byId.get(killed?.cause ?? '')).toMatchObject({ type: 'fault', phase: 'begins' });
    const again = trace.find((event) => isOfPeer(event) && event.id === 'a#2:1');
    expect(byId.get(again?.cause ?? '')).toMatchObject({ type: 'fault', phase: 'ends' });
    const release = stepOf(({ lane, input }) => lane === 'b' && input.type === 'release');
    const granted = byId.get(release.cause ?? '');
    expect(granted?.type === 'step' && granted.outputs.some(({ type }) => type === 'granted')).toBe(
      true,
    );
  });

  test('has every event of a process in the past of its next one', () => {
    const last = new Map<string, number>();
    for (const { process, clock } of trace.filter(isOfPeer)) {
      expect(clock[process]).toBe((last.get(process) ?? 0) + 1);
      last.set(process, clock[process] ?? 0);
    }
    expect([...last.keys()].toSorted()).toEqual(['a', 'a#2', 'b', 'c']);
  });
});

describe('a story', () => {
  test('has who held what, until when, and why no longer', () => {
    const { holds, lanes, resources } = storyOf(trace);
    expect(resources).toEqual(['x', 'y<b>']);
    const [first, second] = holds.filter(({ resource }) => resource === 'x');
    expect([lanes[first?.lane ?? -1], first?.end]).toEqual(['a', 'process ended']);
    expect([lanes[second?.lane ?? -1], second?.end]).toEqual(['b', 'released']);
    expect(second?.from).toBeGreaterThan(first?.to ?? 0);
  });

  test('has faults from their beginning to their end', () => {
    const { faults, events } = storyOf(trace);
    const times = faults.map(({ what, from, to, lanes }) => {
      const lasted = (events[to]?.at ?? 0) - (events[from]?.at ?? 0);
      return [what.split(' ')[0], lanes, Math.round(lasted)];
    });
    expect(times).toEqual([
      ['a', [0], 500],
      ['nothing', [1, 2], 100],
    ]);
  });
});

describe('ShiViz', () => {
  test('gets the clock of each host counted by one, and none that it has not seen', () => {
    const [header, blank, ...lines] = traceToShiviz(trace).trimEnd().split('\n');
    expect(header).toBe('(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)');
    expect(blank).toBe('');
    const counts = new Map<string, number>();
    for (let index = 0; index < lines.length; index += 2) {
      const [, host = '', json = ''] = /^(\S*) (\{.*\})$/.exec(lines[index] ?? '') ?? [];
      const clock = JSON.parse(json) as Record<string, number>;
      expect(clock[host]).toBe((counts.get(host) ?? 0) + 1);
      counts.set(host, clock[host] ?? 0);
      for (const [other, count] of Object.entries(clock)) {
        expect(count).toBeLessThanOrEqual(counts.get(other) ?? 0);
      }
    }
    expect(lines.length).toBeGreaterThan(100);
  });
});

describe('Mermaid', () => {
  test('gets arrows and notes, and no sign that ends a line of its', () => {
    const [first, ...lines] = traceToMermaid(trace, { last: 60 }).trimEnd().split('\n  ');
    expect(first).toBe('sequenceDiagram');
    const form = /^(participant \w+|\w+->>\w+: [^<>]+|note over \w+(,\w+)?: [^<>]+)$/;
    expect(lines.filter((line) => !form.test(line))).toEqual([]);
    expect(lines).toHaveLength(3 + 1 + 60);
  });
});

describe('the page', () => {
  test('needs nothing else, and cannot be broken out of', () => {
    const html = traceToHtml(trace, { title: '</title><script>' });
    expect(html).not.toMatch(/\b(src|href)=/);
    expect(html.match(/<script/g)).toHaveLength(2);
    const [, json = ''] = /id="data">(.*?)<\/script>/s.exec(html) ?? [];
    expect(JSON.parse(json)).toMatchObject({ lanes: ['a', 'b', 'c'], resources: ['x', 'y<b>'] });
    const [, script = ''] = /<script>(.*?)<\/script>/s.exec(html) ?? [];
    expect(() => new Script(script)).not.toThrow();
  });
});

describe('what is no trace', () => {
  const start = (): string => formatTrace(trace.slice(0, 1));

  test.each([
    ['{"type":', /line 2: .*JSON/],
    ['[]', 'line 2: an event must be an object, received []'],
    ['{"type":"stop"}', 'type must be one of start, step, end, fault, violation, received "stop"'],
    ['{"type":"fault","at":-1}', 'line 2: at must be a number of milliseconds, received -1'],
  ])('is named by the number of its line: %s', (line, message) => {
    const reading = () => readTrace(`${start()}${line}\n`);
    expect(reading).toThrow(TraceSyntaxError);
    expect(reading).toThrow(message);
  });

  test('is refused also deep in a frame', () => {
    const text = formatTrace(trace).replace(
      '"type":"vote","round":1,',
      '"type":"vote","round":-1,',
    );
    expect(() => readTrace(text)).toThrow(/line \d+: frame must be one \(vote: round should be/);
  });

  test('may be the last line, which its process could not finish', () => {
    const text = formatTrace(trace);
    expect(readTrace(text.slice(0, -20))).toEqual(trace.slice(0, -1));
    const [first = '', second = ''] = text.split('\n');
    const goneOn = `${first.slice(0, -20)}\n\n${second}\n`;
    expect(readTrace(goneOn)).toEqual(readTrace(`${second}\n`));
  });
});

describe('a trace that was changed', () => {
  test('differs from what the core does: the step is named', () => {
    const token = trace.findIndex((event) => {
      return event.type === 'step' && event.outputs.some(({ type }) => type === 'granted');
    });
    const granted = trace[token];
    if (granted?.type !== 'step') throw new Error('no grant');
    const outputs = granted.outputs.filter(({ type }) => type !== 'granted');
    const changed = trace.map((event, index) =>
      index === token ? { ...granted, outputs } : event,
    );
    const { findings } = checkTrace(changed);
    expect(findings[0]).toMatchObject({ check: 'replay', event: granted.id });
    expect(findings[0]?.message).toMatch(/again, with granted claim=\d+ token=/);
  });

  test('has no incarnation twice', () => {
    const text = formatTrace(trace);
    const again = readTrace(text + formatTrace(trace.filter(({ id }) => id === 'a#2:1')));
    expect(checkTrace(again).findings).toMatchObject([
      { check: 'replay', message: 'a#3 has the incarnation of another' },
    ]);
  });

  test('is judged as far as nothing is missing', () => {
    const without = trace.filter(({ id }) => id !== 'b:40');
    const { findings, unjudged } = checkTrace(without);
    expect(unjudged).toEqual(['b from b:41 on: 40 to 40 are missing']);
    expect(findings).toEqual([]);
  });

  test('is not judged where its beginning is not known', () => {
    const { unjudged } = checkTrace(trace.filter(({ id }) => id !== 'c:1'));
    expect(unjudged).toEqual(['c: its trace begins with c:2, not its start']);
  });
});
