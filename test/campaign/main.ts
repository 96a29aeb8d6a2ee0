/**
 * `npm run sim`: runs many seeds of the swarm, or one plan again.
 */

import { definedTuples } from '../../src/sim/coverage.ts';
import { type CampaignSummary, runCampaign } from './campaign.ts';
import { BadFlag, type Order, parseFlags, usage } from './flags.ts';
import { replay } from './replay.ts';
import { reportFailure } from './report-failure.ts';
import type { CampaignTally } from './tally.ts';

/** How many failing seeds are made smaller and told; of the others, only the number. */
const toldMax = 3;

/** The least share of grants that must happen while something is wrong. */
const underFaultMin = 0.2;

/** From so many seeds on, every goal must have been reached. */
const goalSeeds = 2_000;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const order = orderOf(args);
  if (order === null) return 2;
  if (order.order === 'replay') return await replay(order);
  const { tally, summary } = await runCampaign(order);
  for (const failed of tally.failed.slice(0, toldMax)) print(await reportFailure(failed));
  print(describe(summary));
  const complaints = complaintsOf(tally, summary);
  for (const complaint of complaints) print(complaint);
  if (order.json) print(JSON.stringify(summary));
  return complaints.length > 0 ? 1 : 0;
}

function orderOf(args: readonly string[]): Order | null {
  try {
    return parseFlags(args);
  } catch (error) {
    if (!(error instanceof BadFlag)) throw error;
    process.stderr.write(`${error.message}\n${usage}\n`);
    return null;
  }
}

function describe(summary: CampaignSummary): string {
  const { seeds, failures, simulatedMs, wallMs, messages, grants, grantsUnderFault } = summary;
  const effects = Object.entries(summary.effects).map(([what, count]) => `  ${what}: ${count}`);
  return [
    `${seeds} seeds, ${failures} failed; ${Math.round(simulatedMs / 1_000)} s simulated in ` +
      `${Math.round(wallMs / 1_000)} s; ${messages} messages; ${grants} grants, ` +
      `${Math.round((100 * grantsUnderFault) / Math.max(1, grants))} % of them under a fault`,
    'What the faults did:',
    ...effects,
    `Witnessed ${summary.witnessed.length} goals; not: ${summary.unwitnessed.join(', ') || 'none'}`,
    `Assumptions were broken in some: exclusion was not judged in ${summary.unjudged.exclusion}, ` +
      `the order of tokens in ${summary.unjudged.tokens}`,
    `${summary.tuples} of ${definedTuples.length} situations met their message, ` +
      `${summary.tuplesNewAtEnd} first in the last tenth`,
  ].join('\n');
}

/** Why the campaign as a whole did not pass. */
function complaintsOf(tally: CampaignTally, summary: CampaignSummary): readonly string[] {
  const complaints: string[] = [];
  if (tally.failed.length > 0) {
    const seeds = tally.failed.map(({ seed }) => seed).join(', ');
    complaints.push(`Failed: seeds ${seeds}`);
  }
  if (summary.seeds >= goalSeeds && summary.unwitnessed.length > 0) {
    complaints.push(`Never witnessed: ${summary.unwitnessed.join(', ')}`);
  }
  if (summary.grantsUnderFault < underFaultMin * summary.grants) {
    complaints.push('Fewer than a fifth of the grants happened under a fault');
  }
  return complaints;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
