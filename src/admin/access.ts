import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Forwarded } from '../server/forwarded.ts';
import { Problem } from '../server/json-routes.ts';
import type { Logger } from '../server/log.ts';
import type { FailedLogins } from './failed-logins.ts';
import { type Session, type Sessions, sameText } from './sessions.ts';
import type { AdminToken } from './token.ts';

export interface AccessParts {
  readonly token: AdminToken;
  readonly sessions: Sessions;
  readonly failedLogins: FailedLogins;
  readonly forwarded: Forwarded;
  readonly logger: Logger;
}

/** Lets callers in who have the token, or the cookie of a session. */
export interface Access {
  /** Throws a `Problem` unless the request has the token or a session; one that changes something needs `x-csrf-token`. */
  check(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Returns whether the token or session that let a request in still does. */
  holds(request: FastifyRequest): Promise<boolean>;
  /** Returns the session of a request's cookie, unless it has ended. */
  sessionOf(request: FastifyRequest): Promise<{ readonly id: string; readonly session: Session } | undefined>;
  /** Resolves if `isRight` does to true. Otherwise counts a failed login and throws a `Problem`. */
  login(request: FastifyRequest, reply: FastifyReply, isRight: () => Promise<boolean>): Promise<void>;
}

export function createAccess({ token, sessions, failedLogins, forwarded, logger }: AccessParts): Access {
  async function sessionOf(request: FastifyRequest) {
    const id = cookieOf(request);
    const session = id === undefined ? undefined : sessions.find(id);
    if (id === undefined || session === undefined) return undefined;
    return session.generation === (await token.generation()) ? { id, session } : undefined;
  }

  async function login(request: FastifyRequest, reply: FastifyReply, isRight: () => Promise<boolean>) {
    if (await isRight()) return;
    const address = forwarded.addressOf(request.raw) ?? '';
    const wait = failedLogins.waitOf(address);
    if (wait > 0) {
      reply.header('retry-after', wait);
      throw new Problem(429, `Too many failed logins from this address; try again in ${wait} s`);
    }
    failedLogins.add(address);
    logger.warn({ address }, 'a login to the admin API was refused');
    reply.header('www-authenticate', 'Bearer');
    throw new Problem(
      401,
      'This is not the token, or a code that was used or is older than a minute; "mktows admin-token" shows the token, "mktows open" logs a browser in',
    );
  }

  return {
    sessionOf,
    login,
    async holds(request) {
      const { authorization } = request.headers;
      if (authorization === undefined) return (await sessionOf(request)) !== undefined;
      return token.matches(tokenIn(authorization) ?? '');
    },
    async check(request, reply) {
      const { authorization } = request.headers;
      if (authorization !== undefined) {
        const sent = tokenIn(authorization);
        await login(request, reply, async () => sent !== undefined && (await token.matches(sent)));
        return;
      }
      const found = await sessionOf(request);
      if (found === undefined) {
        reply.header('www-authenticate', 'Bearer');
        throw new Problem(
          401,
          'The request has neither the token ("Authorization: Bearer …") nor the cookie of a session that still holds; "mktows admin-token" shows the token, "mktows open" logs a browser in',
        );
      }
      if (request.method === 'GET' || request.method === 'HEAD') return;
      if (sameText(String(request.headers['x-csrf-token'] ?? ''), found.session.csrf)) return;
      throw new Problem(
        403,
        'The header x-csrf-token is missing or wrong; GET /api/v1/session answers with the right one',
      );
    },
  };
}

const tokenIn = (authorization: string) => /^Bearer +(\S+) *$/i.exec(authorization)?.[1];

/** Cookies are shared by all ports of a host, so that each server has a name of its own. */
export const cookieName = ({ raw }: FastifyRequest): string => `mktows_session_${raw.socket.localPort ?? 0}`;

/** In one pass: the header comes from anyone, and can hold thousands of cookies. */
function cookieOf(request: FastifyRequest): string | undefined {
  const pattern = new RegExp(`(?:^|;)[ \\t]*${cookieName(request)}=([^;]*)`);
  return pattern.exec(request.headers.cookie ?? '')?.[1]?.trim();
}
