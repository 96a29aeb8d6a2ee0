/**
 * Plays a trace: a few cores joined by bare queues, moved by commands one at a time, so that a
 * conversation can be read as a story. The text is input and expectation at once: below `----`
 * stands what the commands above it brought about.
 *
 *     mesh a b c [quorum=2 lease=10000 members=d,e durable lookAhead=8 …] [apart]
 *     a acquire x y:shared [try|steal] [timeout=500]
 *         [maxHold=500] [linger=500] [value=here] [holding=1,2] [anyOf=1,2]
 *         answers with the claim's number
 *     a release 1 · a heed 1 · a downgrade 1 · a holds 1 · state a
 *     a observe x · a unobserve x
 *     a look 1 [x]                  at what voters know, of one name or of all
 *     deliver a b [3] · deliver all · hold a b · free a b        frames under way from a to b
 *     lose a b · repeat a b                                      the next of them
 *     cut a b [seen=a] · join a b · crash b · restart b [forget]
 *     pass 100 · run 100            time goes on; nothing, or everything, is delivered meanwhile
 *     tick a 100 · wall a 100       a's clocks, or only its wall clock, go on by themselves
 *     pause a · resume a · wake a
 *     quiet · loud                  for what is not part of the story
 */

import { type ClaimId, claimId, type Resource, stamp } from '../../src/protocol/index.ts';
import { type Member, TraceMesh } from './trace-mesh.ts';

/** The text of a trace, with the outputs as they are now. */
export function playTrace(text: string): string {
  const player = new Player();
  const blocks = text.trimEnd().split(/\n{2,}/);
  return `${blocks.map((block) => playBlock(player, block)).join('\n\n')}\n`;
}

function playBlock(player: Player, block: string): string {
  const lines = block.split('\n');
  const end = lines.indexOf('----');
  const input = end < 0 ? lines : lines.slice(0, end);
  const commands = input.filter((line) => !line.startsWith('#'));
  if (commands.length === 0) return input.join('\n');
  const output = commands.flatMap((line) => player.obey(line));
  return [...input, '----', ...(output.length > 0 ? output : ['(nothing)'])].join('\n');
}

class Player {
  readonly #mesh = new TraceMesh();
  #isQuiet = false;

  /** Does what a line says and returns what came of it. */
  obey(line: string): string[] {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    const isKnown =
      this.#arrange(word, rest) ||
      this.#moveFrames(word, rest) ||
      this.#moveTime(word, rest) ||
      this.#ask(word, rest);
    if (!isKnown) throw new Error(`Cannot play trace: no such command: ${line}`);
    const printed = this.#mesh.takePrinted();
    return this.#isQuiet ? [] : printed;
  }

  /** Peers and links. @returns whether it knows the command */
  #arrange(command: string, [first = '', second = '', third]: string[]): boolean {
    const mesh = this.#mesh;
    switch (command) {
      case 'cut':
        mesh.cut(mesh.member(first), mesh.member(second), third);
        return true;
      case 'join':
        mesh.join(mesh.member(first), mesh.member(second));
        return true;
      case 'crash':
        mesh.crash(mesh.member(first));
        return true;
      case 'restart':
        mesh.restart(mesh.member(first), second === 'forget');
        return true;
      case 'pause':
        mesh.member(first).state = 'paused';
        return true;
      case 'resume':
        mesh.member(first).state = 'running';
        return true;
      case 'state':
        mesh.tellState(mesh.member(first));
        return true;
      default:
        return false;
    }
  }

  #moveFrames(command: string, [first = '', second = '', third]: string[]): boolean {
    const mesh = this.#mesh;
    switch (command) {
      case 'deliver':
        if (first === 'all') mesh.deliverAll();
        else mesh.deliver(mesh.pipe(first, second), Number(third ?? 1));
        return true;
      case 'hold':
      case 'free':
        mesh.pipe(first, second).held = command === 'hold';
        return true;
      case 'lose':
        mesh.pipe(first, second).frames.shift();
        return true;
      case 'repeat': {
        const { frames } = mesh.pipe(first, second);
        frames.unshift(...frames.slice(0, 1));
        return true;
      }
      default:
        return false;
    }
  }

  #moveTime(command: string, [first = '', second = '']: string[]): boolean {
    const mesh = this.#mesh;
    switch (command) {
      case 'pass':
      case 'run':
        mesh.pass(Number(first), command === 'run');
        return true;
      case 'tick':
        mesh.member(first).monotonicMs += Number(second);
        mesh.step(mesh.member(first), { type: 'wake' });
        return true;
      case 'wall':
        mesh.member(first).wallMs += Number(second);
        return true;
      case 'wake':
        mesh.step(mesh.member(first), { type: 'wake' });
        return true;
      default:
        return false;
    }
  }

  /** What sets up a trace, and what applications ask. */
  #ask(word: string, rest: string[]): boolean {
    switch (word) {
      case 'mesh':
        this.#start(rest);
        return true;
      case 'quiet':
      case 'loud':
        this.#isQuiet = word === 'quiet';
        return true;
      default:
        return this.#askAs(this.#mesh.member(word), rest);
    }
  }

  #askAs(member: Member, [command = '', ...rest]: string[]): boolean {
    switch (command) {
      case 'acquire':
        this.#acquire(member, rest);
        return true;
      case 'release':
        this.#mesh.release(member, Number(rest[0]));
        return true;
      case 'heed':
        this.#mesh.heed(member, Number(rest[0]));
        return true;
      case 'look':
        this.#mesh.look(member, Number(rest[0]), rest[1] ?? null);
        return true;
      case 'downgrade':
        this.#mesh.downgrade(member, Number(rest[0]));
        return true;
      case 'observe':
        this.#mesh.step(member, { type: 'observe', name: rest[0] ?? '', floor: stamp(0) });
        return true;
      case 'unobserve':
        this.#mesh.step(member, { type: 'unobserve', name: rest[0] ?? '' });
        return true;
      case 'holds':
        this.#mesh.tellHeld(member, Number(rest[0]));
        return true;
      default:
        return false;
    }
  }

  /** Their meeting is no part of the story, unless they start apart. */
  #start(words: readonly string[]): void {
    const { plain, named } = readWords(words);
    this.#mesh.start({
      voters: plain.filter((word) => word !== 'apart' && word !== 'durable'),
      members: (named.get('members') ?? '').split(',').filter((id) => id !== ''),
      isDurable: plain.includes('durable'),
      count: (name, otherwise) => Number(named.get(name) ?? otherwise),
    });
    if (plain.includes('apart')) return;
    this.#mesh.meet();
    this.#mesh.takePrinted();
  }

  #acquire(member: Member, words: readonly string[]): void {
    const { plain, named } = readWords(words);
    const names = plain.filter((word) => word !== 'try' && word !== 'steal');
    const resources = names.map((word): Resource => {
      const [name = '', mode] = word.split(':');
      return { name, mode: mode === 'shared' ? 'shared' : 'exclusive' };
    });
    this.#mesh.acquire(member, {
      resources,
      patience: (['try', 'steal'] as const).find((word) => plain.includes(word)) ?? 'wait',
      timeoutMs: Number(named.get('timeout') ?? Number.POSITIVE_INFINITY),
      maxHoldMs: Number(named.get('maxHold') ?? Number.POSITIVE_INFINITY),
      lingerMs: Number(named.get('linger') ?? 0),
      value: named.get('value') ?? null,
      holding: claimsOf(named.get('holding')),
      alternatives: claimsOf(named.get('anyOf')),
    });
  }
}

function claimsOf(word: string = ''): readonly ClaimId[] {
  return word === '' ? [] : word.split(',').map((claim) => claimId(Number(claim)));
}

/** `name=value` words apart from the others. */
function readWords(words: readonly string[]): {
  readonly plain: readonly string[];
  readonly named: ReadonlyMap<string, string>;
} {
  const plain: string[] = [];
  const named = new Map<string, string>();
  for (const word of words) {
    const [name = '', value] = word.split('=');
    if (value === undefined) plain.push(name);
    else named.set(name, value);
  }
  return { plain, named };
}
