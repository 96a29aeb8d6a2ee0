/** The half of the random walks with even seeds; what they check is in test/harness/walk.ts. */

import { describe } from 'vitest';
import { testWalks } from '../harness/walks.ts';

describe('random walks over the core, even seeds', () => testWalks(0));
