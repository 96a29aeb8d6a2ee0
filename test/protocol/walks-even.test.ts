import { describe } from 'vitest';
import { testWalks } from '../harness/walks.ts';

describe('random walks over the core, even seeds', () => testWalks(0));
