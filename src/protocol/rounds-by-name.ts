/**
 * A coordinator's rounds by the names that they are on, and how they stand in each other's way.
 */

import { excludes } from './claim.ts';
import type { Resource } from './message.ts';
import { isCommitted, type Round } from './round.ts';
import { Table } from './table.ts';

const nothing: readonly Round[] = Object.freeze([]);

export class RoundsByName {
  /** In the order asked: mostly one, and it is the first that goes. */
  readonly #rounds = new Table<string, Round[]>();

  add(round: Round): void {
    for (const { name } of round.resources) {
      const on = this.#rounds.get(name);
      if (on === undefined) this.#rounds.set(name, [round]);
      else on.push(round);
    }
  }

  /** @returns whether others are on one of its names */
  remove(round: Round): boolean {
    let hasOthers = false;
    for (const { name } of round.resources) {
      const on = this.#rounds.get(name) ?? [];
      if (on.length === 1) this.#rounds.delete(name);
      else hasOthers = true;
      if (on[0] === round) on.shift();
      else on.splice(on.indexOf(round), 1);
    }
    return hasOthers;
  }

  /** The round that lingers on exactly these names, in these modes. */
  lingeringFor(resources: readonly Resource[]): Round | undefined {
    const [first] = resources;
    for (const round of this.#rounds.get(first?.name ?? '') ?? nothing) {
      if (round.phase.state === 'lingering' && isSame(round, resources)) return round;
      if (first !== undefined && keepsAllBehind(round, first)) return undefined;
    }
    return undefined;
  }

  /** The committed rounds that conflict with these resources. */
  committedAgainst(resources: readonly Resource[]): readonly Round[] {
    let found: Round[] | undefined;
    for (const resource of resources) {
      for (const round of this.#rounds.get(resource.name) ?? nothing) {
        if (keepsAllBehind(round, resource)) break;
        if (!isCommitted(round) || found?.includes(round) === true) continue;
        const same = round.resources.find(({ name }) => name === resource.name);
        if (same === undefined || !excludes(same, resource)) continue;
        found ??= [];
        found.push(round);
      }
    }
    return found ?? nothing;
  }

  /** Whether a conflicting round of this peer was asked for before and is still undecided. */
  hasOlderUndecided(round: Round): boolean {
    for (const resource of round.resources) {
      for (const other of this.#rounds.get(resource.name) ?? nothing) {
        if (other === round) break;
        if (other.phase.state !== 'undecided') continue;
        const same = other.resources.find(({ name }) => name === resource.name);
        if (same !== undefined && excludes(same, resource)) return true;
      }
    }
    return false;
  }

  /** The undecided rounds that may be next, now that `decided` no longer stands in their way. */
  nextAfter(decided: Round): readonly Round[] {
    let next: Round[] | undefined;
    for (const resource of decided.resources) {
      for (const other of this.#rounds.get(resource.name) ?? nothing) {
        if (other.phase.state !== 'undecided' || other.number < decided.number) continue;
        const same = other.resources.find(({ name }) => name === resource.name);
        if (same !== undefined && excludes(same, resource)) {
          next ??= [];
          next.push(other);
        }
        // Those after an exclusive one wait for it.
        if (same?.mode === 'exclusive') break;
      }
    }
    return next ?? nothing;
  }
}

function isSame(round: Round, resources: readonly Resource[]): boolean {
  if (round.resources.length !== resources.length) return false;
  return round.resources.every(({ name, mode }, index) => {
    const other = resources[index];
    return other?.name === name && other.mode === mode;
  });
}

/**
 * Whether no round behind this one is committed on that name: it waits, and excludes all others. So
 * however many wait, few are looked at.
 */
function keepsAllBehind(round: Round, { name }: Resource): boolean {
  if (isCommitted(round)) return false;
  return round.resources.some((own) => own.name === name && own.mode === 'exclusive');
}
