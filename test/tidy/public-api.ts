/**
 * What a module offers its users, as the compiler sees it: a readable list, and what lacks words.
 */

import { join } from 'node:path';
import ts from 'typescript';
import { root } from './sources.ts';

interface Export {
  readonly name: string;
  readonly symbol: ts.Symbol;
}

/** The exports of one module, with the compiler's knowledge of them. */
export interface PublicModule {
  readonly checker: ts.TypeChecker;
  readonly exports: readonly Export[];
}

/** A program of the modules at `paths`, from the root of the project: read once for all of them. */
export function programOf(paths: readonly string[]): ts.Program {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const files = paths.map((path) => join(root, path));
  return ts.createProgram(files, { ...options, noEmit: true });
}

/** Reads one module of the program. */
export function readModule(program: ts.Program, path: string): PublicModule {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(root, path));
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (module === undefined) return { checker, exports: [] };
  const exports = checker
    .getExportsOfModule(module)
    .map((symbol) => ({ name: symbol.name, symbol: target(checker, symbol) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return { checker, exports };
}

/** One line for each export, and one below it for each member that users see. */
export function describeModule({ checker, exports }: PublicModule): string {
  return exports
    .flatMap(({ name, symbol }) => [
      headline(checker, name, symbol),
      ...membersOf(symbol).map((member) => `  ${signature(checker, member)}`),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

/** The exports, and the members of what users fill in, that have no doc comment. */
export function undocumented({ checker, exports }: PublicModule): readonly string[] {
  return exports.flatMap(({ name, symbol }) => [
    ...(hasWords(checker, symbol) ? [] : [name]),
    ...(/(Options|Limits|Address|Server)$/.test(name) ? membersOf(symbol) : [])
      .filter((member) => !hasWords(checker, member))
      .map((member) => `${name}.${member.name}`),
  ]);
}

function target(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function headline(checker: ts.TypeChecker, name: string, symbol: ts.Symbol): string {
  if (symbol.flags & ts.SymbolFlags.Class) return `class ${name}`;
  if (symbol.flags & ts.SymbolFlags.Interface) return `interface ${name}`;
  const declaration = symbol.declarations?.[0];
  if (declaration !== undefined && ts.isTypeAliasDeclaration(declaration)) {
    return `type ${name} = ${printed(declaration.type)}`;
  }
  return `${name}: ${typeText(checker, symbol)}`;
}

/** The public members that are declared here, not those inherited from elsewhere. */
function membersOf(symbol: ts.Symbol): readonly ts.Symbol[] {
  return [...(symbol.members?.values() ?? [])]
    .filter((member) => {
      const declaration = member.declarations?.[0];
      return declaration !== undefined && isShown(declaration);
    })
    .sort((one, other) => (printable(one) < printable(other) ? -1 : 1));
}

function isShown(declaration: ts.Declaration): boolean {
  if (ts.isTypeParameterDeclaration(declaration) || ts.isConstructorDeclaration(declaration)) {
    return false;
  }
  const name = ts.getNameOfDeclaration(declaration);
  if (name !== undefined && ts.isPrivateIdentifier(name)) return false;
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) === 0;
}

function signature(checker: ts.TypeChecker, member: ts.Symbol): string {
  const declaration = member.declarations?.[0];
  const optional = member.flags & ts.SymbolFlags.Optional ? '?' : '';
  const declared =
    declaration !== undefined &&
    (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration))
      ? declaration.type
      : undefined;
  const type = declared === undefined ? typeText(checker, member) : printed(declared);
  return `${printable(member)}${optional}: ${type}`;
}

function typeText(checker: ts.TypeChecker, symbol: ts.Symbol): string {
  const { NoTruncation, UseSingleQuotesForStringLiteralType } = ts.TypeFormatFlags;
  const flags = NoTruncation | UseSingleQuotesForStringLiteralType;
  return checker.typeToString(checker.getTypeOfSymbol(symbol), undefined, flags);
}

/** A type as it is written, on one line and without its comments. */
function printed(type: ts.TypeNode): string {
  const text = ts
    .createPrinter({ removeComments: true })
    .printNode(ts.EmitHint.Unspecified, type, type.getSourceFile());
  return text.replace(/\s+/g, ' ');
}

/** Well-known symbols carry a number of the compiler's own in their names. */
function printable(member: ts.Symbol): string {
  return member.name.replace(/^__@(\w+?)@\d+$/, '[Symbol.$1]');
}

function hasWords(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  return symbol.getDocumentationComment(checker).length > 0;
}
