/**
 * Where the time of a process goes, by a CPU profile: functions by their own time.
 */

/** What is used of a `.cpuprofile`. */
export interface CpuProfile {
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

/** The functions with the most time of their own, the greatest first. */
export function selfTimes(profile: CpuProfile, count: number): readonly SelfTime[] {
  const places = new Map(profile.nodes.map((node) => [node.id, placeOf(node)]));
  const times = new Map<string, number>();
  let busy = 0;
  for (const [at, id] of profile.samples.entries()) {
    const place = places.get(id) ?? '';
    const time = profile.timeDeltas[at] ?? 0;
    if (place === '(idle)') continue;
    busy += time;
    times.set(place, (times.get(place) ?? 0) + time);
  }
  return [...times]
    .map(([place, time]) => ({ place, share: time / busy }))
    .toSorted((one, other) => other.share - one.share)
    .slice(0, count);
}

function placeOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  const file = url.split('/').slice(-2).join('/');
  return file === '' ? name : `${name} ${file}:${lineNumber + 1}`;
}
