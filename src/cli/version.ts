import { packageFile } from '../packaging/package-file.ts';

const { version } = JSON.parse(packageFile('package.json').toString()) as { version: string };

/** Returns the version of this package. */
export const packageVersion = (): string => version;
