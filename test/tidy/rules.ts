/**
 * The numbered rules of docs/protocol.md, and where code and traces cite them.
 *
 * A rule begins a paragraph, a list item or a table row with its number in bold: `**4.2**`. Code
 * cites it as `rule 4.2` or `rules 4.2 and 4.3`; a trace in its header, as `# Rules: 4.2, 5.1`.
 */

/** A file as far as it matters here. */
interface Text {
  readonly path: string;
  readonly text: string;
}

const heading = /^(?:\|\s*|[-*]\s+|\d+\.\s+)?\*\*(\d+\.\d+)[.:]?\*\*/;
const number = String.raw`\d+\.\d+`;
const link = String.raw`\s*,\s*(?:and\s+)?|\s+and\s+|\s+or\s+|\s+to\s+`;
const citation = new RegExp(String.raw`\brules?\s+(${number}(?:(?:${link})${number})*)`, 'gi');

/** The numbers of all rules, in the order of the text. */
export function rulesOf(protocol: string): readonly string[] {
  return protocol.split('\n').flatMap((line) => heading.exec(line.trim())?.[1] ?? []);
}

/** Numbers given to more than one rule. */
export function repeated(numbers: readonly string[]): readonly string[] {
  return numbers.filter((each, index) => numbers.indexOf(each) !== index);
}

/** The rules of whole sections. */
export function inSections(numbers: readonly string[], ...sections: number[]): readonly string[] {
  return numbers.filter((each) => sections.includes(Number.parseInt(each, 10)));
}

/**
 * The rows of section 11 that chance did not find: a schedule written by hand or an argument did,
 * so that only a trace of their own keeps them.
 */
export function foundByThought(protocol: string): readonly string[] {
  return protocol.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const rule = /^(?:\*\*)?(11\.\d+)/.exec(cells[1] ?? '')?.[1];
    const foundBy = cells.at(-2) ?? '';
    return rule !== undefined && /hand|argument|directed/.test(foundBy) ? [rule] : [];
  });
}

/** The rules that comments cite, each with the file that does. */
export function citedIn(sources: readonly Text[]): ReadonlyMap<string, string> {
  return cited(sources, (text) =>
    [...unwrapped(text).matchAll(citation)].flatMap((match) => numbersIn(match[1] ?? '')),
  );
}

/** The rules that the headers of traces name, each with the file that does. */
export function namedInTraces(traces: readonly Text[]): ReadonlyMap<string, string> {
  return cited(traces, (text) =>
    text.split('\n').flatMap((line) => numbersIn(/^#\s*Rules?:(.*)$/.exec(line)?.[1] ?? '')),
  );
}

function cited(
  texts: readonly Text[],
  numbersOf: (text: string) => readonly string[],
): ReadonlyMap<string, string> {
  return new Map(
    texts.flatMap(({ path, text }) =>
      numbersOf(text).map((each): [string, string] => [each, path]),
    ),
  );
}

function numbersIn(text: string): readonly string[] {
  return text.match(new RegExp(number, 'g')) ?? [];
}

/** A comment's lines joined, so that a citation may stand across a line's end. */
function unwrapped(text: string): string {
  return text.replace(/\n\s*(?:\*|\/\/)?\s*/g, ' ');
}
