/**
 * EVIDENCE.md, from what the commands have printed.
 */

import type { Campaign, Canaries, Exploration } from './read.ts';

export interface Evidence {
  readonly campaign: Campaign;
  readonly exploration: Exploration;
  readonly canaries: Canaries;
  /** The version of Node that ran it all. */
  readonly node: string;
}

/** The page, as Markdown. */
export function render({ campaign, exploration, canaries, node }: Evidence): string {
  const sections = [
    [
      '# Evidence',
      '',
      `Written by \`npm run evidence\` with Node ${node}, none of it by hand.`,
    ].join('\n'),
    ofCampaign(campaign),
    ofCoverage(campaign),
    ofExploration(exploration),
    ofCanaries(canaries),
  ];
  return `${sections.join('\n\n')}\n`;
}

function ofCampaign(campaign: Campaign): string {
  const { seeds, failures, simulatedMs, wallMs, messages, grants, grantsUnderFault } = campaign;
  const hours = simulatedMs / 3_600_000;
  return [
    '## Faults by chance',
    '',
    `The swarm ran ${many(seeds)} seeds: **${many(failures)} failed**. It simulated ` +
      `${hours.toFixed(1)} hours in ${many(Math.round(wallMs / 1_000))} s, with ` +
      `${many(messages)} messages of the protocol and ${many(grants)} grants, ` +
      `${Math.round((100 * grantsUnderFault) / Math.max(1, grants))} % of them under a fault. ` +
      `The hash over all that happened is \`${campaign.hash}\`.`,
    '',
    'Open excuses: seeds in which a promise was not judged, since its assumption was broken.',
    '',
    table(
      ['promise', 'seeds'],
      [...campaign.unjudged].map(([what, count]) => [what, many(count)]),
    ),
    '',
    'What the faults did:',
    '',
    table(
      ['effect', 'times'],
      [...campaign.effects].map(([what, count]) => [what, many(count)]),
    ),
    '',
    `Of the situations that a campaign has to witness, it saw ${campaign.witnessed.length}; not ` +
      `seen: ${campaign.unwitnessed.join('; ') || 'none'}.`,
  ].join('\n');
}

function ofCoverage({ tuples, tuplesNewAtEnd, tuplesMissing }: Campaign): string {
  const all = tuples + tuplesMissing.length;
  const share = ((100 * tuples) / Math.max(1, all)).toFixed(1);
  const head =
    `Of the ${all} pairs of a situation of the receiver and a message from a kind of sender that ` +
    `can be, ${tuples} (${share} %) were met, ${tuplesNewAtEnd} of them in the last tenth of the ` +
    'seeds only.';
  const missing = tuplesMissing.map((tuple) => `- ${tuple}`);
  return ['## Situations', '', head, ...(missing.length > 0 ? ['', 'Not met:', ''] : [])]
    .concat(missing)
    .join('\n');
}

function ofExploration({ goldens, scopes }: Exploration): string {
  const known = [...goldens].map(([name, states]) => [name, many(states)]);
  const searched = scopes.map(({ name, states, depth, complete, seconds, violations }) => [
    name,
    many(states),
    many(depth),
    complete ? 'yes' : 'no',
    seconds.toFixed(1),
    many(violations),
  ]);
  return [
    '## Small scopes, searched whole',
    '',
    'Models whose number of states is known:',
    '',
    table(['model', 'distinct states'], known),
    '',
    'Scopes of the protocol:',
    '',
    table(['scope', 'distinct states', 'depth', 'complete', 'seconds', 'violations'], searched),
  ].join('\n');
}

function ofCanaries({ planted, killed, bugs }: Canaries): string {
  const rows = bugs.map(({ name, rules, check, seeds }) => [
    name,
    rules.join(', '),
    check ?? '–',
    seeds === null ? 'not found' : many(seeds),
  ]);
  return [
    '## Planted bugs',
    '',
    `${killed} of ${planted} were found.`,
    '',
    table(['planted bug', 'rules', 'found by', 'seeds needed'], rows),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function many(count: number): string {
  return count.toLocaleString('en');
}
