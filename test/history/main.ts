/**
 * `npm run history`: command.ts, with the files and the output of this process.
 */

import { readFileSync } from 'node:fs';
import { historyCommand } from './command.ts';

// Whoever reads may have had enough, as `head` has: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = historyCommand(process.argv.slice(2), {
  read: (file) => readFileSync(file === '-' ? 0 : file, 'utf8'),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
