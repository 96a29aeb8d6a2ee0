/**
 * The planted bugs are what they say: each matches the sources, compiles, and changes what runs;
 * together they cover what they are to cover. That the simulator finds them is shown by
 * `npm run canaries`.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inSections, rulesOf } from '../tidy/rules.ts';
import { filesIn, textOf } from '../tidy/sources.ts';
import { buildCanary, compile } from './build.ts';
import { applyTo, type Canary, filesOf } from './patch.ts';
import { alwaysFails, canaries } from './patches.ts';

const all: readonly Canary[] = [...canaries, alwaysFails];
const protocol = textOf('docs/protocol.md');

const compiled = new Map<string, string>();

/** What a source compiles to as it is. */
function plain(file: string): string {
  const text = compiled.get(file) ?? compile(file, textOf(file));
  compiled.set(file, text);
  return text;
}

describe('the planted bugs', () => {
  test('are at least 25, of which at least 5 are in src/peer', () => {
    const inPeer = canaries.filter((canary) => {
      return filesOf(canary).every((file) => file.startsWith('src/peer/'));
    });
    expect(canaries.length).toBeGreaterThanOrEqual(25);
    expect(inPeer.length).toBeGreaterThanOrEqual(5);
  });

  test('have names of their own, in kebab-case', () => {
    const names = all.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
  });

  test('name rules, or sections, that there are', () => {
    const sections = [...protocol.matchAll(/^## (\d+)\./gm)].map(([, number]) => number);
    const known = new Set([...rulesOf(protocol), ...sections]);
    const odd = all.filter(({ rules }) => {
      return rules.length === 0 || rules.some((rule) => !known.has(rule));
    });
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  test('cover every row of section 11', () => {
    const covered = new Set(canaries.flatMap(({ rules }) => rules));
    const rows = inSections(rulesOf(protocol), 11);
    expect(rows).not.toEqual([]);
    expect(rows.filter((row) => !covered.has(row))).toEqual([]);
  });

  test.each(all)('$name matches the sources, and changes what runs', (canary) => {
    expect(canary.edits).not.toEqual([]);
    for (const file of filesOf(canary)) {
      expect(file).toMatch(/^src\/(protocol|peer)\//);
      expect(compile(file, applyTo(file, textOf(file), canary))).not.toBe(plain(file));
    }
  });

  test.each(all)('$name tells its story in one to three sentences', ({ story }) => {
    expect(story).toMatch(/^[A-Z`].*\.$/);
    expect(story.split(/[.:] /).length).toBeLessThanOrEqual(5);
  });

  test('leave no trace in what is shipped', () => {
    const traces = filesIn('src', '.ts').flatMap((path) => {
      const text = textOf(path);
      return ['canaries/', ...all.map(({ name }) => name)]
        .filter((word) => text.includes(word))
        .map((word) => `${path} says ${word}`);
    });
    expect(traces).toEqual([]);
    const shipped: readonly string[] = JSON.parse(textOf('package.json')).files;
    expect(shipped.filter((path) => 'dist/test/canaries'.startsWith(path))).toEqual([]);
  });
});

describe('applyTo()', () => {
  const canary: Canary = {
    name: 'off-by-one',
    rules: ['1'],
    story: 'One too many.',
    symptom: 'crash',
    edits: [{ file: 'src/a.ts', find: 'return 1', replace: "return '$&'" }],
  };

  test('takes the replacement as it is', () => {
    expect(applyTo('src/a.ts', 'return 1;', canary)).toBe("return '$&';");
  });

  test('leaves other files alone', () => {
    expect(applyTo('src/b.ts', 'return 1;', canary)).toBe('return 1;');
  });

  test.each([
    ['has it 0 times: return 1', 'return 2;'],
    ['has it 2 times: return 1', 'return 1; return 1;'],
  ])('says that the source %s', (said, source) => {
    expect(() => applyTo('src/a.ts', source, canary)).toThrow(
      `Cannot plant off-by-one: src/a.ts must have the text to replace exactly once, ${said}`,
    );
  });
});

describe('buildCanary()', () => {
  const source = "import { two } from './two.ts';\n\nexport const three: number = two + 1;\n";
  const canary: Canary = {
    name: 'one-too-many',
    rules: ['1'],
    story: 'One too many.',
    symptom: 'crash',
    edits: [{ file: 'src/three.ts', find: 'two + 1', replace: 'two + 2' }],
  };
  let project = '';

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'lockmesh-build-'));
    put('package.json', '{ "type": "module" }');
    put('src/three.ts', source);
    put('dist/src/three.js', `${compile('src/three.ts', source)}//# sourceMappingURL=three.js.map`);
    put('dist/src/three.js.map', '{}');
    put('dist/src/two.js', 'export const two = 2;\n');
    put('node_modules/some/index.js', 'export const some = true;\n');
  });

  afterEach(() => rmSync(project, { recursive: true, force: true }));

  test('copies what runs, with the bug in it', () => {
    const folder = buildCanary(canary, { into: join(project, 'scratch'), root: project });
    const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
    expect(folder).toBe(join(project, 'scratch', 'one-too-many'));
    expect(read('dist/src/three.js')).toBe(
      'import { two } from "./two.js";\nexport const three = two + 2;\n',
    );
    expect(read('dist/src/two.js')).toBe('export const two = 2;\n');
    expect(read('node_modules/some/index.js')).toBe('export const some = true;\n');
    expect(() => read('dist/src/three.js.map')).toThrow('ENOENT');
  });

  test('leaves the project as it was', () => {
    buildCanary(canary, { into: join(project, 'scratch'), root: project });
    expect(readFileSync(join(project, 'src/three.ts'), 'utf8')).toBe(source);
    expect(readFileSync(join(project, 'dist/src/three.js'), 'utf8')).toContain('two + 1');
  });

  test('refuses a project whose compiled files are not those of its sources', () => {
    put('dist/src/three.js', 'export const three = 3;\n');
    expect(() => buildCanary(canary, { into: join(project, 'scratch'), root: project })).toThrow(
      /must be what src\/three\.ts compiles to, and is not; npm run build makes it so$/,
    );
  });

  function put(path: string, text: string): void {
    const whole = join(project, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text);
  }
});
