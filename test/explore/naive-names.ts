/**
 * What a naive mesh is called in the words of a search (`Reached`).
 */

import { type Frame, type NodeSnapshot, sessionNumber } from '../../src/protocol/index.ts';
import {
  canonicalFrame,
  canonicalSnapshot,
  nameOfFrame,
  nameOfSnapshot,
} from '../../src/sim/explore/canonical.ts';
import { claimStates } from '../../src/sim/explore/mesh-layout.ts';
import type { NaiveMesh } from './naive-mesh.ts';
import { budgetKinds, type Numbers } from './reached.ts';

/** What a naive mesh is called in the same words. */
export class NaiveNaming {
  readonly #mesh: NaiveMesh;
  readonly #numbers: Numbers;
  readonly #frames = new Map<Frame, number>();
  readonly #cores: { turns: number; number: number }[] = [];

  constructor(mesh: NaiveMesh, numbers: Numbers) {
    this.#mesh = mesh;
    this.#numbers = numbers;
  }

  cores(): readonly number[] {
    return this.#mesh.peers.map((_, peer) => {
      const process = this.#mesh.processOf(peer);
      if (process === null) return 0;
      const known = this.#cores[peer];
      const turns = this.#mesh.turnsOf(peer);
      if (known?.turns === turns) return known.number;
      const number = this.#numbers.of(this.nameOf(peer));
      this.#cores[peer] = { turns, number };
      return number;
    });
  }

  nameOf(peer: number): string {
    const process = this.#mesh.processOf(peer);
    if (process === null) return 'dead';
    const time = this.#mesh.nowOf(process);
    const { incarnation: of } = process;
    const snapshot = this.#even(canonicalSnapshot(process.node.snapshot(time)), of);
    return `${peer} ${of} ${time.wall} ${nameOfSnapshot(snapshot)}`;
  }

  mesh(): string {
    const { claims: all, left, peers } = this.#mesh;
    const rows: string[] = [];
    for (const from of peers.keys()) {
      for (const to of peers.keys()) if (from !== to) rows.push(this.#rowOf(from, to));
    }
    const claims = all.told.map((of, claim) => {
      return `${claimStates.indexOf(of)}${all.isShared(claim) ? 's' : ''}`;
    });
    const budgets = budgetKinds.map((kind) => left[kind]).join();
    return [this.cores().join(), rows.join(';'), claims.join(''), budgets].join('|');
  }

  #rowOf(from: number, to: number): string {
    const items = this.#mesh.rowOf(from, to).map((item) => {
      if (item === 'down') return 'down';
      if ('up' in item) return `up${item.up}`;
      let number = this.#frames.get(item);
      if (number === undefined) {
        number = this.#numbers.of(nameOfFrame(this.#evenFrame(canonicalFrame(item))));
        this.#frames.set(item, number);
      }
      return number;
    });
    return items.join();
  }

  /** A search that starts where all have met takes all sessions of the start for one. */
  #evenNumber(number: number, of: number): ReturnType<typeof sessionNumber> {
    const { isWarm, voters } = this.#mesh.scope;
    return sessionNumber(isWarm && of === 1 && number <= voters ? Math.min(number, 2) : number);
  }

  #even(snapshot: NodeSnapshot, own: number): NodeSnapshot {
    const { coordinator, voter } = snapshot;
    const { sessions } = voter.sessions;
    const ledger = coordinator.ledger.map((of) => ({
      ...of,
      tenures: of.tenures.map((tenure) => ({
        ...tenure,
        session: this.#evenNumber(tenure.session, tenure.incarnation),
      })),
    }));
    const rounds = coordinator.table.rounds.map((round) => ({
      ...round,
      ballots: round.ballots.map(([of, ballot]) => {
        const { vote } = ballot;
        if (vote === null) return [of, ballot] as const;
        const session = this.#evenNumber(vote.session, vote.incarnation);
        return [of, { ...ballot, vote: { ...vote, session } }] as const;
      }),
    }));
    const numbered = sessions.map((session) => ({
      ...session,
      number: this.#evenNumber(session.number, own),
    }));
    return {
      ...snapshot,
      voter: { ...voter, sessions: { ...voter.sessions, sessions: numbered } },
      coordinator: { ...coordinator, ledger, table: { ...coordinator.table, rounds } },
    };
  }

  #evenFrame(frame: Frame): Frame {
    const of = frame.messages.find((message) => message.type === 'hello')?.incarnation;
    if (of === undefined) return frame;
    const messages = frame.messages.map((message) =>
      message.type === 'hello'
        ? { ...message, session: this.#evenNumber(message.session, message.incarnation) }
        : message,
    );
    return { ...frame, messages };
  }
}
