import { resolve } from 'node:path';

/** Returns why a file cannot be read, for people. */
export function fileProblem(path: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return `there is no file ${resolve(path)}`;
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
      return `no permission for ${resolve(path)}`;
    default:
      return message;
  }
}
