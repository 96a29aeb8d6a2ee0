/**
 * Where the time of a process goes, by a CPU profile: functions by their own time.
 */

/** What is used of a `.cpuprofile`. */
export interface CpuProfile {
  /** By the clock of the machine, in microseconds. */
  readonly startTime: number;
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
}

export interface SelfTime {
  /** The function, and where it begins. */
  readonly place: string;
  /** Of the time in which the process was not idle. */
  readonly share: number;
}

/** The part of a profile that counts, by the clock of the machine, in milliseconds. */
interface Part {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The functions with time of their own in that part, those with the most first. */
export function selfTimes(profile: CpuProfile, { fromMs, untilMs }: Part): readonly SelfTime[] {
  const places = new Map(profile.nodes.map((node) => [node.id, placeOf(node)]));
  const times = new Map<string, number>();
  let busy = 0;
  let now = profile.startTime / 1_000;
  for (const [at, id] of profile.samples.entries()) {
    const place = places.get(id) ?? '';
    const time = profile.timeDeltas[at] ?? 0;
    now += time / 1_000;
    if (place === '(idle)' || now < fromMs || now > untilMs) continue;
    busy += time;
    times.set(place, (times.get(place) ?? 0) + time);
  }
  return [...times]
    .map(([place, time]) => ({ place, share: time / busy }))
    .toSorted((one, other) => other.share - one.share);
}

function placeOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  const file = url.split('/').slice(-2).join('/');
  return file === '' ? name : `${name} ${file}:${lineNumber + 1}`;
}
