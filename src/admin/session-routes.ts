import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Forwarded } from '../server/forwarded.ts';
import { Problem } from '../server/json-routes.ts';
import { type Access, cookieName } from './access.ts';
import { type AdminRoute, adminRoute, closed } from './route.ts';
import { SESSION_TIME, type Session, type Sessions } from './sessions.ts';
import type { AdminToken } from './token.ts';

export interface SessionParts {
  readonly token: AdminToken;
  readonly sessions: Sessions;
  readonly access: Access;
  readonly forwarded: Forwarded;
}

const tag = 'session';

const sessionAnswer = closed({
  csrf: Type.String({ description: 'for the header x-csrf-token of requests that change something' }),
  expiresAt: Type.String({ description: 'UTC, ISO 8601' }),
});

const answerOf = ({ csrf, expiresAt }: Session) => ({ csrf, expiresAt: isoOf(expiresAt) });
const isoOf = (milliseconds: number) => new Date(milliseconds).toISOString();

/** Log a browser in and out. The page then has a cookie that no script can read. */
export function sessionRoutes({ token, sessions, access, forwarded }: SessionParts): readonly AdminRoute[] {
  function cookie(request: FastifyRequest, id: string, seconds: number): string {
    const attributes = [
      `${cookieName(request)}=${id}`,
      'Path=/',
      `Max-Age=${seconds}`,
      'HttpOnly',
      'SameSite=Strict',
    ];
    if (forwarded.endpointSeenBy(request.raw, '0_0').startsWith('https:')) attributes.push('Secure');
    return attributes.join('; ');
  }

  const begin = adminRoute({
    method: 'POST',
    path: '/session',
    summary: 'Logs a browser in, by the token or by a code, and sets its cookie',
    tag,
    isOpen: true,
    maxBytes: 4096,
    body: closed({ token: Type.Optional(Type.String()), code: Type.Optional(Type.String()) }),
    answer: sessionAnswer,
    async handle({ body, http: { request, reply } }) {
      const { token: sent, code } = body;
      if ((sent === undefined) === (code === undefined))
        throw new Problem(400, 'the body: expected either token or code');
      let generation = await token.generation();
      await access.login(request, reply, async () => {
        if (sent !== undefined) return token.matches(sent);
        const isNow = generation;
        generation = sessions.takeCode(code ?? '') ?? '';
        return generation === isNow;
      });
      const { id, session } = sessions.begin(generation);
      reply.header('set-cookie', cookie(request, id, SESSION_TIME / 1000));
      return answerOf(session);
    },
  });

  const makeCode = adminRoute({
    method: 'POST',
    path: '/session/codes',
    summary: 'Makes a code that logs one browser in within a minute',
    tag,
    answer: closed({ code: Type.String(), expiresAt: Type.String() }),
    async handle() {
      const { code, expiresAt } = sessions.makeCode(await token.generation());
      return { code, expiresAt: isoOf(expiresAt) };
    },
  });

  const show = adminRoute({
    method: 'GET',
    path: '/session',
    summary: 'Tells the session of the cookie',
    tag,
    isOpen: true,
    answer: sessionAnswer,
    async handle({ http: { request } }) {
      const found = await access.sessionOf(request);
      if (found === undefined) throw new Problem(401, 'There is no session; log in by POST /api/v1/session');
      return answerOf(found.session);
    },
  });

  const end = adminRoute({
    method: 'DELETE',
    path: '/session',
    summary: 'Logs the browser out',
    tag,
    answer: null,
    async handle({ http: { request, reply } }) {
      const found = await access.sessionOf(request);
      if (found !== undefined) sessions.end(found.id);
      reply.header('set-cookie', cookie(request, '', 0));
    },
  });

  return [begin, makeCode, show, end];
}
