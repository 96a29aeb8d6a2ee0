/**
 * What the source may not say: casts and silencers, hidden time and chance, and what is too long.
 */

import ts from 'typescript';
import { place, type Source, walk } from './sources.ts';

type Finder = (node: ts.Node, source: Source) => string | undefined;

/** Names that bring in time, chance or the world outside. */
const worldly: ReadonlySet<string> = new Set([
  'BroadcastChannel',
  'Date',
  'EventSource',
  'FinalizationRegistry',
  'MessageChannel',
  'WeakRef',
  'WebSocket',
  'Worker',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'fetch',
  'getRandomValues',
  'globalThis',
  'performance',
  'process',
  'queueMicrotask',
  'randomBytes',
  'randomFill',
  'randomFillSync',
  'randomInt',
  'randomUUID',
  'setImmediate',
  'setInterval',
  'setTimeout',
]);

/** The same where they are members of something that may be used otherwise. */
const worldlyMembers: readonly (readonly [object: string, name: string])[] = [
  ['AbortSignal', 'timeout'],
  ['Math', 'random'],
  ['crypto', 'getRandomValues'],
  ['crypto', 'randomUUID'],
  ['process', 'hrtime'],
  ['process', 'uptime'],
];

/** The same for src/peer, where only the runtime may have them; it may listen for signals. */
const timely: ReadonlySet<string> = new Set(
  [...worldly].filter((name) => !['console', 'crypto', 'globalThis', 'process'].includes(name)),
);

/** `as` and `<T>` assertions; `as const` asserts nothing. */
export function casts(sources: readonly Source[]): readonly string[] {
  return find(sources, (node) => {
    if (ts.isTypeAssertionExpression(node)) return 'asserts a type';
    if (!ts.isAsExpression(node)) return undefined;
    return node.type.getText() === 'const' ? undefined : `asserts \`as ${node.type.getText()}\``;
  });
}

/** `any`, `!`, and comments that silence a checker. */
export function silencers(sources: readonly Source[]): readonly string[] {
  const inSyntax = find(sources, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) return 'says `any`';
    if (ts.isNonNullExpression(node)) return 'asserts with `!`';
    const declares = ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node);
    return declares && node.exclamationToken ? 'declares with `!`' : undefined;
  });
  const inComments = matches(sources, /@ts-(ignore|expect-error|nocheck)|biome-ignore/);
  return [...inSyntax, ...inComments];
}

/** Clocks, timers, chance and surroundings, which would make two runs of one seed differ. */
export function worldlyNames(sources: readonly Source[]): readonly string[] {
  return find(sources, (node) => named(node, worldly));
}

/** Clocks, timers and chance in src/peer outside of its runtime. */
export function timelyNames(sources: readonly Source[]): readonly string[] {
  return find(sources, (node) => named(node, timely) ?? environment(node));
}

/** `await`, `async` and promises: the core runs to completion. */
export function suspensions(sources: readonly Source[]): readonly string[] {
  return find(sources, (node) => {
    if (ts.isAwaitExpression(node)) return 'awaits';
    if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'is async';
    return ts.isIdentifier(node) && node.text === 'Promise' ? 'has a Promise' : undefined;
  });
}

/** `export default`, `enum`, `namespace`: not used here. */
export function unusedForms(sources: readonly Source[]): readonly string[] {
  return find(sources, (node) => {
    if (ts.isExportAssignment(node)) return 'exports a default';
    if (node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent)) {
      return 'exports a default';
    }
    if (ts.isEnumDeclaration(node)) return 'declares an enum';
    // With a string it is no namespace: it adds to the types of a module.
    const isNamespace = ts.isModuleDeclaration(node) && !ts.isStringLiteral(node.name);
    return isNamespace ? 'declares a namespace' : undefined;
  });
}

/** Functions longer than `linesMax`. What `describe` runs is a chapter, not a function. */
export function longFunctions(sources: readonly Source[], linesMax: number): readonly string[] {
  return find(sources, (node, source) => {
    if (!ts.isFunctionLike(node) || isChapter(node)) return undefined;
    const start = source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line;
    const lines = source.tree.getLineAndCharacterOfPosition(node.end).line - start + 1;
    return lines > linesMax ? `function of ${lines} lines, at most ${linesMax}` : undefined;
  });
}

/** Functions that take more than `most` parameters. */
export function longParameterLists(sources: readonly Source[], most: number): readonly string[] {
  return find(sources, (node) => {
    if (!ts.isFunctionLike(node) || node.parameters.length <= most) return undefined;
    return `takes ${node.parameters.length} parameters, at most ${most}`;
  });
}

/** Lines that match `pattern`. */
export function matches(
  sources: readonly Pick<Source, 'path' | 'text'>[],
  pattern: RegExp,
): readonly string[] {
  return sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const found = pattern.exec(line)?.[0];
      return found === undefined ? [] : [`${path}:${index + 1} says ${found}`];
    }),
  );
}

/** Lines of more than `charactersMax`. */
export function wideLines(sources: readonly Source[], charactersMax: number): readonly string[] {
  return sources.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        line.length > charactersMax ? [`${path}:${index + 1} has ${line.length} characters`] : [],
      ),
  );
}

/** The paths of files of more than `linesMax` lines, sorted. */
export function longOnes(sources: readonly Source[], linesMax: number): readonly string[] {
  const long = sources.filter(({ text }) => text.trimEnd().split('\n').length > linesMax);
  return long.map(({ path }) => path).toSorted();
}

function find(sources: readonly Source[], finder: Finder): readonly string[] {
  return sources.flatMap((source) =>
    walk(source.tree).flatMap((node) => {
      const finding = finder(node, source);
      return finding === undefined ? [] : [`${place(source, node)} ${finding}`];
    }),
  );
}

function named(node: ts.Node, names: ReadonlySet<string>): string | undefined {
  const member = worldlyMembers.find(([object, name]) => isMember(node, object, name));
  if (member !== undefined) return `uses ${member.join('.')}`;
  if (!ts.isIdentifier(node) || !names.has(node.text)) return undefined;
  return isMemberName(node) || isOurs(node) ? undefined : `uses ${node.text}`;
}

function environment(node: ts.Node): string | undefined {
  return isMember(node, 'process', 'env') ? 'reads the environment' : undefined;
}

function isMember(node: ts.Node, object: string, name: string): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    node.name.text === name &&
    node.expression.getText() === object
  );
}

/** Whether the identifier names a field of something of ours, as in `options.process`. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  const declares =
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isAccessor(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent);
  return declares && parent.name === node;
}

/** Whether a parameter or a variable around the identifier has its name, which then means that. */
function isOurs(name: ts.Identifier): boolean {
  for (let scope: ts.Node = name.parent; !ts.isSourceFile(scope); scope = scope.parent) {
    if (declaredIn(scope).some((declared) => bindsName(declared, name.text))) return true;
  }
  return false;
}

/** The parameters of a function, or the variables of a block. */
function declaredIn(scope: ts.Node): readonly ts.BindingName[] {
  if (ts.isFunctionLike(scope)) return scope.parameters.map((parameter) => parameter.name);
  if (ts.isForOfStatement(scope)) return variablesOf(scope.initializer);
  if (!ts.isBlock(scope)) return [];
  return scope.statements.flatMap((statement) =>
    ts.isVariableStatement(statement) ? variablesOf(statement.declarationList) : [],
  );
}

function variablesOf(list: ts.Node): readonly ts.BindingName[] {
  return ts.isVariableDeclarationList(list) ? list.declarations.map(({ name }) => name) : [];
}

/** Whether `x`, `{ x }`, `{ a: x }` or `[x]` binds the name. */
function bindsName(binding: ts.BindingName, name: string): boolean {
  if (ts.isIdentifier(binding)) return binding.text === name;
  return binding.elements.some((element) => {
    return ts.isBindingElement(element) && bindsName(element.name, name);
  });
}

function isChapter(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^describe\b/.test(node.parent.expression.getText());
}
