/**
 * The pictures of the benchmark show the figures that they are given.
 */

import { describe, expect, test } from 'vitest';
import { plotsOf } from '../../bench/pictures.ts';
import { svgOf } from '../../bench/plot.ts';

const labels = { title: 'Some & more', xLabel: 'right', yLabel: 'up' };

function pointsIn(svg: string): readonly string[] {
  return [...svg.matchAll(/<polyline points="([^"]*)"/g)].map((match) => match[1] ?? '');
}

describe('a plot', () => {
  test('spreads both scales by their logarithms', () => {
    const points = [
      { x: 1, y: 10 },
      { x: 10, y: 100 },
      { x: 100, y: 1_000 },
    ];
    const svg = svgOf({ ...labels, lines: [{ name: 'line', points }] });
    expect(pointsIn(svg)).toEqual(['80,360 335,205 590,50']);
  });

  test('draws a line in the order of its points, whatever order they come in', () => {
    const points = [
      { x: 100, y: 10 },
      { x: 1, y: 100 },
    ];
    expect(pointsIn(svgOf({ ...labels, lines: [{ name: 'line', points }] }))).toEqual([
      '80,50 590,360',
    ]);
  });

  test('has a title for those who do not see it', () => {
    const svg = svgOf({ ...labels, title: 'Time & <voters>', lines: [] });
    expect(svg).toContain('<title>Time &amp; &lt;voters></title>');
  });

  test('leaves out lines without points, and names the others', () => {
    const svg = svgOf({
      ...labels,
      lines: [
        { name: 'a < b', points: [{ x: 1, y: 3 }] },
        { name: 'nothing', points: [] },
      ],
    });
    expect(pointsIn(svg)).toHaveLength(1);
    expect(svg).toContain('a &lt; b');
    expect(svg).toContain('Some &amp; more');
    expect(svg).not.toContain('nothing');
    expect(svg).not.toContain('NaN');
  });
});

describe('the pictures of a run', () => {
  test('show meshes by their voters, and systems by their load', () => {
    const figures = { acquireP50Ms: 0.1, pairsPerS: 1_000 };
    const plots = plotsOf({
      'lockmesh-3': { sequential: figures, in64: figures },
      'lockmesh-7': { sequential: figures },
      redis: { sequential: figures },
    });
    const shown = Object.values(plots).map(({ lines }) =>
      lines.filter(({ points }) => points.length > 0).map(({ name }) => name),
    );
    const byVoters = ['1 in flight', '64 in flight'];
    const byClaims = ['lockmesh-3', 'lockmesh-7', 'redis'];
    expect(shown).toEqual([byVoters, byVoters, byClaims, byClaims]);
    expect(plots['latency-by-voters']?.lines[0]?.points).toEqual([
      { x: 3, y: 0.1 },
      { x: 7, y: 0.1 },
    ]);
  });
});
