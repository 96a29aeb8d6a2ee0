/**
 * What the commands print as their last line, as far as EVIDENCE.md shows it. Whatever is not as
 * expected is an error that names where.
 */

/** Of `npm run sim -- --json`. */
export interface Campaign {
  readonly seeds: number;
  readonly failures: number;
  readonly simulatedMs: number;
  readonly wallMs: number;
  readonly messages: number;
  readonly grants: number;
  readonly grantsUnderFault: number;
  readonly effects: ReadonlyMap<string, number>;
  readonly witnessed: readonly string[];
  readonly unwitnessed: readonly string[];
  readonly tuples: number;
  readonly tuplesNewAtEnd: number;
  readonly tuplesMissing: readonly string[];
  readonly unjudged: ReadonlyMap<string, number>;
  readonly hash: string;
}

/** Of `npm run explore -- --json`. */
export interface Exploration {
  /** Distinct states of the models whose numbers are known. */
  readonly goldens: ReadonlyMap<string, number>;
  readonly scopes: readonly ScopeReport[];
}

export interface ScopeReport {
  readonly name: string;
  readonly states: number;
  readonly depth: number;
  readonly complete: boolean;
  readonly seconds: number;
  readonly violations: number;
  readonly reductions: readonly string[];
  /** Why it may be incomplete; `null` where it may not. */
  readonly excuse: string | null;
}

/** Of `npm run canaries -- --json`. */
export interface Canaries {
  readonly planted: number;
  readonly killed: number;
  readonly bugs: readonly Bug[];
}

export interface Bug {
  readonly name: string;
  readonly rules: readonly string[];
  /** How many seeds it took; `null` where none found it. */
  readonly seeds: number | null;
  readonly check: string | null;
}

/** Of `npm run explore -- --canaries --json`: which planted bugs of the core die in a scope. */
export interface Hunt {
  readonly planted: number;
  readonly killed: number;
  readonly bugs: readonly HuntedBug[];
}

export interface HuntedBug {
  readonly name: string;
  /** Where it was found; `null` where it was not. */
  readonly scope: string | null;
  readonly message: string | null;
  /** How long the shortest way there is. */
  readonly steps: number;
}

/** Of `npm run canaries -- --history --json`: which planted bugs applications can see. */
export interface Histories {
  readonly planted: number;
  readonly illegal: number;
  readonly names: ReadonlySet<string>;
}

export function readCampaign(value: unknown): Campaign {
  const it = new Reader('sim', value);
  return {
    seeds: it.number('seeds'),
    failures: it.number('failures'),
    simulatedMs: it.number('simulatedMs'),
    wallMs: it.number('wallMs'),
    messages: it.number('messages'),
    grants: it.number('grants'),
    grantsUnderFault: it.number('grantsUnderFault'),
    effects: it.counts('effects'),
    witnessed: it.texts('witnessed'),
    unwitnessed: it.texts('unwitnessed'),
    tuples: it.number('tuples'),
    tuplesNewAtEnd: it.number('tuplesNewAtEnd'),
    tuplesMissing: it.texts('tuplesMissing'),
    unjudged: it.counts('unjudged'),
    hash: it.text('hash'),
  };
}

export function readExploration(value: unknown): Exploration {
  const it = new Reader('explore', value);
  return {
    goldens: it.counts('goldens'),
    scopes: it.list('scopes').map((scope) => ({
      name: scope.text('name'),
      states: scope.number('states'),
      depth: scope.number('depth'),
      complete: scope.flag('complete'),
      seconds: scope.number('seconds'),
      violations: scope.size('violations'),
      reductions: scope.texts('reductions'),
      excuse: scope.textOrNull('excuse'),
    })),
  };
}

export function readCanaries(value: unknown): Canaries {
  const it = new Reader('canaries', value);
  return {
    planted: it.number('planted'),
    killed: it.number('killed'),
    bugs: it.list('bugs').map((bug) => ({
      name: bug.text('name'),
      rules: bug.texts('rules'),
      seeds: bug.isNull('seeds') ? null : bug.number('seeds'),
      check: bug.textOrNull('check'),
    })),
  };
}

export function readHunt(value: unknown): Hunt {
  const it = new Reader('explore --canaries', value);
  return {
    planted: it.number('planted'),
    killed: it.number('killed'),
    bugs: it.list('bugs').map((bug) => ({
      name: bug.text('name'),
      scope: bug.textOrNull('scope'),
      message: bug.textOrNull('message'),
      steps: bug.number('steps'),
    })),
  };
}

export function readHistories(value: unknown): Histories {
  const it = new Reader('canaries --history', value);
  const illegal = it.list('bugs').filter((bug) => !bug.isNull('seed'));
  return {
    planted: it.number('planted'),
    illegal: it.number('illegal'),
    names: new Set(illegal.map((bug) => bug.text('name'))),
  };
}

class Reader {
  readonly #where: string;
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(where: string, value: unknown) {
    if (!isRecord(value)) throw new TypeError(`Cannot read ${where}: must be an object`);
    this.#where = where;
    this.#fields = new Map(Object.entries(value));
  }

  number(name: string): number {
    const value = this.#fields.get(name);
    return typeof value === 'number' ? value : this.#refuse(name, 'a number');
  }

  text(name: string): string {
    const value = this.#fields.get(name);
    return typeof value === 'string' ? value : this.#refuse(name, 'a string');
  }

  flag(name: string): boolean {
    const value = this.#fields.get(name);
    return typeof value === 'boolean' ? value : this.#refuse(name, 'true or false');
  }

  textOrNull(name: string): string | null {
    return this.isNull(name) ? null : this.text(name);
  }

  isNull(name: string): boolean {
    return this.#fields.get(name) === null;
  }

  /** A number, or how many there are of a list. */
  size(name: string): number {
    const value = this.#fields.get(name);
    return Array.isArray(value) ? value.length : this.number(name);
  }

  texts(name: string): readonly string[] {
    const value = this.#fields.get(name);
    if (!Array.isArray(value)) return this.#refuse(name, 'a list');
    return value.map((each: unknown) => String(each));
  }

  counts(name: string): ReadonlyMap<string, number> {
    const value = this.#fields.get(name);
    if (!isRecord(value)) return this.#refuse(name, 'an object of numbers');
    return new Map(Object.entries(value).map(([key, count]) => [key, Number(count)]));
  }

  list(name: string): readonly Reader[] {
    const value = this.#fields.get(name);
    if (!Array.isArray(value)) return this.#refuse(name, 'a list');
    return value.map(
      (each: unknown, index) => new Reader(`${this.#where}.${name}[${index}]`, each),
    );
  }

  #refuse(name: string, wanted: string): never {
    throw new TypeError(`Cannot read ${this.#where}: ${name} must be ${wanted}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
