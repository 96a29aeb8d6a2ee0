/**
 * Planted bugs of the peer around the core: the driver, the claims, the links, the state file.
 */

import type { Canary } from './patch.ts';

const admission = 'src/peer/admission.ts';
const dials = 'src/peer/dials.ts';
const driver = 'src/peer/driver.ts';
const durableState = 'src/peer/durable-state.ts';
const incarnations = 'src/peer/incarnations.ts';
const links = 'src/peer/links.ts';
const meshPeer = 'src/peer/mesh-peer.ts';
const readiness = 'src/peer/readiness.ts';
const way = 'src/peer/way.ts';

export const peerCanaries: readonly Canary[] = [
  {
    name: 'unlink-not-carried-out',
    rules: ['3.2', '6.2'],
    story:
      'The driver tells that the core has given up a link, and leaves the connection open, ' +
      'which will close by itself. It does not: neither end dials anew, and both wait for ever.',
    symptom: 'stuck',
    edits: [
      {
        file: driver,
        find: 'return this.#links.drop(output.peer, output.reason);',
        replace: 'return;',
      },
    ],
  },
  {
    name: 'asleep-without-links',
    rules: ['1', '6.6'],
    story:
      'The driver sets no alarm for its core while no link stands, to save wake-ups. A holder ' +
      'that is cut off is told of its loss when the next dial is due, and that may be too late.',
    symptom: 'loss-untold',
    edits: [
      {
        file: driver,
        find: 'const nodeWake = this.#node.nextWake();',
        replace: [
          'const others = this.#links.status();',
          "const isAlone = others.length > 0 && others.every(({ state }) => state === 'down');",
          'const nodeWake = isAlone ? undefined : this.#node.nextWake();',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'release-needs-a-link',
    rules: ['4.6', '5.5'],
    story:
      'A release is not handed to the core while there is nobody to tell it to. When the links ' +
      'are back, the core tells everybody that it holds, or waits: for good.',
    symptom: 'stuck',
    edits: [
      {
        file: driver,
        find: 'tell(input: Call): void {',
        replace: [
          'tell(input: Call): void {',
          'const others = this.#links.status();',
          "const isAlone = others.length > 0 && others.every(({ state }) => state === 'down');",
          "if (isAlone && input.type === 'release') return;",
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'held-as-last-told',
    rules: ['6.7', '1'],
    story:
      '`held` says what the core has told last, instead of reading the clock. A process that ' +
      'stood still for longer than its lease still believes that it holds.',
    symptom: 'two-holders',
    edits: [
      {
        file: driver,
        find: 'return !this.#hasEnded && this.#node.holds(claim, this.#time());',
        replace: [
          "const held = this.#node.claims().filter(({ state }) => state === 'held');",
          'return !this.#hasEnded && held.some((each) => each.claim === claim);',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'lease-loss-not-told',
    rules: ['1', '6.6'],
    story:
      'The signal aborts when a hold was too long, and not when the lease is lost: `held` says ' +
      'that already. Work goes on beside that of the next holder, and the lock is never let go.',
    symptom: 'loss-untold',
    edits: [
      {
        file: meshPeer,
        find: '=> this.#claims.onLost(claim, reason),',
        replace: "=> void (reason === 'lease' || this.#claims.onLost(claim, reason)),",
      },
    ],
  },
  {
    name: 'incarnation-of-the-file',
    rules: ['4.9', '7.1'],
    story:
      'A restarted peer goes on under the incarnation in its state file, without adding one. ' +
      'Others take it for the process that died: its new rounds for old ones, its forgotten ' +
      'votes for good.',
    symptom: 'two-holders',
    edits: [
      {
        file: incarnations,
        find: 'return incarnation(Math.max(byClock, durable.incarnation + 1));',
        replace: 'return durable.incarnation > 0 ? durable.incarnation : incarnation(byClock);',
      },
    ],
  },
  {
    name: 'restart-forgets-who-waits',
    rules: ['7.4', '1'],
    story:
      'When a peer starts anew under a newer incarnation, what its application waits for is not ' +
      'asked for again: those calls never return.',
    symptom: 'stuck',
    edits: [
      {
        file: meshPeer,
        find: '        this.#claims.askAgain();\n',
        replace: '',
      },
    ],
  },
  {
    name: 'stale-peer-stays-stale',
    rules: ['7.1'],
    story:
      'A peer that restarted with its clock set back, and is refused because a newer ' +
      'incarnation of it was heard, goes on trying under the old one: it never gets ready.',
    symptom: 'stuck',
    edits: [
      {
        file: links,
        find: 'this.#toldStale = true;\n    this.#events.onStale(newest);',
        replace: 'this.#toldStale = true;',
      },
    ],
  },
  {
    name: 'mark-kept-in-memory',
    rules: ['7.5'],
    story:
      'The mark of the tokens is reported durable when it is only noted, to be written with the ' +
      'next start. After a crash of all, with the clocks set back, tokens go back.',
    symptom: 'token-order',
    edits: [
      {
        file: durableState,
        find: 'await this.#save({ incarnation: this.#incarnation, mark });',
        replace: '',
      },
    ],
  },
  {
    name: 'newer-process-takes-over',
    rules: ['7.1', '1'],
    story:
      'A second process with the same id is taken for a restart and linked, though the first ' +
      'one is heard. Each finds itself out of date in turn, and starts anew, for ever.',
    symptom: 'stuck',
    edits: [
      {
        file: admission,
        find: "if (state.state === 'up' && state.incarnation !== peer.incarnation) {",
        replace: "if (state.state === 'up' && state.incarnation > peer.incarnation) {",
      },
    ],
  },
  {
    name: 'duplicate-at-first-sight',
    rules: ['7.1'],
    story:
      'A peer that is refused as a duplicate gives up at once. What the other still seems to ' +
      'hear are the remains of its own earlier run, which was killed a moment ago.',
    symptom: 'crash',
    edits: [
      {
        file: way,
        find: 'return nowMs - this.#duplicateSinceMs > this.#leaseMs / 2;',
        replace: 'return nowMs - this.#duplicateSinceMs >= 0;',
      },
    ],
  },
  {
    name: 'ready-only-once',
    rules: ['7.3'],
    story:
      'Those who wait in `ready()` are told when a quorum votes for the first time. Who waits ' +
      'while the quorum is away for a second time waits for ever.',
    symptom: 'stuck',
    edits: [
      {
        file: readiness,
        find: 'this.#wasPresent ||= present;\n    if (present) this.#settle(',
        replace: [
          'const isFirst = present && !this.#wasPresent;',
          'this.#wasPresent ||= present;',
          'if (isFirst) this.#settle(',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'dial-takes-an-hour',
    rules: ['3.3', '1'],
    story:
      'Milliseconds are taken for seconds: a dial may take more than an hour. Where a ' +
      'connection was cut silently during the handshake, the peer is not dialled again.',
    symptom: 'stuck',
    edits: [
      {
        file: dials,
        find: 'way.dialled(connection, nowMs + this.#options.handshakeTimeoutMs);',
        replace: 'way.dialled(connection, nowMs + 1_000 * this.#options.handshakeTimeoutMs);',
      },
    ],
  },
  {
    name: 'all-of-any-are-granted',
    rules: ['8'],
    story:
      'Of several alternatives, all that the same frame decides are granted, and all but one are ' +
      'given back at once: who tries for those meanwhile is refused.',
    symptom: 'untrue',
    showsInCalm: true,
    edits: [
      {
        file: 'src/protocol/coordinator.ts',
        find: 'this.#giveUpOthers(round, at);',
        replace: '',
      },
    ],
  },
  {
    name: 'others-of-any-are-kept',
    rules: ['8'],
    story:
      'When one of several alternatives is granted, the claims for the others go on. They are ' +
      'granted in their turn, and nobody is there to release them.',
    symptom: 'stuck',
    showsInCalm: true,
    edits: [
      {
        file: 'src/peer/claims.ts',
        find: 'this.#withdrawAll(claims);',
        replace: '',
      },
    ],
  },
  {
    name: 'calls-given-up-go-on',
    rules: ['5.5'],
    story:
      'A call that its caller gives up is answered, and its claim is left to the core. It is ' +
      'granted in its turn, and nobody is there to release it.',
    symptom: 'stuck',
    showsInCalm: true,
    edits: [
      {
        file: 'src/peer/claims.ts',
        find: 'if (call !== undefined) this.#driver.release(claim);',
        replace: '',
      },
    ],
  },
];
