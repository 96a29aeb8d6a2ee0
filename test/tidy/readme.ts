/**
 * What README.md and its like say, taken apart so that it can be held against the code.
 */

import ts from 'typescript';
import { type Source, walk } from './sources.ts';

/** The text between a heading of any depth and the next of the same depth or less. */
export function section(markdown: string, title: string): string {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => /^#+\s/.test(line) && headingText(line) === title);
  if (start === -1) return '';
  const depth = depthOf(lines[start] ?? '');
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^#+\s/.test(line) && depthOf(line) <= depth);
  return rest.slice(0, end === -1 ? rest.length : end).join('\n');
}

/** The code in the first cells of the tables in `markdown`: `` | `lease` | … `` gives `lease`. */
export function tableKeys(markdown: string): readonly string[] {
  return markdown.split('\n').flatMap((line) => /^\|\s*`([^`]+)`/.exec(line)?.[1] ?? []);
}

/** A fenced block of TypeScript, by its place among them. */
export function typescriptBlock(markdown: string, index: number): string {
  return [...markdown.matchAll(/^```ts\n([\s\S]*?)^```/gm)].at(index)?.[1] ?? '';
}

/** The files that a text names in `` `code` `` or links to, from the root of the project. */
export function filesNamed(markdown: string): readonly string[] {
  const inCode = /`((?:src|test|examples|bench|docs)\/[\w./-]+\.\w+)`/g;
  const linked = /\]\((?!https?:)([\w./-]+)\)/g;
  return [inCode, linked].flatMap((pattern) =>
    [...markdown.matchAll(pattern)].flatMap((match) => match[1] ?? []),
  );
}

/** The members of an interface, in the order of the text. */
export function membersOfInterface(source: Source, name: string): readonly string[] {
  return walk(source.tree).flatMap((node) => {
    if (!ts.isInterfaceDeclaration(node) || node.name.text !== name) return [];
    return node.members.map((member) => member.name?.getText() ?? '');
  });
}

/** The error codes that appear as whole string literals. */
export function codesIn(sources: readonly Source[]): readonly string[] {
  const codes = sources.flatMap((source) =>
    walk(source.tree).flatMap((node) =>
      ts.isStringLiteral(node) && /^ERR_[A-Z_]+$/.test(node.text) ? [node.text] : [],
    ),
  );
  return [...new Set(codes)].sort();
}

function headingText(line: string): string {
  return line.replace(/^#+\s+/, '').trim();
}

function depthOf(line: string): number {
  return /^#+/.exec(line)?.[0].length ?? 0;
}
