/**
 * EVIDENCE.md, from what the commands have printed.
 */

import type { Campaign, Canaries, Exploration, Histories, Hunt } from './read.ts';

export interface Evidence {
  readonly campaign: Campaign;
  readonly exploration: Exploration;
  readonly canaries: Canaries;
  readonly hunt: Hunt;
  readonly histories: Histories;
  /** The version of Node that ran it all. */
  readonly node: string;
}

/** The page, as Markdown. */
export function render(evidence: Evidence): string {
  const { campaign, exploration, node } = evidence;
  const sections = [
    [
      '# Evidence',
      '',
      `Written by \`npm run evidence\` with Node ${node}, none of it by hand.`,
    ].join('\n'),
    ofCampaign(campaign),
    ofCoverage(campaign),
    ofExploration(exploration),
    ofCanaries(evidence),
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
  const excuses = scopes.flatMap(({ excuse, name }) =>
    excuse === null ? [] : [`${name} (${excuse})`],
  );
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
    '',
    'Reductions, each of them used where it applies:',
    '',
    ...new Set(scopes.flatMap(({ reductions }) => reductions.map((text) => `- ${text}`))),
    '',
    `Scopes that may be incomplete: ${excuses.join('; ') || 'none'}.`,
  ].join('\n');
}

function ofCanaries({ canaries, histories, hunt }: Evidence): string {
  const rows = canaries.bugs.map(({ name, rules, check, seeds }) => [
    name,
    rules.join(', '),
    check === null || seeds === null ? 'not found' : `${check}, after ${many(seeds)}`,
    wayTo(name, hunt),
    histories.names.has(name) ? 'illegal' : '–',
  ]);
  const head = ['planted bug', 'rules', 'the swarm: check, seeds', 'a scope: steps', 'its history'];
  return [
    '## Planted bugs',
    '',
    `The swarm found ${canaries.killed} of ${canaries.planted}; the search of small scopes found ` +
      `${hunt.killed} of the ${hunt.planted} of the core; ${histories.illegal} of ` +
      `${histories.planted} make the history that applications see illegal.`,
    '',
    table(head, rows),
  ].join('\n');
}

/** Where a search of small scopes found a bug. */
function wayTo(name: string, { bugs }: Hunt): string {
  const bug = bugs.find((other) => other.name === name);
  if (bug === undefined) return 'not of the core';
  return bug.scope === null ? 'not found' : `${bug.scope}: ${bug.steps}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function many(count: number): string {
  return count.toLocaleString('en');
}
