/**
 * Builds a copy of the compiled project with one planted bug in it: everything of `dist` but the
 * files that the bug changes, which are compiled from their changed sources.
 *
 *     into/<name>/package.json · node_modules ─▶ the project's · dist/…
 */

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { applyTo, type Canary, filesOf } from './patch.ts';

export interface BuildOptions {
  /** The folder to make the copy in; anew if there is one. */
  readonly into: string;
  /** @default the project that this file belongs to */
  readonly root?: string;
}

/**
 * Makes a copy of the compiled project with `canary` in it.
 *
 * @returns the folder of the copy, in which `dist` is laid out as in the project
 * @throws when an edit does not match, or `dist` is not what the sources compile to
 */
export function buildCanary(canary: Canary, { into, root = projectRoot() }: BuildOptions): string {
  const folder = join(into, canary.name);
  const changed = filesOf(canary).map((file) => {
    const source = readFileSync(join(root, file), 'utf8');
    requireFresh(root, file, source);
    return { file, text: compile(file, applyTo(file, source, canary)) };
  });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  copyCompiled(join(root, 'dist'), join(folder, 'dist'));
  for (const { file, text } of changed) writeFileSync(compiledPath(folder, file), text);
  return folder;
}

/**
 * What the compiler makes of one source, by itself, with the options of the project.
 *
 * @throws when it does not parse
 */
export function compile(file: string, source: string): string {
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    fileName: join(projectRoot(), file),
    compilerOptions: compilerOptions(),
    reportDiagnostics: true,
  });
  const [first] = diagnostics;
  if (first === undefined) return outputText;
  const message = ts.flattenDiagnosticMessageText(first.messageText, '\n');
  throw new Error(`Cannot compile ${file}: ${message}`);
}

/** Where the project stands, whether this file runs compiled or not. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('Cannot build: there is no package.json above here');
    folder = parent;
  }
  return folder;
}

let options: ts.CompilerOptions | undefined;

function compilerOptions(): ts.CompilerOptions {
  if (options !== undefined) return options;
  const path = join(projectRoot(), 'tsconfig.json');
  const { config } = ts.readConfigFile(path, (file) => readFileSync(file, 'utf8'));
  const given = ts.convertCompilerOptionsFromJson(config.compilerOptions, dirname(path)).options;
  options = {
    ...given,
    // A file by itself has no package.json that says which modules these are.
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    declaration: false,
    isolatedDeclarations: false,
    sourceMap: false,
  };
  return options;
}

/** Sources and `dist` must be of one piece, or the copy has more than the bug. */
function requireFresh(root: string, file: string, source: string): void {
  const path = compiledPath(root, file);
  const found = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (found.replace(/\/\/# sourceMappingURL=.*\n?$/, '') === compile(file, source)) return;
  throw new Error(
    `Cannot build: ${path} must be what ${file} compiles to, and is not; npm run build makes it so`,
  );
}

function compiledPath(root: string, file: string): string {
  return join(root, 'dist', file.replace(/\.ts$/, '.js'));
}

/** What runs: no types, no source maps, which would be of the other sources. */
function copyCompiled(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyCompiled(source, target);
    else if (/\.(js|json)$/.test(entry.name)) copyFileSync(source, target);
  }
}
