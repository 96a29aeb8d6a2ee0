/** The half of the random walks with odd seeds; what they check is in test/harness/walk.ts. */

import { describe } from 'vitest';
import { testWalks } from '../harness/walks.ts';

describe('random walks over the core, odd seeds', () => testWalks(1));
