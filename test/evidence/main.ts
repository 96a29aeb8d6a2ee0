/**
 * `npm run evidence`: runs what this repository has to show that it is right, and writes what that
 * printed to EVIDENCE.md. Nothing in that file is typed by hand.
 */

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readCampaign, readCanaries, readExploration, readHistories, readHunt } from './read.ts';
import { render } from './render.ts';

const usage = `Usage: npm run evidence -- [--seeds N] [--out FILE]

  --seeds N    how many seeds of the swarm to run (10000)
  --out FILE   where to write it (EVIDENCE.md)`;

interface Flags {
  readonly seeds: number;
  readonly out: string;
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const flags = parse(args);
  if (flags === null) return 2;
  const campaign = readCampaign(await lastLine('campaign', ['--seeds', `${flags.seeds}`]));
  const exploration = readExploration(await lastLine('explore', ['--scope', 'release']));
  const canaries = readCanaries(await lastLine('canaries', []));
  const histories = readHistories(await lastLine('canaries', ['--history']));
  const hunt = readHunt(await lastLine('explore', ['--canaries']));
  const all = { campaign, exploration, canaries, histories, hunt, node: process.version };
  writeFileSync(flags.out, render(all));
  process.stdout.write(`Written: ${flags.out}\n`);
  const isIncomplete = exploration.scopes.some(
    ({ complete, excuse, violations }) => violations > 0 || (!complete && excuse === null),
  );
  const isSurvived = canaries.killed < canaries.planted;
  return campaign.failures > 0 || isIncomplete || isSurvived ? 1 : 0;
}

/** Runs one of the commands beside this one, and gives the JSON that it ends with. */
function lastLine(command: string, args: readonly string[]): Promise<unknown> {
  const path = fileURLToPath(new URL(`../${command}/main.js`, import.meta.url));
  process.stdout.write(`Running ${command} ${args.join(' ')}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path, ...args, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    child.once('error', reject);
    child.once('close', () => {
      const last = printed.trimEnd().split('\n').at(-1) ?? '';
      try {
        resolve(JSON.parse(last));
      } catch (cause) {
        reject(new Error(`Cannot read ${command}: its last line is no JSON: ${last}`, { cause }));
      }
    });
  });
}

function parse(args: readonly string[]): Flags | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string', default: '10000' },
        out: { type: 'string', default: 'EVIDENCE.md' },
      },
    });
    const seeds = Number(values.seeds);
    if (!/^\d+$/.test(values.seeds) || !Number.isSafeInteger(seeds) || seeds < 1) {
      throw new TypeError(`--seeds must be a whole number from 1, received ${values.seeds}`);
    }
    return { seeds, out: values.out };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message}\n${usage}\n`);
    return null;
  }
}
