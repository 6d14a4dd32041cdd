import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const sources = fileURLToPath(new URL('.', import.meta.url));
const built = fileURLToPath(new URL('../dist/console/', import.meta.url));
const mark = join(built, '.built-from');

/** Builds the console into dist/console, unless that was built from the same sources. */
export async function buildConsole(): Promise<void> {
  const current = digestOfSources();
  if (existsSync(mark) && readFileSync(mark, 'utf8') === current) return;
  const { build } = await import('vite');
  // Vite takes it from the environment, where tests have another one: React's development build would be bundled.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  await build({ configFile: join(sources, 'vite.config.ts'), logLevel: 'error', mode: 'production' });
  if (NODE_ENV === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = NODE_ENV;
  writeFileSync(mark, current);
}

function digestOfSources(): string {
  const digest = createHash('sha256');
  const files = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of [...files, fileURLToPath(new URL('../package-lock.json', import.meta.url))].sort()) {
    digest.update(file.slice(sources.length)).update('\0').update(readFileSync(file));
  }
  return digest.digest('hex');
}

/** Returns whether the packages for development are installed; `npm ci --omit=dev` leaves them out. */
function canBuild(): boolean {
  try {
    import.meta.resolve('vite');
    return true;
  } catch {
    return false;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (canBuild()) await buildConsole();
  else process.stderr.write('The console was not built: it needs the packages for development (npm ci).\n');
}
