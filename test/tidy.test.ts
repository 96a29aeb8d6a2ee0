/**
 * The rules of the project that no compiler knows: who imports whom, what the pure parts may not
 * touch, how long things may get, and that documentation and code say the same.
 *
 * Each check is a function from sources to findings in test/tidy. Here it is run on the project,
 * where it must find nothing; tidy/checks.test.ts runs the less plain ones on samples that break
 * the rule.
 */

import { describe, expect, test } from 'vitest';
import { forbiddenImports, importCycles, worldlyImports } from './tidy/imports.ts';
import { describeModule, programOf, readModule, undocumented } from './tidy/public-api.ts';
import {
  codesIn,
  filesNamed,
  membersOfInterface,
  section,
  tableKeys,
  typescriptBlock,
} from './tidy/readme.ts';
import {
  citedIn,
  foundByThought,
  inSections,
  namedInTraces,
  repeated,
  rulesOf,
} from './tidy/rules.ts';
import { exists, filesIn, type Source, sourceOf, sourcesIn, textOf } from './tidy/sources.ts';
import {
  casts,
  longFunctions,
  longOnes,
  longParameterLists,
  matches,
  silencers,
  suspensions,
  timelyNames,
  unusedForms,
  wideLines,
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
const longFiles: ReadonlyMap<string, string> = new Map([
  ['src/protocol/coordinator.ts', 'one machine: its moves are read together'],
  ['src/protocol/node.ts', 'the one place where inputs, rules and outputs meet'],
  ['src/protocol/voter.ts', 'one machine: its moves are read together'],
  ['test/harness/walk.ts', 'one walk: every action works on the same small world'],
]);

/** The files of src/peer that are made of Node's own clocks, timers and randomness. */
const runtimeFiles = ['src/peer/node-runtime.ts', 'src/peer/websocket-transport.ts'];

/**
 * The files of src/sim that must touch what the others may not: one lets the real event loop run
 * the microtasks of a turn, two name what no simulated run may call, and refuse it, and one asks
 * the environment of a test which run to repeat.
 */
const realWorldFiles = [
  'src/sim/drain.ts',
  'src/sim/guarded-names.ts',
  'src/sim/guards.ts',
  'src/sim/vitest.ts',
];

const none: readonly string[] = [];

describe('imports', () => {
  test('follow the dependency rule', () => {
    expect(forbiddenImports(everything)).toEqual(none);
  });

  test('run in no circle', () => {
    expect(importCycles(src)).toEqual(none);
  });
});

describe('the pure parts', () => {
  const simulated = simSources.filter(({ path }) => !realWorldFiles.includes(path));
  const pure = [...protocolSources, ...simulated];

  test('touch no clock, timer, chance or process', () => {
    expect(worldlyNames(pure)).toEqual(none);
  });

  test('import nothing that does', () => {
    expect(worldlyImports(pure)).toEqual(none);
  });

  test('src/protocol never suspends', () => {
    expect(suspensions(protocolSources)).toEqual(none);
  });

  test('src/peer has its time and chance from the runtime', () => {
    const given = peerSources.filter(({ path }) => !runtimeFiles.includes(path));
    expect(timelyNames(given)).toEqual(none);
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
});

describe('budgets', () => {
  test('a line has at most 100 characters', () => {
    expect(wideLines(everything, 100)).toEqual(none);
  });

  test('a file has at most 300 lines, unless it says here why', () => {
    expect(longOnes(everything, 300)).toEqual([...longFiles.keys()].toSorted());
  });

  test('a function has at most 70 lines', () => {
    expect(longFunctions(everything, 70)).toEqual(none);
  });

  test('a function takes at most three parameters', () => {
    expect(longParameterLists(src, 3)).toEqual(none);
  });
});

describe('files', () => {
  test('have kebab-case names', () => {
    const shape = /^[a-z0-9]+(-[a-z0-9]+)*(\.integration)?(\.config|\.test)?\.ts$/;
    const odd = everything.filter(({ path }) => !shape.test(path.slice(path.lastIndexOf('/') + 1)));
    expect(odd.map(({ path }) => path)).toEqual(none);
  });

  test('stand in no drawer', () => {
    const drawer = /\/(utils?|helpers?|common|types|lib)(\/|\.ts$)/;
    const inDrawers = everything.filter(({ path }) => drawer.test(`/${path}`));
    expect(inDrawers.map(({ path }) => path)).toEqual(none);
  });

  test('begin by saying what they are', () => {
    const silent = everything.filter(({ text }) => !/^(#!.*\n)?\/\*\*\s( \* )?\S/.test(text));
    expect(silent.map(({ path }) => path)).toEqual(none);
  });

  test('leave no work undone', () => {
    const words = /\b(TODO|FIXME|XXX|HACK|[Nn]ot implemented|[Ss]tubs?)\b/;
    const texts = filesIn('docs', '.md').concat('README.md', 'ARCHITECTURE.md', 'CHANGELOG.md');
    const prose = texts.map((path) => ({ path, text: textOf(path) }));
    expect(matches([...src, ...outside, ...prose], words)).toEqual(none);
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
});

describe('the public face', () => {
  const faces = [
    ['src/peer/index.ts', 'exports.txt'],
    ['src/sim/index.ts', 'exports-sim.txt'],
    ['src/sim/fast-check.ts', 'exports-sim-fast-check.txt'],
    ['src/sim/vitest.ts', 'exports-sim-vitest.txt'],
  ] as const;
  const program = programOf(faces.map(([path]) => path));

  describe.each(faces)('%s', (path, list) => {
    const module = readModule(program, path);

    test('is the one that is checked in', async () => {
      await expect(describeModule(module)).toMatchFileSnapshot(`tidy/${list}`);
    });

    test('is documented', () => {
      expect(module.exports).not.toEqual([]);
      expect(undocumented(module)).toEqual(none);
    });
  });
});

describe('documents', () => {
  const texts = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', ...filesIn('docs', '.md')];

  test.each(texts)('%s names files that exist', (path) => {
    const base = path.includes('/') ? 'docs/' : '';
    const missing = filesNamed(textOf(path)).filter(
      (file) => !exists(file) && !exists(base + file),
    );
    expect(missing).toEqual(none);
  });

  test('docs/protocol.md names traces that exist', () => {
    const named = [...textOf('docs/protocol.md').matchAll(/traces? ((?:`[a-z-]+`(?:, )?)+)/g)];
    const traces = named.flatMap((match) => match[1]?.match(/[a-z-]+/g) ?? []);
    expect(traces).not.toEqual([]);
    const missing = traces.filter((trace) => !exists(`test/protocol/traces/${trace}.txt`));
    expect(missing).toEqual([]);
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

  test('shows the test of examples/simulate-vitest', () => {
    const example = textOf('examples/simulate-vitest/poster.test.ts');
    const code = example.slice(example.indexOf('const options = '));
    expect(readme).toContain(`\n\`\`\`ts\n${code}\`\`\`\n`);
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
    const files = ['message', 'leading', 'pursuit'].map((name) => `src/protocol/${name}.ts`);
    const text = files.map((file) => sourceOf(file, textOf(file)).text).join('\n');
    const types = [...text.matchAll(/readonly type: '([a-z-]+)'/g)].map((match) => match[1]);
    expect(types).not.toEqual([]);
    const rows = tableKeys(section(textOf('ARCHITECTURE.md'), 'Messages'));
    expect(rows.toSorted()).toEqual(types.toSorted());
  });
});
