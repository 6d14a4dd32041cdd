import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A file that only its owner may read. */
export interface PrivateFile {
  readonly path: string;
  /** The name of its kind in messages: `key file`. */
  readonly what: string;
  /** Makes an error of a one-line message for the operator. */
  readonly failure: (message: string, cause?: unknown) => Error;
}

/**
 * Reads the file, or creates it with mode 0600 and the text that `make` returns. Without `make`, resolves to undefined
 * if it is missing. Rejects if other users can read it.
 */
export async function readPrivateFile(
  file: PrivateFile,
  make: (() => string) | undefined,
): Promise<string | undefined> {
  for (let attempt = 0; ; attempt++) {
    const found = await openIfThere(file);
    if (found) {
      const text = await readPrivate(found, file);
      // An empty file: another process is about to write it, where there are no hard links.
      if (text !== '' || attempt >= 40) return text;
      await pause(25);
    } else if (!make) {
      return undefined;
    } else {
      const text = make();
      if (await createPrivateFile(file, text)) return text;
    }
  }
}

async function openIfThere({ path, what, failure }: PrivateFile): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw failure(`cannot read the ${what} ${path}: ${(error as Error).message}`, error);
  }
}

async function readPrivate(handle: FileHandle, { path, what, failure }: PrivateFile): Promise<string> {
  try {
    const { mode } = await handle.stat();
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const octal = (mode & 0o777).toString(8).padStart(4, '0');
      throw failure(`others can use the ${what} ${path} (mode ${octal}): run "chmod 600 ${path}"`);
    }
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/**
 * Creates the file with mode 0600, and resolves to false if it is there already. It appears with its whole text, so that
 * a process that is killed meanwhile leaves no empty one.
 */
export async function createPrivateFile(file: PrivateFile, text: string): Promise<boolean> {
  const { path, what, failure } = file;
  const part = `${path}.${randomUUID()}.part`;
  try {
    await writeNew(part, text);
    await putInPlace(part, path, text);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw failure(`cannot make the ${what} ${path}: ${(error as Error).message}`, error);
  } finally {
    await rm(part, { force: true });
  }
  await syncFolder(dirname(path));
  return true;
}

/** Gives the file `part` the name `path`. Rejects with EEXIST if that is taken. */
async function putInPlace(part: string, path: string, text: string): Promise<void> {
  try {
    await link(part, path);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) throw error;
    // File systems without hard links, such as some shared folders.
    await writeNew(path, text);
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Syncs a folder, so that a new or renamed file survives a crash, where the platform supports it. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const isErrno = (error: unknown, code: string) => (error as NodeJS.ErrnoException).code === code;
