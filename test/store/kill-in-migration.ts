import { DatabaseSync } from 'node:sqlite';

/**
 * Preloaded into a process, kills it before the statement of this number that makes, fills or changes a table. Statements that
 * are sent together are counted, and run, one by one. At the end the number of those that ran is printed.
 */
const KILL_BEFORE = Number(process.env.KILL_BEFORE_STATEMENT ?? 0);
const { exec } = DatabaseSync.prototype;
let count = 0;
DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
  // A trigger's own statements are indented, and part of it.
  for (const statement of sql.split(/;\s*\n(?!\s|END)/)) {
    if (/^\s*(CREATE|INSERT|ALTER|DROP)/.test(statement)) {
      count += 1;
      if (count === KILL_BEFORE) process.kill(process.pid, 'SIGKILL');
    }
    exec.call(this, statement);
  }
};
process.on('exit', () => process.stderr.write(`${count} statements\n`));
