/**
 * The way to what a planted bug breaks as a scenario of the simulator, ready to be kept: a module
 * with the options of a simulation, and what happens in it, move by move.
 */

import type { Move, ToldMove } from '../../src/sim/explore/mesh-moves.ts';
import { leaseMs, type MeshScope, type ScopeClaim } from '../../src/sim/explore/scope.ts';
import { beatMs, leaseMs as stagedLeaseMs } from './staging.ts';

const widthMax = 100;

export interface Told {
  readonly name: string;
  readonly story: string;
  /** What is broken. */
  readonly message: string;
  readonly moves: readonly ToldMove[];
}

/**
 * Whether the simulator can play what happens in a scope: it is not told here of state files, nor
 * of frames that are lost or late by themselves, nor of clocks that run at different rates.
 */
export function isPlayable({ budgets, files = 'none', pace, withheld = [] }: MeshScope): boolean {
  const isEven = pace === undefined || typeof pace.stepMs === 'number';
  return isEven && files === 'none' && budgets.losses === 0 && withheld.length === 0;
}

/** The source of the scenario, for test/explore/counterexamples. */
export function printScenario(scope: MeshScope, { message, moves, name, story }: Told): string {
  const ids = ['a', 'b', 'c', 'd', 'e'].slice(0, scope.voters).map(quoted);
  const asked = new Set(moves.flatMap(({ move }) => (move.do === 'ask' ? [move.claim] : [])));
  const dead = new Set(moves.flatMap(({ move }) => (move.do === 'crash' ? [move.at] : [])));
  const unasked = [...scope.claims.keys()].filter((claim) => {
    return !asked.has(claim) && !dead.has(idOf(scope.claims[claim]));
  });
  const names = [...new Set(scope.claims.flatMap(({ resources }) => resources.map(nameOf)))];
  const body = [
    ...moves.flatMap(({ move, words }, at) => lineOf(scope, moves, move, `${at + 1}. ${words}`)),
    ...unasked.map((claim) => `${asking(scope.claims[claim])}; // Not asked for so far.`),
  ];
  const { quorum, replicas = scope.voters } = scope;
  const deciders = replicas < scope.voters ? `${quorum}, ${replicas}` : `${quorum}`;
  const needsBeat = body.some((line) => line.includes('beatMs'));
  return [
    '/**',
    ...wrapped(`${name}: ${story}`),
    ' *',
    ...wrapped(`Scope ${scope.name}; ${message}.`),
    ' */',
    '',
    "import type { Sim, SimOptions } from '../../../src/sim/index.ts';",
    `import { ${needsBeat ? 'beatMs, ' : ''}meshOf, Staging } from '../staging.ts';`,
    '',
    `export const options: SimOptions = meshOf([${ids.join(', ')}], ${deciders});`,
    '',
    'export async function play(sim: Sim): Promise<void> {',
    '  const staging = await Staging.begin(sim);',
    ...(body.some((line) => line.includes(' steps.')) ? ['  const { steps } = staging;'] : []),
    ...body.map((line) => `  ${line}`.slice(0, widthMax).trimEnd()),
    `  await staging.end(${names.map(quoted).join(', ')});`,
    '}',
    '',
  ].join('\n');
}

/** One statement, and what it stands for; several moves need none. */
function lineOf(
  { claims }: MeshScope,
  moves: readonly ToldMove[],
  move: Move,
  words: string,
): readonly string[] {
  const code = codeOf(move, claims, (claim) => isNeeded(moves, claim));
  return [code === null ? `// ${words}` : `${code}; // ${words}`];
}

/** Whether a claim is spoken of after it was asked for. */
function isNeeded(moves: readonly ToldMove[], claim: number): boolean {
  return moves.some(({ move }) => {
    return 'claim' in move && move.do !== 'ask' && move.claim === claim;
  });
}

function codeOf(
  move: Move,
  claims: readonly ScopeClaim[],
  isNamed: (claim: number) => boolean,
): string | null {
  switch (move.do) {
    case 'ask': {
      const name = isNamed(move.claim) ? `const claim${move.claim + 1} = ` : '';
      return `${name}${asking(claims[move.claim])}`;
    }
    case 'release':
      return `await claim${move.claim + 1}.release()`;
    case 'downgrade':
      return `await claim${move.claim + 1}.downgrade()`;
    case 'give up':
      return `await claim${move.claim + 1}.giveUp()`;
    case 'hear':
    case 'part':
    case 'meet':
      return `await steps.${move.do}('${move.at}', '${move.from}')`;
    case 'cut':
      return `steps.cut('${move.at}', '${move.from}')`;
    case 'crash':
      return `sim.node('${move.at}').crash({ network: 'reset' })`;
    case 'restart':
      return `await staging.restart('${move.at}')`;
    case 'pause':
    case 'suspend':
      return `await staging.${move.do}('${move.at}', ${timeOf(move.ms)})`;
    case 'jump':
      return `sim.node('${move.at}').clock.jump(${(move.ms * stagedLeaseMs) / leaseMs})`;
    case 'pass':
      return `await sim.sleep(${timeOf(move.ms)})`;
    case 'lose':
    case 'write':
    case 'nothing':
      return null;
  }
}

/** On the longer lease of the simulator. */
function timeOf(ms: number): string {
  const staged = (ms * stagedLeaseMs) / leaseMs;
  return staged === beatMs ? 'beatMs' : String(staged).replace(/(?=(...)+$)(?!^)/g, '_');
}

function asking(claim: ScopeClaim | undefined): string {
  const { downgrades, hangs, lingers, patience, resources } = claim ?? nothing;
  const all = resources.map(({ name, mode }) => {
    return mode === 'shared' ? `{ name: ${quoted(name)}, mode: 'shared' }` : quoted(name);
  });
  const request = all.length === 1 ? all.join() : `[${all.join(', ')}]`;
  const kept = downgrades ? 'share' : 'hang';
  const how = hangs ? kept : lingers ? 'linger' : patience;
  const told = how === 'wait' ? '' : `, ${quoted(how)}`;
  return `await staging.ask(${quoted(idOf(claim))}, ${request}${told})`;
}

const nothing: ScopeClaim = { peer: 0, patience: 'wait', resources: [] };

function idOf(claim: ScopeClaim | undefined): string {
  return String.fromCharCode(97 + (claim?.peer ?? 0));
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function quoted(text: string): string {
  return `'${text}'`;
}

/** As lines of a comment. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = ' *';
  for (const word of text.split(/\s+/)) {
    if (line.length + 1 + word.length > widthMax) {
      lines.push(line);
      line = ' *';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
