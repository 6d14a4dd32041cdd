import Type from 'typebox';
import { explainSignature } from '../access/explain-signature.ts';
import type { KnownUser } from '../access/users.ts';
import { Problem } from '../server/json-routes.ts';
import { bodyTexts } from '../server/kept-bodies.ts';
import type { RefusedSignature } from '../server/refused-signatures.ts';
import type { CallFilter, CallPlace } from '../store/calls.ts';
import { callOf, callShape, rowShape, rowsOf, statuses } from './call-shape.ts';
import { type AdminRoute, adminRoute, closed, orNull, pageOf, pageQuery } from './route.ts';
import { timeIn } from './times.ts';
import { wrongPosition } from './validate.ts';

const tag = 'calls';

const list = adminRoute({
  method: 'GET',
  path: '/calls',
  summary: 'Lists calls, newest first',
  tag,
  query: closed({
    ...pageQuery,
    since: Type.Optional(Type.String({ description: 'ISO 8601' })),
    until: Type.Optional(Type.String({ description: 'ISO 8601' })),
    user: Type.Optional(Type.String({ description: 'id of the user' })),
    operation: Type.Optional(Type.String()),
    status: Type.Optional(
      Type.Union(
        statuses.map((status) => Type.Literal(status)),
        { type: 'string', description: 'calls with a row of this status' },
      ),
    ),
    fault: Type.Optional(
      Type.String({ pattern: '^(any|none|\\d{5})$', description: 'a code of five digits, any, or none' }),
    ),
    text: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description:
          'an exact text in keys, names, values, reasons, faults, call id, user or address. A page searches a bounded number of calls: it may have few items, or none, and still a next',
      }),
    ),
  }),
  answer: pageOf(callShape),
  async handle({ query }, { store }) {
    const { after, limit = 50, user: userId, operation, status, text } = query;
    const filter: CallFilter = {
      before: placeIn(after),
      since: timeIn('since', query.since),
      until: timeIn('until', query.until),
      userId,
      operation,
      status,
      fault: faultIn(query.fault),
      text,
    };
    const { entries, next } = await store.journal.find(filter, limit);
    const having = await store.bodies.which(entries.map(({ callId }) => callId));
    return {
      items: entries.map((entry) => callOf(entry, having.has(entry.callId))),
      next: next === null ? null : `${next.at}_${next.number}`,
    };
  },
});

const one = adminRoute({
  method: 'GET',
  path: '/calls/{number}',
  summary: 'Shows a call with its rows, request and answer',
  tag,
  params: closed({ number: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
  answer: Type.Intersect([
    Type.Object(callShape.properties),
    Type.Object({
      rowResults: Type.Array(rowShape),
      request: orNull(Type.String({ description: 'without its signature' })),
      answer: orNull(Type.String()),
      bodies: Type.Union([Type.Literal('kept'), Type.Literal('pruned'), Type.Literal('off')]),
    }),
  ]),
  async handle({ params: { number } }, { store, calls }) {
    const entry = await store.journal.entry(number);
    if (entry === undefined)
      throw new Problem(
        404,
        `There is no call ${number} in the journal; it may have been removed for its age`,
      );
    await calls.keptBodies.settled();
    const body = entry.callId === '' ? undefined : await store.bodies.find(entry.callId);
    const isFailed = entry.fault !== null || entry.rows.some(({ status }) => status === 'FAILED');
    const { which } = calls.bodySettings;
    const wasKept = which === 'all' || (which === 'failed' && isFailed);
    const bodies = body !== undefined ? ('kept' as const) : wasKept ? ('pruned' as const) : ('off' as const);
    return {
      ...callOf(entry, body !== undefined),
      rowResults: rowsOf(entry.operation, entry.rows),
      ...(body === undefined ? { request: null, answer: null } : bodyTexts(body)),
      bodies,
    };
  },
});

const refused = adminRoute({
  method: 'GET',
  path: '/refused-signatures',
  summary: 'Lists the last calls that were refused for their signature, newest first; only in memory',
  tag,
  answer: closed({
    items: Type.Array(
      closed({
        callId: Type.String(),
        at: Type.String(),
        address: orNull(Type.String()),
        fault: Type.Integer(),
        reason: Type.String(),
        userId: orNull(Type.String({ description: 'as sent; nobody has proved it' })),
        requestTimestamp: orNull(Type.String()),
        mistake: orNull(
          Type.String({
            description: 'how the signature was made, if it can be told; or what is wrong with its form',
          }),
        ),
        signed: orNull(Type.String({ description: 'the text that was to be signed' })),
        clockDifferenceSeconds: orNull(
          Type.Integer({ description: "how far the timestamp is behind the server's clock" }),
        ),
      }),
    ),
  }),
  handle: async (_request, { calls, users }) => {
    const known = await users.all();
    return {
      items: calls.refused.list().map(({ signature, ...refused }) => {
        const user = known.get(refused.userId ?? '');
        return { ...refused, mistake: mistakeIn({ signature, ...refused }, user) };
      }),
    };
  },
});

const stream = adminRoute({
  method: 'GET',
  path: '/calls/stream',
  summary: 'Sends calls as they come, as server-sent events; Last-Event-ID resumes behind a number',
  tag,
  answer: Type.Unsafe<undefined>({
    type: 'string',
    description:
      'event "call": its id is the number, its data an item of GET /calls; it can come twice. Event "missed": more than 1,000 calls had come since, and those up to the number in its data are not all sent; read GET /calls again',
  }),
  answerType: 'text/event-stream',
  async handle({ http: { request, reply } }, { streams }) {
    if (request.method === 'HEAD') return undefined;
    await streams.open(request, reply);
    return undefined;
  },
});

export const callRoutes: readonly AdminRoute[] = [list, one, refused, stream];

/** A signature is compared with those that clients send by mistake; the age of its timestamp is told anyway. */
const anyAge = { maxAge: Number.POSITIVE_INFINITY, maxAhead: Number.POSITIVE_INFINITY };

function mistakeIn({ userId, requestTimestamp, signature }: RefusedSignature, user: KnownUser | undefined) {
  if (user === undefined || 'unusable' in user) return null;
  if (userId === null || requestTimestamp === null || signature === null) return null;
  const header = { userId, timestamp: requestTimestamp, signature };
  const { matches, reasons } = explainSignature(header, user.secret, anyAge, Date.now());
  return matches ? null : (reasons[0] ?? null);
}

function placeIn(after: string | undefined): CallPlace | undefined {
  if (after === undefined) return undefined;
  const [, at = '', number] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_(\d{1,15})$/.exec(after) ?? [];
  if (number === undefined || Number.isNaN(Date.parse(at))) throw wrongPosition();
  return { at, number: Number(number) };
}

function faultIn(written: string | undefined): CallFilter['fault'] {
  return written === undefined || written === 'any' || written === 'none' ? written : Number(written);
}
