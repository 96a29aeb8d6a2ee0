/**
 * What a suite runs on.
 */

import { fileURLToPath } from 'node:url';
import type { Children } from './children.ts';

export interface Stage {
  /** All that it starts: it ends with the run. */
  readonly children: Children;
  /** Prints a line. */
  readonly say: (line: string) => void;
}

/** Where pictures are drawn. */
export const resultsFolder: string = fileURLToPath(new URL('../../bench/results', import.meta.url));
