/**
 * `npm run history`: command.ts, with the files and the output of this process.
 */

import { readFileSync } from 'node:fs';
import { historyCommand } from './command.ts';

process.exitCode = historyCommand(process.argv.slice(2), {
  read: (file) => readFileSync(file === '-' ? 0 : file, 'utf8'),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
