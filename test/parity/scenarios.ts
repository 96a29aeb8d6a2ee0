/**
 * All scenarios of parity, in the order in which they are run.
 */

import type { ParityScenario } from './scenario.ts';
import { membershipScenarios } from './scenarios-membership.ts';
import { networkScenarios } from './scenarios-network.ts';
import { pauseScenarios } from './scenarios-pauses.ts';
import { processScenarios } from './scenarios-processes.ts';
import { waitingScenarios } from './scenarios-waiting.ts';

export const scenarios: readonly ParityScenario[] = [
  ...waitingScenarios,
  ...networkScenarios,
  ...processScenarios,
  ...membershipScenarios,
  ...pauseScenarios,
];
