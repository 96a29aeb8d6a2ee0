/**
 * The tidy checks can fail: each is given a small sample that breaks its rule, or only looks as if
 * it did.
 */

import { describe, expect, test } from 'vitest';
import { forbiddenImports, importCycles, worldlyImports } from './imports.ts';
import { section, tableKeys, typescriptBlock } from './readme.ts';
import { citedIn, foundByThought, namedInTraces, repeated, rulesOf } from './rules.ts';
import { type Source, sourceOf } from './sources.ts';
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
} from './syntax.ts';

const none: readonly string[] = [];

describe('imports', () => {
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
    ['src/sim/index.ts', "import fc from 'fast-check';"],
    ['src/sim/fast-check.ts', "import { test } from 'vitest';"],
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
    "import { randomInt } from 'node:crypto';",
    'const worker = new Worker(file);',
    'const socket = new WebSocket(url);',
    'const late = new WeakRef(entry);',
  ])('may not say: %s', (text) => {
    expect(worldlyNames([sourceOf('src/protocol/bad.ts', text)])).toHaveLength(1);
  });

  test.each([
    "import { connect } from 'node:net';",
    "import { setTimeout as wait } from 'node:timers/promises';",
    "import type { Worker as Thread } from 'node:worker_threads';",
    "const fs = await import('node:fs');",
  ])('may not say: %s', (text) => {
    expect(worldlyImports([sourceOf('src/sim/bad.ts', text)])).toHaveLength(1);
  });

  test('may import what only computes', () => {
    const text = "import { relative } from 'node:path'; import { a } from './net.ts';";
    expect(worldlyImports([sourceOf('src/sim/good.ts', text)])).toEqual(none);
  });

  test.each([
    'interface Tick { readonly process: number }; const p = tick.process;',
    'function start(process: Process) { run(() => process.kill()); }',
    'class Host { start({ process }: Setup) { return { process }; } }',
    'function start() { const process = find(); process.kill(); }',
    'function start() { for (const process of all()) process.kill(); }',
    'type Start = (process: Process) => void;',
    'class Host { get process() { return this.#process; } }',
  ])('may have things of their own by such names: %s', (text) => {
    expect(worldlyNames([sourceOf('src/sim/good.ts', text)])).toEqual(none);
  });

  test('do not share them with other functions', () => {
    const text = 'const stop = (process: Process) => process.kill(); process.exit();';
    expect(worldlyNames([sourceOf('src/sim/bad.ts', text)])).toHaveLength(1);
  });

  test.each(['async function f() {}', 'const a = Promise.resolve();'])('never say: %s', (text) => {
    expect(suspensions([bad(text)])).toHaveLength(1);
  });

  test('the environment and the clock are not read in src/peer', () => {
    expect(timelyNames([bad("const a = process.env['A'];")])).toHaveLength(1);
    expect(timelyNames([bad("import { randomBytes } from 'node:crypto';")])).toHaveLength(1);
    expect(timelyNames([bad('const now = process.hrtime.bigint();')])).toHaveLength(1);
    expect(timelyNames([bad('const id = crypto.randomUUID();')])).toHaveLength(1);
    expect(timelyNames([bad('runtime.randomBytes(8); runtime.setTimer(5, run);')])).toEqual(none);
  });
});

describe('types', () => {
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

  test.each(['export default 1;', 'export default class A {}', 'enum A { B }', 'namespace A {}'])(
    'need no: %s',
    (text) => {
      expect(unusedForms([bad(text)])).toHaveLength(1);
    },
  );
});

describe('texts', () => {
  test('what is too long is found', () => {
    const lines = Array.from({ length: 80 }, () => '  run();').join('\n');
    const long = sourceOf('src/peer/bad.ts', `function f(a, b, c, d) {\n${lines}\n}\n`);
    expect(longFunctions([long], 70)).toEqual([
      'src/peer/bad.ts:1 function of 82 lines, at most 70',
    ]);
    expect(longParameterLists([long], 3)).toHaveLength(1);
    expect(wideLines([long], 7)).toHaveLength(81);
    expect(longOnes([long], 81)).toEqual(['src/peer/bad.ts']);
    expect(longOnes([long], 82)).toEqual(none);
  });

  test('a word of work undone is found', () => {
    expect(matches([{ path: 'bad.ts', text: 'a();\n// LATER: b' }], /\bLATER\b/)).toEqual([
      'bad.ts:2 says LATER',
    ]);
  });
});

describe('rules', () => {
  test('are found in the forms in which they are written', () => {
    const text = '**4.1** One.\n\n- **4.2** Two.\n3. **4.3** Three.\n| **11.1** | x | by hand |\n';
    expect(rulesOf(text)).toEqual(['4.1', '4.2', '4.3', '11.1']);
    expect(foundByThought(text)).toEqual(['11.1']);
    const code = '/**\n * Said of rules 4.1 and\n * 4.2 (rule 4.3), of version 4.4 not.\n */';
    expect([...citedIn([{ path: 'a', text: code }]).keys()]).toEqual(['4.1', '4.2', '4.3']);
    const trace = '# Story.\n# Rules: 4.1, 5.2\n\ntick 4.3\n';
    expect([...namedInTraces([{ path: 'a', text: trace }]).keys()]).toEqual(['4.1', '5.2']);
  });

  test('have one number each', () => {
    expect(repeated(['4.1', '4.2', '4.1'])).toEqual(['4.1']);
  });
});

describe('markdown', () => {
  const page =
    '# A\n\n## Errors\n\n| code |\n| --- |\n| `E_A` | x |\n\n' +
    '### More\n\n| `E_B` |\n\n## B\n\n| `c` |\n';

  test('a table belongs to its section, and to no other', () => {
    expect(tableKeys(section(page, 'Errors'))).toEqual(['E_A', 'E_B']);
    expect(tableKeys(section(page, 'Missing'))).toEqual(none);
  });

  test('a block of code is what stands between its fences', () => {
    expect(typescriptBlock('```sh\na\n```\n\n```ts\nb();\n```\n', 0)).toBe('b();\n');
  });
});

/** A file of src/peer with this text. */
function bad(text: string): Source {
  return sourceOf('src/peer/bad.ts', text);
}
