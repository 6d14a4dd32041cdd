import { readFileSync } from 'node:fs';
import { getAsset, isSea } from 'node:sea';

/**
 * Returns the contents of a file that belongs to mktows, by its path in the package, such as `package.json`. In a
 * single executable, those files are assets under the same paths: build/executable.ts lists them.
 */
export function packageFile(path: string): Buffer {
  return isSea() ? Buffer.from(getAsset(path)) : readFileSync(new URL(`../../${path}`, import.meta.url));
}
