import { mkdirSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes Node cache the compiled code of modules loaded from now on for the next start. Requires a folder that only
 * this user can write, since the cached code is executed; so Node's default folder, with its fixed name in the shared
 * temporary folder, is not used. `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE` keep their meaning.
 */
export function keepCompiledCode(): void {
  try {
    const folder = codeCacheFolder(process.env, homedir);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (isOwn(folder)) enableCompileCache(folder);
  } catch {
    // Without a home or write permission, the command starts without a cache.
  }
}

/** Returns the cache folder; systemd passes one to services with `CacheDirectory=`. Without a home, `home` throws. */
export function codeCacheFolder(env: NodeJS.ProcessEnv, home: () => string): string {
  const base = env.CACHE_DIRECTORY?.split(':')[0] || env.XDG_CACHE_HOME || join(home(), '.cache');
  return join(base, 'mktows');
}

/**
 * Returns whether this user owns a folder and nobody else may write to it. Always true on Windows, where homes are
 * private and modes do not exist.
 */
export function isOwn(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}
