/**
 * What the demo prints: chapters, lines with the time and who speaks, and on a terminal one live
 * line at the bottom. Plain text where the output is not a terminal.
 */

const isTerminal = process.stdout.isTTY === true;
const colours: Readonly<Record<string, number>> = { a: 36, b: 33, c: 35, register: 34 };
const startedAt = performance.now();
let liveShownAt = 0;
let isLive = false;

export function title(text: string): void {
  print(`\n${styled(text, 1)}\n`);
}

export function chapter(text: string): void {
  print(`\n${styled(text, 1)}`);
}

/** One thing that happened: when, to whom, what. */
export function say(who: string, text: string): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(2).padStart(6);
  print(`${styled(`${seconds} s`, 2)}  ${styled(who.padEnd(9), colours[who] ?? 1)} ${text}`);
}

/** Replaces the live line; on a terminal only, and not more often than eyes can follow. */
export function live(who: string, text: string): void {
  if (!isTerminal || performance.now() - liveShownAt < 40) return;
  liveShownAt = performance.now();
  process.stdout.write(`\r\x1b[2K          ${styled(who.padEnd(9), colours[who] ?? 1)} ${text}`);
  isLive = true;
}

/** Rows of cells below each other; the first row is the head. */
export function table(rows: readonly (readonly (string | number)[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column] ?? '').length)),
  );
  for (const [index, row] of rows.entries()) {
    const line = row.map((cell, column) => aligned(cell, widths[column] ?? 0)).join('   ');
    print(`          ${index === 0 ? styled(line, 2) : line}`);
  }
}

export function good(text: string): string {
  return styled(text, 32);
}

export function bad(text: string): string {
  return styled(text, 31);
}

/** `1.23 s`, or `4.5 ms` for what is shorter than a tenth of a second. */
export function duration(ms: number): string {
  return ms < 100 ? `${ms.toFixed(1)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

function aligned(cell: string | number, width: number): string {
  return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width);
}

function print(line: string): void {
  process.stdout.write(`${isLive ? '\r\x1b[2K' : ''}${line}\n`);
  isLive = false;
}

function styled(text: string, code: number): string {
  return isTerminal ? `\x1b[${code}m${text}\x1b[0m` : text;
}
