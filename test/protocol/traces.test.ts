/**
 * Every trace tells its story still. `npx vitest run test/protocol/traces.test.ts -u` rewrites what
 * stands below `----`; the difference is read before it is committed.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { playTrace } from '../harness/trace.ts';

const folder = new URL('./traces/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));

test.each(names)('%s', async (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8');
  await expect(playTrace(text)).toMatchFileSnapshot(`traces/${name}`);
});
