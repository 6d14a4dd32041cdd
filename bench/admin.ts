/**
 * How long the admin API takes for each page of the console with many objects and calls stored, on SQLite and on
 * PostgreSQL, and for how long it holds up the thread that serves calls (bench/README.md). Run: npm run bench:admin
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runOn, startEmbedded } from '../test/store/embedded-postgres.ts';
import { type Engine, type EngineResult, measureEngine } from './admin/measure.ts';
import { adminMarkdown } from './admin/report.ts';
import { positive } from './options.ts';

const { values } = parseArgs({
  options: {
    opportunities: { type: 'string', default: '1000000' },
    leads: { type: 'string', default: '100000' },
    calls: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '15' },
    engines: { type: 'string', default: 'sqlite,postgres' },
    'no-write': { type: 'boolean', default: false },
  },
});
const sizes = {
  opportunities: positive('opportunities', values.opportunities),
  leads: positive('leads', values.leads),
  calls: positive('calls', values.calls),
};
const rounds = positive('rounds', values.rounds);

async function measureOn(engine: Engine): Promise<EngineResult> {
  const folder = await mkdtemp(join(tmpdir(), 'mktows-admin-'));
  const postgres = engine === 'postgres' ? await startEmbedded() : undefined;
  try {
    const database = postgres?.url ?? `sqlite:${join(folder, 'bench.db')}`;
    // As autovacuum does within minutes.
    const filled = async () => postgres && runOn(postgres.url, 'VACUUM ANALYZE');
    return await measureEngine({ engine, database, folder, sizes, rounds, filled });
  } finally {
    await postgres?.stop();
    await rm(folder, { recursive: true });
  }
}

const results: EngineResult[] = [];
for (const engine of values.engines.split(',')) {
  if (engine !== 'sqlite' && engine !== 'postgres')
    throw new Error(`--engines ${engine}: expected sqlite or postgres`);
  results.push(await measureOn(engine));
}
const command = ['npm run bench:admin', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])];
const text = adminMarkdown({ command: command.join(' '), sizes, rounds, results });
process.stdout.write(text);
if (!values['no-write']) await writeFile(join(import.meta.dirname, 'ADMIN.md'), text);
