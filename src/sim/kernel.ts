/**
 * The loop of a simulated world: takes the next task, lets it happen, and lets all that follows
 * from it in the same turn happen, before the next:
 *
 *     take ──▶ run ──▶ microtasks, if any were caused ──▶ ends of turns ──▶ after ──▶ take …
 *                          ▲                                  │
 *                          └──────────────────────────────────┘
 *
 * True time is a whole number of microseconds; it jumps to the next task, and passes no other way.
 */

import { microtasks } from './drain.ts';
import { RollingHash } from './rolling-hash.ts';
import { Schedule } from './schedule.ts';
import type { Actor, EventKind, Scheduled, Task } from './task.ts';

/** How many of the latest tasks are kept to be told. */
const recentMax = 1_024;

/** How often the hash is noted, in tasks, so that two runs that differ can be compared. */
export const checkpointTasks = 1_000;

/** A run of more tasks than this does not come to an end. */
export const tasksMax: number = 20_000_000;

/** More than this at one instant go round in a circle: far more than any burst. */
export const tasksAtOnceMax: number = 1_000_000;

interface TurnEnd {
  readonly actor: Actor;
  callback(): void;
}

/** Why a run cannot go on. */
export type Halt = 'time-limit' | 'task-limit' | 'standstill' | 'nothing-left';

export class Kernel {
  /** True time. */
  nowUs = 0;
  /** How many tasks have happened. */
  taskCount = 0;
  readonly hash: RollingHash = new RollingHash();
  /** The hash after each thousand tasks. */
  readonly checkpoints: string[] = [];
  /** Called when a turn is over, before the next task. */
  afterTurn: () => void = () => {};
  /** Sees each task that happens, when one wants to compare runs. */
  onTask: ((task: Task, count: number) => void) | null = null;
  readonly #schedule = new Schedule();
  readonly #recent: Task[] = [];
  /** How many tasks had happened when the present instant began. */
  #tasksBefore = 0;
  #turnEnds: TurnEnd[] = [];
  #hasMicrotasks = false;

  /** Lets a task happen at its time; at once, but not within the present one, if that is past. */
  add(task: Task): Scheduled {
    return this.#schedule.add(task);
  }

  /** Lets `run` happen `delayUs` from now. */
  after(delayUs: number, what: Omit<Task, 'atUs'>): Scheduled {
    const { kind, actor, detail, run } = what;
    return this.#schedule.add({ atUs: this.nowUs + delayUs, kind, actor, detail, run });
  }

  /** Calls back when the present turn, microtasks included, is done. */
  atEndOfTurn(actor: Actor, callback: () => void): void {
    this.#turnEnds.push({ actor, callback });
  }

  /** A promise may have been settled: microtasks run before anything else happens. */
  noteMicrotasks(): void {
    this.#hasMicrotasks = true;
  }

  /**
   * Runs until `isOver` says so after some turn.
   *
   * @returns why it cannot go on, or `null` when it is over
   */
  async run(isOver: () => boolean, limitUs: number): Promise<Halt | null> {
    for (;;) {
      while (this.#hasMicrotasks || this.#turnEnds.length > 0) {
        if (this.#hasMicrotasks) {
          this.#hasMicrotasks = false;
          await microtasks();
        } else this.#endTurns();
      }
      this.afterTurn();
      if (this.#hasMicrotasks || this.#turnEnds.length > 0) continue;
      if (isOver()) return null;
      const { nextAtUs } = this.#schedule;
      if (nextAtUs > limitUs && nextAtUs < Number.POSITIVE_INFINITY) return 'time-limit';
      const task = this.#schedule.take();
      if (task === undefined) return 'nothing-left';
      if (this.taskCount >= tasksMax) return 'task-limit';
      if (task.atUs > this.nowUs) {
        this.nowUs = task.atUs;
        this.#tasksBefore = this.taskCount;
      } else if (this.taskCount - this.#tasksBefore >= tasksAtOnceMax) return 'standstill';
      this.perform(task);
    }
  }

  /** Lets a task happen now, unless its process is dead or its machine stands still. */
  perform(task: Task): void {
    const { actor } = task;
    if (actor !== null && !(actor.isAlive && actor.admits(task))) return;
    this.#record(task);
    task.run();
    actor?.ran();
  }

  /** The latest tasks that have happened, in order. */
  recent(): readonly Task[] {
    const cut = this.taskCount % recentMax;
    return [...this.#recent.slice(cut), ...this.#recent.slice(0, cut)];
  }

  #endTurns(): void {
    const ends = this.#turnEnds;
    this.#turnEnds = [];
    for (const { actor, callback } of ends) {
      if (!actor.isAlive) continue;
      const detail = 'end of turn';
      const task = { atUs: this.nowUs, kind: 'turn', actor, detail, run: callback } as const;
      if (actor.admits(task)) callback();
    }
  }

  #record(task: Task): void {
    this.#recent[this.taskCount % recentMax] = task;
    this.taskCount += 1;
    const { hash } = this;
    hash.word(this.nowUs);
    hash.word(codeOf(task.kind));
    if (typeof task.detail === 'string') hash.text(task.detail);
    else hash.bytes(task.detail);
    if (task.actor !== null) hash.text(task.actor.name);
    if (this.taskCount % checkpointTasks === 0) this.checkpoints.push(hash.digest);
    this.onTask?.(task, this.taskCount);
  }
}

const codes: Readonly<Record<EventKind, number>> = {
  accept: 1,
  close: 2,
  deliver: 3,
  disk: 4,
  fault: 5,
  open: 6,
  operation: 7,
  resume: 8,
  sleep: 9,
  timer: 10,
  turn: 11,
};

function codeOf(kind: EventKind): number {
  return codes[kind];
}
