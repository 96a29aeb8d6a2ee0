/**
 * Draws figures as lines, as SVG: what grows to the right is on a logarithmic scale, and so is what
 * grows upwards, since systems differ by orders of magnitude.
 */

export interface Line {
  readonly name: string;
  readonly points: readonly Point[];
}

/** Both greater than 0. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly Line[];
}

const width = 760;
const height = 420;
const left = 80;
const right = 590;
const top = 50;
const bottom = 360;

/** Told apart also by those who see few colours; see the marks, too. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];
const dashes = ['', '6 3', '2 3'];

/** One picture; lines without points are left out. */
export function svgOf({ title, xLabel, yLabel, lines }: Plot): string {
  const drawn = lines.filter(({ points }) => points.length > 0);
  const points = drawn.flatMap((line) => line.points);
  const xs = [...new Set(points.map(({ x }) => x))].toSorted((one, other) => one - other);
  const ys = points.map(({ y }) => y);
  const toX = scale([Math.min(...xs), Math.max(...xs)], [left, right]);
  const decades = decadesAround(ys);
  const toY = scale([decades[0] ?? 1, decades.at(-1) ?? 10], [bottom, top]);
  const body = [
    text(width / 2, 24, title, 'font-size="15" text-anchor="middle"'),
    ...decades.flatMap((y) => [
      rule({ x1: left, y1: toY(y), x2: right, y2: toY(y) }),
      text(left - 8, toY(y) + 4, numberOf(y), 'text-anchor="end"'),
    ]),
    ...xs.map((x) => text(toX(x), bottom + 18, numberOf(x), 'text-anchor="middle"')),
    text((left + right) / 2, bottom + 42, xLabel, 'text-anchor="middle"'),
    text(0, 0, yLabel, `text-anchor="middle" transform="translate(18 ${middle()}) rotate(-90)"`),
    ...drawn.flatMap((line, at) => drawLine(line, at, { toX, toY })),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"`,
    ' font-family="sans-serif" font-size="12">\n',
    `<title>${escaped(title)}</title>\n`,
    `<rect width="${width}" height="${height}" fill="#fff"/>\n`,
    `${body.join('\n')}\n</svg>\n`,
  ].join('');
}

interface Scales {
  readonly toX: Scale;
  readonly toY: Scale;
}

function drawLine({ name, points }: Line, at: number, { toX, toY }: Scales): readonly string[] {
  const colour = colours[at % colours.length] ?? '#000';
  const dash = dashes[Math.floor(at / colours.length) % dashes.length] ?? '';
  const style = `stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"`;
  const places = points
    .toSorted((one, other) => one.x - other.x)
    .map(({ x, y }) => ({ x: round(toX(x)), y: round(toY(y)) }));
  const path = places.map(({ x, y }) => `${x},${y}`).join(' ');
  const legendY = top + 10 + 20 * at;
  return [
    `<polyline points="${path}" fill="none" ${style}/>`,
    ...places.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="3.5" fill="${colour}"/>`),
    `<line x1="${right + 20}" y1="${legendY}" x2="${right + 44}" y2="${legendY}" ${style}/>`,
    text(right + 52, legendY + 4, name, ''),
  ];
}

type Scale = (value: number) => number;

/** A logarithmic one; a range of one value is put in its middle. */
function scale([from, to]: readonly number[], [start = 0, end = 0]: readonly number[]): Scale {
  const low = Math.log(from ?? 1);
  const span = Math.log(to ?? 1) - low;
  if (span === 0) return () => (start + end) / 2;
  return (value) => start + ((Math.log(value) - low) / span) * (end - start);
}

/** The powers of ten from below the least to above the greatest. */
function decadesAround(values: readonly number[]): readonly number[] {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: to - from + 1 }, (_, at) => 10 ** (from + at));
}

function middle(): number {
  return (top + bottom) / 2;
}

function rule(ends: Readonly<Record<'x1' | 'y1' | 'x2' | 'y2', number>>): string {
  const places = Object.entries(ends).map(([name, value]) => `${name}="${round(value)}"`);
  return `<line ${places.join(' ')} stroke="#ccc"/>`;
}

function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function numberOf(value: number): string {
  return value >= 1 ? value.toLocaleString('en') : `${Number(value.toPrecision(1))}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
