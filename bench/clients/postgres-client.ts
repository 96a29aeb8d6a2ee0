/**
 * PostgreSQL's advisory locks. A lock belongs to a session, so each claim has a connection of a
 * pool to itself from asking to release.
 */

import type { Held, LockClient } from './lock-client.ts';
import { load } from './packages.ts';

/** Connections of one client: as many as it has claims in flight. */
export const postgresPool = 64;

interface Query {
  readonly name: string;
  readonly text: string;
  readonly values: readonly string[];
}

interface Connection {
  query(query: Query): Promise<unknown>;
  release(): void;
}

interface Pool {
  connect(): Promise<Connection>;
  end(): Promise<void>;
}

interface PoolOptions {
  readonly database: string;
  readonly host: string;
  readonly idleTimeoutMillis: number;
  readonly max: number;
  readonly port: number;
  readonly user: string;
}

interface PgPackage {
  readonly Pool: new (options: PoolOptions) => Pool;
}

export async function connectPostgres(port: number): Promise<LockClient> {
  const { Pool } = await load<PgPackage>('pg');
  const pool = new Pool({
    database: 'postgres',
    host: '127.0.0.1',
    idleTimeoutMillis: 0,
    max: postgresPool,
    port,
    user: 'postgres',
  });
  const acquire = async (key: string): Promise<Held> => {
    const connection = await pool.connect();
    await connection.query(query('lock', key));
    return {
      release: async () => {
        await connection.query(query('unlock', key));
        connection.release();
      },
    };
  };
  return { acquire, close: () => pool.end() };
}

/** Prepared once in each session, since it has a name. */
function query(what: 'lock' | 'unlock', key: string): Query {
  const text = `SELECT pg_advisory_${what}(hashtextextended($1, 0))`;
  return { name: what, text, values: [key] };
}
