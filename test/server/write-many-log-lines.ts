/** Logs more than a pipe and the memory for waiting lines hold, then says on standard output how many were lost. */
import { createLogger, lostLogLines } from '../../src/server/log.ts';

const LINES = 20_000;
const logger = createLogger('info');
for (let line = 0; line < LINES; line += 1) logger.info({ line, filler: 'x'.repeat(200) }, 'a line');
process.stdout.write(`lost ${lostLogLines()}\n`);
setTimeout(() => process.exit(0), 50);
