/**
 * The rules of the project that no compiler knows: who imports whom, what the pure parts may not
 * touch, how long things may get, and that documentation and code say the same.
 *
 * Each check is a function from sources to findings in test/tidy; here it is run on the project, where
 * it must find nothing, and, where that is not plain, on a bad sample, where it must find something.
 */

import { describe, expect, test } from 'vitest';
import { forbiddenImports, importCycles } from './tidy/imports.ts';
import { describeModule, readModule, undocumented } from './tidy/public-api.ts';
import { codesIn, membersOfInterface, section, tableKeys, typescriptBlock } from './tidy/readme.ts';
import {
  citedIn,
  foundByThought,
  inSections,
  namedInTraces,
  repeated,
  rulesOf,
} from './tidy/rules.ts';
import { filesIn, type Source, sourceOf, sourcesIn, textOf } from './tidy/sources.ts';
import {
  casts,
  longFunctions,
  longParameterLists,
  longTexts,
  matches,
  silencers,
  suspensions,
  timelyNames,
  unusedForms,
  worldlyNames,
} from './tidy/syntax.ts';

const protocolSources = sourcesIn('src/protocol');
const peerSources = sourcesIn('src/peer');
const simSources = sourcesIn('src/sim');
const src: readonly Source[] = [...protocolSources, ...peerSources, ...simSources];
const outside = sourcesIn('examples', 'bench');
const tests = sourcesIn('test');
const everything: readonly Source[] = [...src, ...outside, ...tests];

/** Files over the limit of lines, each with the reason why it is still one thing. */
const longFiles: ReadonlyMap<string, string> = new Map();

/** The files of src/peer that are made of Node's own clocks, timers and randomness. */
const runtimeFiles = ['src/peer/node-runtime.ts', 'src/peer/websocket-transport.ts'];

const none: readonly string[] = [];

describe('imports', () => {
  test('follow the dependency rule', () => {
    expect(forbiddenImports(everything)).toEqual(none);
  });

  test('run in no circle', () => {
    expect(importCycles(src)).toEqual(none);
  });

  test.each([
    ['src/protocol/bad.ts', "import { x } from 'node:fs';"],
    ['src/protocol/bad.ts', "import type { Peer } from '../peer/peer.ts';"],
    ['src/protocol/bad.ts', "export * from './index.ts';"],
    ['src/peer/bad.ts', "import { WebSocket } from 'ws';"],
    ['src/peer/bad.ts', "import type { WebSocket } from 'ws';"],
    ['src/peer/bad.ts', "const pino = await import('pino');"],
    ['src/peer/bad.ts', "import { pack } from 'msgpackr/pack';"],
    ['src/peer/bad.ts', "import { run } from '../sim/run.ts';"],
    ['src/peer/bad.ts', "type Sim = import('../sim/run.ts').Run;"],
    ['src/peer/bad.ts', "import lodash from 'lodash';"],
    ['src/peer/bad.ts', "import { pair } from '../../test/harness/pair.ts';"],
    ['src/sim/bad.ts', "import { dial } from '../peer/websocket-transport.ts';"],
  ])('%s may not say: %s', (path, text) => {
    expect(forbiddenImports([sourceOf(path, text)])).toHaveLength(1);
  });

  test('a circle of types is a circle', () => {
    const one = sourceOf('src/protocol/one.ts', "import type { B } from './two.ts';");
    const two = sourceOf('src/protocol/two.ts', "export * from './one.ts';");
    expect(importCycles([one, two])).toHaveLength(1);
  });
});

describe('the pure parts', () => {
  test('touch no clock, timer, chance or process', () => {
    expect(worldlyNames([...protocolSources, ...simSources])).toEqual(none);
  });

  test('src/protocol never suspends', () => {
    expect(suspensions(protocolSources)).toEqual(none);
  });

  test('src/peer has its time and chance from the runtime', () => {
    const given = peerSources.filter(({ path }) => !runtimeFiles.includes(path));
    expect(timelyNames(given)).toEqual(none);
  });

  test.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const now = performance.now();',
    'const dice = Math.random();',
    'setTimeout(run, 5);',
    'queueMicrotask(run);',
    'process.nextTick(run);',
    'const now = globalThis.Date.now();',
    'const signal = AbortSignal.timeout(5);',
  ])('may not say: %s', (text) => {
    expect(worldlyNames([sourceOf('src/protocol/bad.ts', text)])).toHaveLength(1);
  });

  test('may have fields of such names', () => {
    const text = 'interface Tick { readonly process: number }; const p = tick.process;';
    expect(worldlyNames([sourceOf('src/protocol/good.ts', text)])).toEqual(none);
  });
});

describe('types', () => {
  test('are asserted in ids.ts only, within src/protocol', () => {
    const rest = protocolSources.filter(({ path }) => path !== 'src/protocol/ids.ts');
    expect(casts(rest)).toEqual(none);
  });

  test('are never silenced in src', () => {
    expect(silencers(src)).toEqual(none);
  });

  test('need no enum, namespace or default export', () => {
    expect(unusedForms(src)).toEqual(none);
  });

  test('`as` is told from `as const`, from a renamed import, and from a word in a comment', () => {
    const good = "import { a as b } from './a.ts'; const c = [1] as const; // as good as any";
    expect(casts([sourceOf('src/protocol/good.ts', good)])).toEqual(none);
    expect(casts([sourceOf('src/protocol/bad.ts', 'const a = b as unknown as C;')])).toHaveLength(
      2,
    );
  });

  test.each([
    'const a: any = 1;',
    'const a = b!.c;',
    'class A { b!: number }',
    '// @ts-expect-error because',
    '// biome-ignore lint: because',
  ])('may not be silenced by: %s', (text) => {
    expect(silencers([sourceOf('src/peer/bad.ts', text)])).toHaveLength(1);
  });
});

describe('budgets', () => {
  test('a line has at most 100 characters, a file 300 lines', () => {
    const counted = everything.filter(({ path }) => !longFiles.has(path));
    expect(longTexts(counted, { charactersMax: 100, linesMax: 300 })).toEqual(none);
  });

  test('a function has at most 70 lines', () => {
    expect(longFunctions(everything, 70)).toEqual(none);
  });

  test('a function takes at most three parameters', () => {
    expect(longParameterLists(src, 3)).toEqual(none);
  });

  test('what is too long is found', () => {
    const lines = Array.from({ length: 80 }, () => '  run();').join('\n');
    const long = sourceOf('src/peer/bad.ts', `function f(a, b, c, d) {\n${lines}\n}\n`);
    expect(longFunctions([long], 70)).toEqual([
      'src/peer/bad.ts:1 function of 82 lines, at most 70',
    ]);
    expect(longParameterLists([long], 3)).toHaveLength(1);
    expect(longTexts([long], { charactersMax: 7, linesMax: 81 })).toHaveLength(82);
  });
});

describe('files', () => {
  test('have kebab-case names', () => {
    const shape = /^[a-z0-9]+(-[a-z0-9]+)*(\.integration)?(\.test)?\.ts$/;
    const odd = everything.filter(({ path }) => !shape.test(path.slice(path.lastIndexOf('/') + 1)));
    expect(odd.map(({ path }) => path)).toEqual(none);
  });

  test('stand in no drawer', () => {
    const drawer = /\/(utils?|helpers?|common|types|lib)(\/|\.ts$)/;
    const inDrawers = everything.filter(({ path }) => drawer.test(`/${path}`));
    expect(inDrawers.map(({ path }) => path)).toEqual(none);
  });

  test('begin by saying what they are', () => {
    const silent = everything.filter(({ text }) => !/^(#!.*\n)?\/\*\*\n \* \S/.test(text));
    expect(silent.map(({ path }) => path)).toEqual(none);
  });

  test('leave no work undone', () => {
    const words = /\b(TODO|FIXME|XXX|HACK|[Nn]ot implemented|[Ss]tubs?)\b/;
    const texts = filesIn('docs', '.md').concat('README.md', 'ARCHITECTURE.md', 'CHANGELOG.md');
    const prose = texts.map((path) => ({ path, text: textOf(path) }));
    expect(matches([...src, ...outside, ...prose], words)).toEqual(none);
    expect(matches([{ path: 'bad.ts', text: 'a();\n// TODO: b' }], words)).toHaveLength(1);
  });
});

describe('the rules of the protocol', () => {
  const protocol = textOf('docs/protocol.md');
  const rules = rulesOf(protocol);
  const traces = filesIn('test/protocol/traces', '.txt').map((path) => ({
    path,
    text: textOf(path),
  }));
  const traced = namedInTraces(traces);
  const guarded = inSections(rules, 4, 5, 7);

  test('are numbered once each, in every section that has rules', () => {
    expect(repeated(rules)).toEqual(none);
    for (const of of [4, 5, 6, 7]) expect(inSections(rules, of)).not.toEqual(none);
    expect(foundByThought(protocol)).not.toEqual(none);
  });

  test('of sections 4, 5 and 7 are cited in src/protocol', () => {
    const there = citedIn(protocolSources);
    expect(guarded.filter((rule) => !there.has(rule))).toEqual(none);
  });

  test('of sections 4, 5 and 7 have a trace that names them', () => {
    expect(guarded.filter((rule) => !traced.has(rule))).toEqual(none);
  });

  test('of section 11 that chance did not find have a trace that names them', () => {
    expect(foundByThought(protocol).filter((rule) => !traced.has(rule))).toEqual(none);
  });

  test('exist where code, tests and traces cite them', () => {
    const samples = tests.filter(({ path }) => !path.startsWith('test/tidy'));
    const all = new Map([...traced, ...citedIn([...src, ...outside, ...samples])]);
    expect([...all].filter(([rule]) => !rules.includes(rule))).toEqual([]);
  });

  test('are found in the forms in which they are written', () => {
    const text = '**4.1** One.\n\n- **4.2** Two.\n3. **4.3** Three.\n| **11.1** | x | by hand |\n';
    expect(rulesOf(text)).toEqual(['4.1', '4.2', '4.3', '11.1']);
    expect(foundByThought(text)).toEqual(['11.1']);
    const code = '/**\n * Said of rules 4.1 and\n * 4.2 (rule 4.3), of version 4.4 not.\n */';
    expect([...citedIn([{ path: 'a', text: code }]).keys()]).toEqual(['4.1', '4.2', '4.3']);
    const trace = '# Story.\n# Rules: 4.1, 5.2\n\ntick 4.3\n';
    expect([...namedInTraces([{ path: 'a', text: trace }]).keys()]).toEqual(['4.1', '5.2']);
  });
});

describe('the public face', () => {
  const peer = readModule('src/peer/index.ts');

  test('is the one that is checked in', async () => {
    await expect(describeModule(peer)).toMatchFileSnapshot('tidy/exports.txt');
  });

  test('is documented', () => {
    expect(peer.exports).not.toEqual([]);
    expect(undocumented(peer)).toEqual(none);
  });
});

describe('README.md', () => {
  const readme = textOf('README.md');

  test('begins with the code of examples/quick-start.ts', () => {
    const example = textOf('examples/quick-start.ts');
    const code = example.replace(/^\/\*\*[\s\S]*?\*\/\n+/, '');
    expect(code).not.toBe('');
    expect(typescriptBlock(readme, 0)).toBe(code);
  });

  test('has a row for every error code', () => {
    const codes = codesIn(peerSources.filter(({ path }) => path === 'src/peer/errors.ts'));
    expect(codes).not.toEqual(none);
    expect(tableKeys(section(readme, 'Errors')).toSorted()).toEqual(codes);
  });

  test('has a row for every option, in the same order', () => {
    const options = sourceOf('src/peer/options.ts', textOf('src/peer/options.ts'));
    const names = membersOfInterface(options, 'PeerOptions');
    expect(names).not.toEqual(none);
    expect(tableKeys(section(readme, 'Options'))).toEqual(names);
  });

  test('has a row for every event', () => {
    const events = sourceOf('src/peer/events.ts', textOf('src/peer/events.ts'));
    const names = membersOfInterface(events, 'PeerEvents');
    expect(names).not.toEqual(none);
    expect(tableKeys(section(readme, 'Events'))).toEqual(names);
  });
});

describe('ARCHITECTURE.md', () => {
  test('has a row for every message of the protocol', () => {
    const messages = sourceOf('src/protocol/message.ts', textOf('src/protocol/message.ts'));
    const types = [...messages.text.matchAll(/readonly type: '([a-z-]+)'/g)].map(
      (match) => match[1],
    );
    expect(types).not.toEqual([]);
    const rows = tableKeys(section(textOf('ARCHITECTURE.md'), 'Messages'));
    expect(rows.toSorted()).toEqual(types.toSorted());
  });
});
