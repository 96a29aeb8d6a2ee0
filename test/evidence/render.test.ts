/**
 * The page that `npm run evidence` writes.
 */

import { expect, test } from 'vitest';
import { readCampaign, readCanaries, readExploration, readHistories, readHunt } from './read.ts';
import { render } from './render.ts';

const campaign = {
  ...{ seeds: 2_000, failures: 0, simulatedMs: 7_200_000, wallMs: 50_000, messages: 1_234_567 },
  ...{ grants: 1_000, grantsUnderFault: 410, effects: { 'messages lost': 12 }, hash: 'abc' },
  ...{ witnessed: ['a claim was granted'], unwitnessed: ['a quorum was lost'] },
  ...{ tuples: 3, tuplesNewAtEnd: 0, tuplesMissing: ['voting, idle ← vote from member'] },
  unjudged: { exclusion: 4, tokens: 5 },
};

const scope = { name: '3 x 1 x 2', states: 9_000, depth: 40, complete: true, seconds: 1.26 };
const told = { reductions: ['one order stands for all'], excuse: null };

const bugs = [
  { name: 'no-floor', rules: ['4.2', '4.6'], seeds: 28, check: 'tokens' },
  { name: 'sleepy', rules: ['6.7'], seeds: null, check: null },
];

const way = { scope: '3 x 1 x 2', message: 'two holders', steps: 19 };

test('shows what was run, what it met and what it missed', () => {
  const page = render({
    campaign: readCampaign(campaign),
    exploration: readExploration({
      goldens: { 'two-phase 3': 288 },
      scopes: [{ ...scope, ...told, violations: [] }],
    }),
    canaries: readCanaries({ planted: 2, killed: 1, bugs }),
    histories: readHistories({ planted: 2, illegal: 1, bugs: [{ name: 'no-floor', seed: 7 }] }),
    hunt: readHunt({ planted: 1, killed: 1, bugs: [{ name: 'no-floor', ...way }] }),
    node: 'v20.20.2',
  });
  for (const text of [
    '2,000 seeds: **0 failed**',
    '2.0 hours in 50 s, with 1,234,567 messages of the protocol and 1,000 grants, 41 % of them',
    '| exclusion | 4 |',
    '| messages lost | 12 |',
    'it saw 1; not seen: a quorum was lost.',
    'Of the 4 pairs',
    '3 (75.0 %) were met',
    '- voting, idle ← vote from member',
    '| two-phase 3 | 288 |',
    '| 3 x 1 x 2 | 9,000 | 40 | yes | 1.3 | 0 |',
    '- one order stands for all',
    'Scopes that may be incomplete: none.',
    'The swarm found 1 of 2; the search of small scopes found 1 of the 1 of the core; 1 of 2',
    '| no-floor | 4.2, 4.6 | tokens, after 28 | 3 x 1 x 2: 19 | illegal |',
    '| sleepy | 6.7 | not found | not of the core | – |',
  ]) {
    expect(page).toContain(text);
  }
});

test('is not written of what is not there', () => {
  const { seeds: _, ...rest } = campaign;
  expect(() => readCampaign(rest)).toThrow('Cannot read sim: seeds must be a number');
  expect(() => readCanaries({ planted: 1, killed: 1, bugs: [{}] })).toThrow(
    'Cannot read canaries.bugs[0]: name must be a string',
  );
  expect(() => readExploration(null)).toThrow('Cannot read explore: must be an object');
});
