/**
 * The project's own files as the tidy checks see them: path, text and syntax tree.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** One file of the project. */
export interface Source {
  /** From the root of the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

/** Where the project stands, with a slash at the end. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Takes `text` as the contents of a file: a real one, or a sample made for a check of the checks.
 */
export function sourceOf(path: string, text: string): Source {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) };
}

/** Every TypeScript file in `folders`, in the order of their paths. */
export function sourcesIn(...folders: readonly string[]): readonly Source[] {
  return folders
    .flatMap((folder) => filesIn(folder, '.ts'))
    .map((path) => sourceOf(path, textOf(path)));
}

/**
 * The paths of our own files in `folder`, at any depth, that end with `ending`; none without it.
 */
export function filesIn(folder: string, ending: string): readonly string[] {
  if (!exists(folder)) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending) && !path.includes('node_modules'))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .sort();
}

/** Whether there is such a file or folder. */
export function exists(path: string): boolean {
  return existsSync(join(root, path));
}

/** The text of a file; empty when there is none, so that a check names what is missing. */
export function textOf(path: string): string {
  return exists(path) ? readFileSync(join(root, path), 'utf8') : '';
}

/** `path:line`, as editors open it. */
export function place(source: Source, node: ts.Node): string {
  const { line } = source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree));
  return `${source.path}:${line + 1}`;
}

/** The node and everything below it, in the order of the text. */
export function walk(node: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (at: ts.Node): void => {
    found.push(at);
    ts.forEachChild(at, visit);
  };
  visit(node);
  return found;
}
