/**
 * Finds the client libraries of bench/package.json, which are installed there, and not with
 * lockmesh.
 */

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const here = new URL('../../../bench/package.json', import.meta.url);
const { resolve } = createRequire(here);

export function isInstalled(name: string): boolean {
  try {
    resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** What the package exports. Its types are the caller's to say: the package may not be there. */
export async function load<Exports>(name: string): Promise<Exports> {
  const module: { readonly default?: unknown } = await import(pathToFileURL(resolve(name)).href);
  return (module.default ?? module) as Exports;
}
