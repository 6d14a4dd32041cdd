import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { packageFile } from '../packaging/package-file.ts';
import { Problem } from '../server/json-routes.ts';
import { CONSOLE_PATH } from './paths.ts';

/** Nothing from elsewhere, no inline script or style, and no page may frame it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Serves the files of the console. Paths of its views, which name no file, get its page. `folder`: where they are;
 * undefined: where `npm run build` puts them in the package.
 */
export function addConsole(app: FastifyInstance, folder?: string): void {
  app.get(CONSOLE_PATH, async (_request, reply) => reply.redirect(`${CONSOLE_PATH}/`, 308));
  app.get(`${CONSOLE_PATH}/*`, async ({ params }, reply) => {
    const path = (params as { '*': string })['*'];
    const type = types[extname(path)];
    if (type === undefined) return sendPage(reply, folder);
    const bytes = isPlain(path) ? await read(path, folder) : undefined;
    if (bytes === undefined) throw new Problem(404, 'The console has no such file');
    // The names of files in this folder change with their contents.
    const isFixed = path.startsWith('assets/');
    return send(reply, type, bytes, isFixed ? 'public, max-age=31536000, immutable' : 'no-cache');
  });
}

async function sendPage(reply: FastifyReply, folder: string | undefined): Promise<FastifyReply> {
  const bytes = await read('index.html', folder);
  if (bytes === undefined)
    throw new Problem(404, 'The console has not been built; "npm run build:console" does that');
  return send(reply, types['.html'] ?? '', bytes, 'no-cache');
}

/** Resolves to undefined if there is no such file. */
async function read(path: string, folder: string | undefined): Promise<Buffer | undefined> {
  try {
    return folder === undefined ? packageFile(`dist/console/${path}`) : await readFile(`${folder}/${path}`);
  } catch {
    return undefined;
  }
}

const send = (reply: FastifyReply, type: string, bytes: Buffer, caching: string) =>
  reply.type(type).header('cache-control', caching).header('content-security-policy', policy).send(bytes);

/** Returns whether a path stays inside its folder: names of letters, digits, `-`, `_`, `.` that do not begin with a dot. */
const isPlain = (path: string): boolean => path.split('/').every((name) => /^[\w-][\w.-]*$/.test(name));
