import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/peer/codec.ts';
import {
  DiallerHandshake,
  type Handshake,
  type HandshakeOptions,
  type HandshakeStep,
  ListenerHandshake,
} from '../../src/peer/handshake.ts';
import { handshakeBytesMax, type Objection } from '../../src/peer/handshake-messages.ts';
import type { MeshFingerprint } from '../../src/peer/link-types.ts';
import { incarnation, peerId } from '../../src/protocol/ids.ts';

const a = peerId('a');
const b = peerId('b');
const mesh: MeshFingerprint = {
  name: 'lockmesh',
  voters: [a, b],
  quorum: 2,
  leaseMs: 10_000,
  maxClockDrift: 0.01,
  members: false,
};

let nonces = 0;

function options(id: string, changes: Partial<HandshakeOptions> = {}): HandshakeOptions {
  return {
    id: peerId(id),
    incarnation: incarnation(id === 'a' ? 1_000 : 2_000),
    mesh,
    secrets: ['the secret'],
    versions: { min: 1, max: 1 },
    nonce: freshNonce(),
    admit: () => null,
    ...changes,
  };
}

function freshNonce(): Uint8Array {
  const nonce = Buffer.alloc(32);
  nonce.writeUInt32BE(++nonces);
  return nonce;
}

interface Meeting {
  readonly dialler: HandshakeStep | undefined;
  readonly listener: HandshakeStep | undefined;
  /** What the dialler sent, in order. */
  readonly fromDialler: readonly Uint8Array[];
  readonly fromListener: readonly Uint8Array[];
}

/** Lets a dial b until neither has more to say. */
function meet(
  ours: Partial<HandshakeOptions> = {},
  theirs: Partial<HandshakeOptions> = {},
): Meeting {
  const near = new DiallerHandshake(options('a', ours), b);
  const far = new ListenerHandshake(options('b', theirs));
  const fromDialler: Uint8Array[] = [];
  const fromListener: Uint8Array[] = [];
  let dialler: HandshakeStep | undefined;
  let listener: HandshakeStep | undefined;
  let next: Uint8Array | null = near.greeting;
  while (next !== null) {
    fromDialler.push(next);
    listener = far.receive(next);
    if (listener.send === null) break;
    fromListener.push(listener.send);
    dialler = near.receive(listener.send);
    next = dialler.send;
  }
  return { dialler, listener, fromDialler, fromListener };
}

/** Gives the other side's messages to one side, in order, and returns the last step. */
function replay(side: Handshake, messages: readonly Uint8Array[]): HandshakeStep | undefined {
  let step: HandshakeStep | undefined;
  for (const message of messages) {
    step = side.receive(message);
    if (step.state !== 'open') return step;
  }
  return step;
}

describe('a handshake', () => {
  test('links two peers that share a secret and a mesh', () => {
    const { dialler, listener, fromDialler, fromListener } = meet();
    expect(dialler).toMatchObject({
      state: 'linked',
      peer: { id: 'b', incarnation: 2_000, version: 1 },
    });
    expect(listener).toMatchObject({
      state: 'linked',
      peer: { id: 'a', incarnation: 1_000, version: 1 },
    });
    expect([fromDialler.length, fromListener.length]).toEqual([2, 2]);
  });

  test('links peers of an open mesh, which has no secret', () => {
    const { dialler, listener } = meet({ secrets: [] }, { secrets: [] });
    expect([dialler?.state, listener?.state]).toEqual(['linked', 'linked']);
  });

  test('links peers in the middle of a change of secrets, either way', () => {
    const both = { secrets: ['new secret', 'old secret'] };
    for (const one of [{ secrets: ['old secret'] }, { secrets: ['new secret'] }]) {
      expect(meet(both, one).listener?.state).toBe('linked');
      expect(meet(one, both).dialler?.state).toBe('linked');
    }
  });

  test('takes the highest version that both speak', () => {
    const { dialler, listener } = meet(
      { versions: { min: 1, max: 3 } },
      { versions: { min: 2, max: 5 } },
    );
    expect(dialler).toMatchObject({ peer: { version: 3 } });
    expect(listener).toMatchObject({ peer: { version: 3 } });
  });

  test('fails without a common version, and both sides can say why', () => {
    const { dialler, listener } = meet({}, { versions: { min: 2, max: 3 } });
    const reason = { state: 'refused', objection: { code: 'version' } };
    expect(listener).toMatchObject({
      ...reason,
      byUs: true,
      objection: {
        detail:
          'b speaks protocol versions 2 to 3, a speaks protocol versions 1 to 1: upgrade the older one',
      },
    });
    expect(dialler).toMatchObject({ ...reason, byUs: false, believed: false });
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['differ', ['one secret'], ['other secret']],
    ['are missing here', [], ['other secret']],
    ['are missing there', ['one secret'], []],
  ])('fails when the secrets %s, and tells no more than that', (_, ours, theirs) => {
    const { dialler, listener, fromDialler } = meet({ secrets: ours }, { secrets: theirs });
    const reason = { state: 'refused', objection: { code: 'secret' }, believed: false };
    expect(dialler).toMatchObject({ ...reason, byUs: true });
    expect(listener).toMatchObject({ ...reason, byUs: false });
    expect(Buffer.concat(fromDialler).includes('10_000')).toBe(false);
    expect(Buffer.concat(fromDialler).includes('the proof')).toBe(false);
  });

  test.each<[string, Partial<MeshFingerprint>, string]>([
    ['mesh', { name: 'other' }, 'mesh must be equal, and is other at b, lockmesh at a'],
    [
      'voters',
      { voters: [a, b, peerId('c')] },
      'voters must be equal, and is a b c at b, a b at a',
    ],
    ['quorum', { quorum: 1 }, 'quorum must be equal, and is 1 at b, 2 at a'],
    ['lease', { leaseMs: 5_000 }, 'lease must be equal, and is 5000 at b, 10000 at a'],
    [
      'maxClockDrift',
      { maxClockDrift: 0.02 },
      'maxClockDrift must be equal, and is 0.02 at b, 0.01 at a',
    ],
    ['members', { members: true }, 'members must be equal, and is true at b, false at a'],
  ])('fails when %s differs, naming it and both values on both sides', (_, change, detail) => {
    const { dialler, listener } = meet({}, { mesh: { ...mesh, ...change } });
    const reason = { state: 'refused', believed: true, objection: { code: 'mesh', detail } };
    expect(listener).toMatchObject({ ...reason, byUs: true });
    expect(dialler).toMatchObject({ ...reason, byUs: false });
  });

  test('carries the objection of either side to the other', () => {
    const objection: Objection = {
      code: 'stale-incarnation',
      detail: 'Too old',
      newest: incarnation(3_000),
    };
    const refused = { state: 'refused', believed: true, objection };
    const byListener = meet({}, { admit: () => objection });
    expect(byListener.listener).toMatchObject({ ...refused, byUs: true });
    expect(byListener.dialler).toMatchObject({ ...refused, byUs: false });
    const byDialler = meet({ admit: () => objection });
    expect(byDialler.dialler).toMatchObject({ ...refused, byUs: true });
    expect(byDialler.listener).toMatchObject({ ...refused, byUs: false, send: null });
  });

  test('carries a very long objection, cut', () => {
    const objection: Objection = { code: 'mesh', detail: '😀'.repeat(5_000), newest: null };
    const { dialler } = meet({}, { admit: () => objection });
    expect(dialler).toMatchObject({ state: 'refused', objection: { code: 'mesh' } });
  });

  test('fails when another peer answers than was dialled', () => {
    const { dialler, listener } = meet({}, { id: peerId('c') });
    expect(dialler).toMatchObject({
      byUs: true,
      objection: { code: 'wrong-peer', detail: 'Dialled b, and c answered: check its url' },
    });
    expect(listener).toMatchObject({ byUs: false, objection: { code: 'wrong-peer' } });
  });

  test('fails when a peer has dialled itself', () => {
    const { dialler, listener } = meet({}, { id: a });
    expect(listener).toMatchObject({ byUs: true, objection: { code: 'wrong-peer' } });
    expect(dialler).toMatchObject({ byUs: false, objection: { code: 'wrong-peer' } });
  });

  test('asks for admission only once the other side is believed', () => {
    let asked = 0;
    const admit = () => {
      asked++;
      return null;
    };
    meet({ secrets: ['wrong secret'], admit }, { admit });
    expect(asked).toBe(0);
    meet({ admit }, { admit });
    expect(asked).toBe(2);
  });
});

describe('a replayed handshake', () => {
  test('does not make a listener believe', () => {
    const { fromDialler, listener } = meet();
    expect(listener?.state).toBe('linked');
    const step = replay(new ListenerHandshake(options('b')), fromDialler);
    expect(step).toMatchObject({ state: 'refused', objection: { code: 'secret' } });
  });

  test('does not make a dialler believe', () => {
    const { fromListener } = meet();
    const step = replay(new DiallerHandshake(options('a'), b), fromListener);
    expect(step).toMatchObject({ state: 'refused', objection: { code: 'secret' } });
  });

  test('does not work by sending a peer its own messages back', () => {
    const near = new DiallerHandshake(options('a'), b);
    expect(near.receive(near.greeting).state).toBe('refused');
  });

  test('does not let the proof of one role serve for the other', () => {
    const near = new DiallerHandshake(options('a'), b);
    const far = new ListenerHandshake(options('b'));
    const answer = envelopeOf(far.receive(near.greeting).send);
    // A stranger that has the listener's proof sends it as if it were the dialler's.
    const showing = encode([[], null]);
    const forged = encode(['lockmesh', 'prove', showing, answer[3]]);
    expect(far.receive(forged)).toMatchObject({ objection: { code: 'secret' } });
  });

  test('does not let what is proved be changed', () => {
    for (const index of [0, 1]) {
      const near = new DiallerHandshake(options('a'), b);
      const far = new ListenerHandshake(options('b'));
      const answer = far.receive(near.greeting).send;
      if (index === 0) {
        const [word, kind, body, proofs] = envelopeOf(answer);
        const greeting = arrayIn(body);
        const changed = encode([word, kind, encode([1, 1, 'b', 9_999, greeting[4]]), proofs]);
        expect(near.receive(changed)).toMatchObject({ objection: { code: 'secret' } });
      } else {
        const proof = near.receive(answer ?? new Uint8Array(0)).send;
        const [word, kind, body, proofs] = envelopeOf(proof);
        const [fields] = arrayIn(body);
        const changed = encode([word, kind, encode([fields, ['duplicate', 'x', null]]), proofs]);
        expect(far.receive(changed)).toMatchObject({ objection: { code: 'secret' } });
      }
    }
  });
});

describe('a stranger', () => {
  const refuse = (code: string, newest: number | null) =>
    encode(['lockmesh', 'refuse', encode([code, 'Trust me', newest]), []]);

  test.each(['duplicate', 'stale-incarnation', 'mesh', 'crossing'])(
    'cannot refuse a dialler as %s before it has proved itself',
    (code) => {
      const near = new DiallerHandshake(options('a'), b);
      expect(near.receive(refuse(code, 9_999))).toMatchObject({
        state: 'refused',
        believed: false,
        objection: { code: 'malformed', newest: null },
      });
    },
  );

  test('cannot refuse a listener with effect either', () => {
    const near = new DiallerHandshake(options('a'), b);
    const far = new ListenerHandshake(options('b'));
    far.receive(near.greeting);
    expect(far.receive(refuse('duplicate', 9_999))).toMatchObject({
      believed: false,
      objection: { code: 'malformed', newest: null },
    });
  });

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['garbage', Buffer.from('GET / HTTP/1.1')],
    ['another protocol', encode(['other', 'greet', new Uint8Array(0), []])],
    ['a later message', encode(['lockmesh', 'welcome', new Uint8Array(0), []])],
    ['a greeting without fields', encode(['lockmesh', 'greet', encode([]), []])],
    ['a greeting that is none', encode(['lockmesh', 'greet', Buffer.from('x'), []])],
    [
      'a short nonce',
      encode(['lockmesh', 'greet', encode([1, 1, 'a', 1, new Uint8Array(31)]), []]),
    ],
    ['a bad id', encode(['lockmesh', 'greet', encode([1, 1, 'ä', 1, new Uint8Array(32)]), []])],
    [
      'a bad incarnation',
      encode(['lockmesh', 'greet', encode([1, 1, 'a', 0, new Uint8Array(32)]), []]),
    ],
    [
      'too many proofs',
      encode(['lockmesh', 'greet', encode([]), Array(5).fill(new Uint8Array(32))]),
    ],
    ['too many bytes', encode(['lockmesh', 'greet', new Uint8Array(handshakeBytesMax), []])],
  ])('that sends %s is refused as malformed', (_, bytes) => {
    expect(new ListenerHandshake(options('b')).receive(bytes)).toMatchObject({
      state: 'refused',
      byUs: true,
      objection: { code: 'malformed' },
    });
    expect(new DiallerHandshake(options('a'), b).receive(bytes)).toMatchObject({
      state: 'refused',
      objection: { code: 'malformed' },
    });
  });

  test('learns nothing of the mesh from what it is told', () => {
    const near = new DiallerHandshake(options('a', { secrets: ['wrong secret'] }), b);
    const far = new ListenerHandshake(
      options('b', { mesh: { ...mesh, name: 'hidden', voters: [a, b, peerId('hidden-c')] } }),
    );
    const answer = far.receive(near.greeting).send;
    expect(Buffer.from(answer ?? []).includes('hidden')).toBe(false);
    const refusal = far.receive(encode(['lockmesh', 'prove', encode([]), []])).send;
    expect(Buffer.from(refusal ?? []).includes('hidden')).toBe(false);
  });

  test('cannot make a handshake throw or believe, whatever it sends', () => {
    const { fromDialler, fromListener } = meet();
    const seeds = [...fromDialler, ...fromListener];
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(fc.nat(seeds.length - 1), fc.array(fc.tuple(fc.nat(), fc.nat(255))))
        .map(([index, changes]) => {
          const bytes = Buffer.from(seeds[index] ?? []);
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          return bytes;
        }),
    );
    let opened = 0;
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 4 }), (messages) => {
        const sides = [new ListenerHandshake(options('b')), new DiallerHandshake(options('a'), b)];
        for (const side of sides) {
          const step = replay(side, messages);
          expect(step?.state).not.toBe('linked');
          if (step?.state === 'open') opened++;
        }
      }),
      { numRuns: 3_000 },
    );
    expect(opened).toBeGreaterThan(0);
  });
});

function envelopeOf(bytes: Uint8Array | null): readonly unknown[] {
  return arrayIn(bytes);
}

function arrayIn(bytes: unknown): readonly unknown[] {
  const decoded = decode(bytes instanceof Uint8Array ? bytes : new Uint8Array(0));
  if (!decoded.ok || !Array.isArray(decoded.value)) throw new Error('Not an array');
  return decoded.value;
}
