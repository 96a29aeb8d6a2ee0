/**
 * The cast of the demo: a register and three workers, what has been seen of them, and a way to wait
 * for what comes next.
 */

import { randomUUID } from 'node:crypto';
import { Child, freePorts, trouble } from './children.ts';
import {
  moment,
  type RegisterNews,
  type RegisterOrder,
  type WorkerNews,
  type WorkerOrder,
  type WorkerSetup,
} from './messages.ts';
import { live, say } from './screen.ts';

export const lease = 3_000;
export const ids = ['a', 'b', 'c'] as const;
export type Id = (typeof ids)[number];

type News = (RegisterNews | WorkerNews) & { readonly from: string; readonly seenAt: number };
type NewsOf<Type extends News['type']> = Extract<News, { readonly type: Type }>;

export class Stage {
  readonly #register: Child<RegisterNews, RegisterOrder>;
  readonly #workers = new Map<Id, Child<WorkerNews, WorkerOrder>>();
  readonly #watchers = new Set<(news: News) => void>();
  readonly #verbose: boolean;
  readonly #secret = randomUUID();
  /** Writes by process. */
  readonly #wrote = new Map<number, number>();
  #registerPort = 0;
  #ports: readonly number[] = [];
  /** How many more grants are shown with a line of their own. */
  #linesLeft = 0;

  constructor(logFile: string, verbose: boolean) {
    this.#verbose = verbose;
    this.#register = new Child('register', logFile, (news) => this.#hear('register', news));
  }

  get registerPid(): number {
    return this.#register.pid;
  }

  get ports(): readonly number[] {
    return this.#ports;
  }

  async open(): Promise<void> {
    const { port } = await this.next('listening');
    this.#registerPort = port;
    this.#ports = await freePorts(ids.length);
    await Promise.all(ids.map((id) => this.start(id)));
  }

  /** Starts a worker, anew if it ran before; until it is ready. */
  async start(id: Id): Promise<void> {
    const urls = this.#ports.map((port) => `ws://127.0.0.1:${port}`);
    const setup: WorkerSetup = {
      id,
      lease,
      port: this.#ports[ids.indexOf(id)] ?? 0,
      registerPort: this.#registerPort,
      secret: this.#secret,
      verbose: this.#verbose,
      voters: Object.fromEntries(ids.map((each, index) => [each, urls[index] ?? ''])),
    };
    const ready = this.next('ready', (news) => news.from === id);
    const argument = JSON.stringify(setup);
    this.#workers.set(id, new Child('worker', argument, (news) => this.#hear(id, news)));
    await ready;
  }

  worker(id: Id): Child<WorkerNews, WorkerOrder> {
    const worker = this.#workers.get(id);
    if (worker === undefined) throw new Error(`${id} was not started`);
    return worker;
  }

  /** Waits until the process of each of `some` has written as often. */
  async untilWritten(count: number, some: readonly Id[] = ids): Promise<void> {
    const written = (): boolean => some.every((id) => this.#writesOf(id) >= count);
    if (!written()) await this.next('wrote', written);
  }

  /** Has a worker stay inside at its next grant, and waits until it does. */
  async stays(id: Id): Promise<void> {
    const staying = this.next('staying', (news) => news.from === id);
    this.worker(id).order({ type: 'stay' });
    const { token } = await staying;
    say(id, `holds, token ${token}, and stays inside`);
  }

  /** Tells the referee that a worker is about to be paused, and pauses it. */
  pause(id: Id): number {
    this.#register.order({ type: 'paused', who: id });
    this.worker(id).pause();
    return moment();
  }

  /** What the register has seen. */
  report(): Promise<NewsOf<'report'>> {
    this.#register.order({ type: 'report' });
    return this.next('report');
  }

  endRegister(): Promise<void> {
    return this.#register.end('SIGKILL');
  }

  /** The next news of a type; rejects when a process ends that should not. */
  next<Type extends News['type']>(
    type: Type,
    matches: (news: NewsOf<Type>) => boolean = () => true,
  ): Promise<NewsOf<Type>> {
    const isIt = (news: News): news is NewsOf<Type> => news.type === type;
    let watcher: (news: News) => void;
    const found = new Promise<NewsOf<Type>>((resolve) => {
      watcher = (news) => {
        if (isIt(news) && matches(news)) resolve(news);
      };
      this.#watchers.add(watcher);
    }).finally(() => this.#watchers.delete(watcher));
    return Promise.race([found, trouble]);
  }

  /** Shows the next grants with a line each. */
  show(grantCount: number): void {
    this.#linesLeft = grantCount;
  }

  writesLine(): string {
    return ids.map((id) => `${id} ${this.#writesOf(id)}`).join('   ');
  }

  #writesOf(id: Id): number {
    return this.#wrote.get(this.#workers.get(id)?.pid ?? 0) ?? 0;
  }

  #hear(from: string, news: RegisterNews | WorkerNews): void {
    if (news.type === 'wrote') this.#wrote.set(news.pid, (this.#wrote.get(news.pid) ?? 0) + 1);
    if (news.type === 'entered') this.#showGrant(news.who, news.token);
    if (news.type === 'trouble') say('register', `TROUBLE: ${news.what}`);
    const seen = { ...news, from, seenAt: moment() };
    for (const watcher of [...this.#watchers]) watcher(seen);
  }

  #showGrant(who: string, token: number): void {
    if (this.#linesLeft > 0) say(who, `holds, token ${token}`);
    else live(who, `holds, token ${token}     writes: ${this.writesLine()}`);
    this.#linesLeft -= 1;
  }
}
