import { mkdirSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Has Node keep what V8 compiled of modules loaded from now on, for the next start. Does nothing where there is no
 * folder for it that only this user can write: what is in it is run. So Node's default folder, of a fixed name among
 * everybody's temporary files, is not used; `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE` keep their meaning.
 */
export function keepCompiledCode(): void {
  try {
    const folder = codeCacheFolder(process.env, homedir);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (isOwn(folder)) enableCompileCache(folder);
  } catch {
    // No home, or nothing can be written there: it starts without.
  }
}

/** Returns the folder. systemd names one for a service with `CacheDirectory=`. `home` throws if there is none. */
export function codeCacheFolder(env: NodeJS.ProcessEnv, home: () => string): string {
  const base = env.CACHE_DIRECTORY?.split(':')[0] || env.XDG_CACHE_HOME || join(home(), '.cache');
  return join(base, 'mktows');
}

/** Whether this user owns a folder, and no other may write in it. Windows has no such modes: homes are private there. */
export function isOwn(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}
