/**
 * What Linux tells of processes and of its network is read right, and so are CPU profiles.
 */

import { describe, expect, test } from 'vitest';
import { dataSegmentsIn, loopbackBytesIn, pssIn, ticksIn } from '../../bench/proc.ts';
import { selfTimes } from '../../bench/profile.ts';

describe('/proc', () => {
  test('tells the time of a process, whatever its name', () => {
    const stat = '42 (a) b (c) S 1 42 42 0 -1 4194560 0 0 0 0 7 5 3 2 20 0 1 0 100 0 0';
    expect(ticksIn(stat)).toBe(17);
  });

  test('tells the memory of a process', () => {
    expect(pssIn('Rss:             100 kB\nPss:              12 kB\nPss_Dirty: 1 kB\n')).toBe(
      12_288,
    );
    expect(pssIn('')).toBe(0);
  });

  test('tells what crossed loopback', () => {
    const dev = 'Inter-|   Receive\n face |bytes\n    lo: 1234 5 0\n  eth0: 99 1 0\n';
    expect(loopbackBytesIn(dev)).toBe(1_234);
    const netstat = 'TcpExt: A TCPOrigDataSent B\nTcpExt: 1 77 3\nIpExt: C D\nIpExt: 5 6\n';
    expect(dataSegmentsIn(netstat)).toBe(77);
  });
});

describe('a profile', () => {
  const frame = (functionName: string): object => {
    return { callFrame: { functionName, url: 'file:///dist/src/peer/way.js', lineNumber: 9 } };
  };
  const profile = {
    startTime: 1_000,
    nodes: [
      { id: 1, ...frame('first') },
      { id: 2, ...frame('second') },
      { id: 3, callFrame: { functionName: '(idle)', url: '', lineNumber: -1 } },
    ],
    samples: [1, 2, 2, 3, 1, 2],
    timeDeltas: [1_000, 1_000, 1_000, 1_000, 1_000, 1_000],
  } as Parameters<typeof selfTimes>[0];

  test('is told by functions, without what is idle or out of the part', () => {
    expect(selfTimes(profile, { fromMs: 3, untilMs: 6 })).toEqual([
      { place: 'second peer/way.js:10', share: 2 / 3 },
      { place: 'first peer/way.js:10', share: 1 / 3 },
    ]);
  });
});
