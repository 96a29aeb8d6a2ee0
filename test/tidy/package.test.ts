/**
 * What the package ships is whole.
 */

import { describe, expect, test } from 'vitest';
import { textOf } from './sources.ts';

describe('package.json', () => {
  test('ships the sources that the source maps of what it ships point to', () => {
    const { compilerOptions } = JSON.parse(textOf('tsconfig.json'));
    expect(compilerOptions).toMatchObject({ sourceMap: true, rootDir: '.', outDir: 'dist' });
    const shipped: readonly string[] = JSON.parse(textOf('package.json')).files;
    const compiled = shipped.filter((path) => path.startsWith('dist/'));
    expect(compiled).not.toEqual([]);
    for (const path of compiled) expect(shipped).toContain(path.slice('dist/'.length));
  });
});
