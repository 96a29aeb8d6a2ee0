/**
 * Who may import whom: the dependency rule of ARCHITECTURE.md.
 */

import { posix } from 'node:path';
import ts from 'typescript';
import { place, type Source, walk } from './sources.ts';

/** The packages that src imports, each with the only files that may. */
const owners: Readonly<Record<string, readonly string[]>> = {
  'fast-check': ['src/sim/lock-commands.ts', 'src/sim/plan-arbitrary.ts'],
  msgpackr: ['src/peer/codec.ts'],
  pino: ['src/peer/logging.ts'],
  vitest: ['src/sim/vitest.ts'],
  ws: ['src/peer/websocket-transport.ts'],
};

/** What each layer of src may import besides itself. */
const layersBelow: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  peer: ['protocol'],
  sim: ['protocol', 'peer'],
};

/**
 * The modules of Node that tell time, wait, or reach files, another thread, process or machine.
 * Those that also compute, such as node:crypto, are left to the names in syntax.ts.
 */
const worldlyModules: ReadonlySet<string> = new Set(
  [
    ...['child_process', 'cluster', 'dgram', 'dns', 'dns/promises', 'fs', 'fs/promises', 'http'],
    ...['http2', 'https', 'inspector', 'net', 'perf_hooks', 'process', 'timers', 'timers/promises'],
    ...['tls', 'worker_threads'],
  ].map((name) => `node:${name}`),
);

interface Import {
  readonly specifier: string;
  readonly at: string;
}

/** The imports in `sources` that break the dependency rule. */
export function forbiddenImports(sources: readonly Source[]): readonly string[] {
  return sources.flatMap((source) =>
    importsOf(source).flatMap(({ specifier, at }) => {
      const reason = specifier.startsWith('.')
        ? whyNotFile(source.path, resolve(source.path, specifier))
        : whyNotPackage(source.path, specifier);
      return reason === undefined ? [] : [`${at} imports ${specifier}: ${reason}`];
    }),
  );
}

/** The imports that bring time, chance or the world outside into a run that is to be repeatable. */
export function worldlyImports(sources: readonly Source[]): readonly string[] {
  return sources.flatMap((source) =>
    importsOf(source)
      .filter(({ specifier }) => worldlyModules.has(specifier))
      .map(({ specifier, at }) => `${at} imports ${specifier}`),
  );
}

/** The circles among the imports of `sources`, each as the paths along it. */
export function importCycles(sources: readonly Source[]): readonly string[] {
  const edges = new Map(sources.map((source) => [source.path, filesImportedBy(source)]));
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return cycles;
}

function whyNotFile(from: string, to: string): string | undefined {
  const layer = layerOf(from);
  const target = layerOf(to);
  if (posix.dirname(from) === posix.dirname(to) && posix.basename(to) === 'index.ts') {
    return 'inside a folder, import the file, not index.ts';
  }
  if (layer === undefined) {
    return target === 'sim' && isForeignBench(from) ? 'nothing depends on sim' : undefined;
  }
  if (target === undefined) return 'src imports nothing outside src';
  if (layer === 'sim' && owners.ws?.includes(to)) return 'the simulator has a network of its own';
  if (target === layer || layersBelow[layer]?.includes(target)) return undefined;
  return `${layer} does not depend on ${target}`;
}

/** A measurement of something else than the simulator. */
function isForeignBench(from: string): boolean {
  return from.startsWith('bench/') && !['bench/history.ts', 'bench/sim.ts'].includes(from);
}

function whyNotPackage(from: string, specifier: string): string | undefined {
  const layer = layerOf(from);
  if (layer === undefined) return undefined;
  if (layer === 'protocol') return 'protocol imports nothing but itself';
  if (specifier.startsWith('node:')) return undefined;
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const owner = owners[name];
  if (owner === undefined) return 'not among the dependencies of src';
  return owner.includes(from) ? undefined : `only ${owner.join(' and ')} imports ${name}`;
}

function layerOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

function resolve(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier);
}

function filesImportedBy(source: Source): readonly string[] {
  return importsOf(source)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => resolve(source.path, specifier));
}

/** Imports of every form: with and without a clause, re-exports, `import()` and `require()`. */
function importsOf(source: Source): readonly Import[] {
  return walk(source.tree).flatMap((node) => {
    const named = specifierIn(node);
    return named === undefined ? [] : [{ specifier: named.text, at: place(source, node) }];
  });
}

function specifierIn(node: ts.Node): ts.StringLiteral | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return literal(node.moduleSpecifier);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return literal(node.argument.literal);
  }
  if (ts.isCallExpression(node) && brings(node.expression)) {
    return literal(node.arguments[0]);
  }
  return undefined;
}

/** Whether a call of it imports. */
function brings(called: ts.Expression): boolean {
  if (called.kind === ts.SyntaxKind.ImportKeyword) return true;
  return ts.isIdentifier(called) && called.text === 'require';
}

function literal(node: ts.Node | undefined): ts.StringLiteral | undefined {
  return node !== undefined && ts.isStringLiteral(node) ? node : undefined;
}
