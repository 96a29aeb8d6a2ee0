/**
 * The figures of a run: what each system showed in each round, and the medians of that.
 */

import type { MeasureName } from './measure-names.ts';
import { median } from './statistics.ts';
import type { SystemName } from './system-names.ts';

/** The figures of one measure, by name. */
export type Figures = Readonly<Record<string, number>>;

/** The medians of a run: by system, by measure, by the name of the figure. */
export type Medians = Readonly<
  Partial<Record<SystemName, Readonly<Partial<Record<MeasureName, Figures>>>>>
>;

interface Sample {
  readonly system: SystemName;
  readonly measure: MeasureName;
  readonly round: number;
  readonly figures: Figures;
}

export class Results {
  readonly #samples: Sample[] = [];

  add(sample: Sample): void {
    this.#samples.push(sample);
  }

  medians(): Medians {
    return mediansOf(this.#samples);
  }

  /** One round by itself. */
  round(number: number): Medians {
    return mediansOf(this.#samples.filter(({ round }) => round === number));
  }

  /** The greatest that a system showed. */
  worst(system: SystemName, figure: string): number {
    const own = this.#samples.filter((sample) => sample.system === system);
    return Math.max(0, ...own.map(({ figures }) => figures[figure] ?? 0));
  }
}

function mediansOf(samples: readonly Sample[]): Medians {
  const systems = grouped(samples, ({ system }) => system);
  const entries = [...systems].map(([system, own]) => {
    const measures = grouped(own, ({ measure }) => measure);
    const figures = [...measures].map(([measure, of]) => [measure, middleOf(of)] as const);
    return [system, Object.fromEntries(figures)] as const;
  });
  return Object.fromEntries(entries);
}

function middleOf(samples: readonly Sample[]): Figures {
  const names = Object.keys(samples[0]?.figures ?? {});
  return Object.fromEntries(
    names.map((name) => [name, median(samples.map(({ figures }) => figures[name] ?? Number.NaN))]),
  );
}

function grouped<Key>(
  samples: readonly Sample[],
  keyOf: (sample: Sample) => Key,
): ReadonlyMap<Key, readonly Sample[]> {
  const groups = new Map<Key, Sample[]>();
  for (const sample of samples) {
    const key = keyOf(sample);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sample]);
    else group.push(sample);
  }
  return groups;
}
