import Type, { type Static } from 'typebox';
import { operationNames, operations } from '../contract/operations.ts';
import type { JournalEntry } from '../rules/facts.ts';
import type { IncomingCall } from '../server/call.ts';
import type { CallTrace } from '../server/call-trace.ts';
import { Problem } from '../server/json-routes.ts';
import { tagsOf } from '../server/tags.ts';
import { withoutSignature } from '../server/without-signature.ts';
import { IndexNeeded } from '../store/store.ts';
import { encodeCall } from '../wire/call-encoder.ts';
import { sign } from '../wire/signature.ts';
import { faultShape, rowShape, rowsOf } from './call-shape.ts';
import type { AdminContext } from './context.ts';
import { type AdminRoute, adminRoute, closed, orNull } from './route.ts';

const tag = 'calls';
const MIB = 1024 * 1024;

const body = closed({
  xml: Type.Optional(Type.String({ description: 'the whole envelope; its Header is replaced' })),
  operation: Type.Optional(Type.String({ description: 'such as syncMObjects, with params' })),
  params: Type.Optional(
    Type.Unsafe<object>({
      type: 'object',
      description: "the operation's parameters, as the WSDL names them",
    }),
  ),
  userId: Type.Optional(Type.String({ description: 'default: the first user' })),
});

const answer = closed({
  request: Type.String({ description: 'without its signature' }),
  answer: Type.String(),
  fault: orNull(faultShape),
  rowResults: Type.Array(rowShape),
  number: orNull(Type.Integer({ description: 'of the call in the journal' })),
});

interface Wanted {
  readonly xml?: string;
  readonly operation?: string;
  readonly params?: object;
  readonly userId?: string;
}

const dryRun = adminRoute({
  method: 'POST',
  path: '/calls/dry-run',
  summary: 'Tells what a call would do, and does nothing: no change, no id, no entry in the journal',
  tag,
  body,
  maxBytes: 10 * MIB,
  answer,
  async handle({ body: wanted }, context) {
    const { userId, secret } = await callerOf(wanted, context);
    const request = requestOf(wanted, userId, secret);
    const done = await context.calls.dryRun(incoming(request), userId).catch((error: unknown) => {
      if (!(error instanceof IndexNeeded)) throw error;
      throw new Problem(
        409,
        `A dry run changes nothing, but ${error.message}. Send it instead: it changes no object`,
      );
    });
    return outcomeOf(request, done, { rows: done.rows, number: null });
  },
});

const send = adminRoute({
  method: 'POST',
  path: '/calls/send',
  summary: 'Sends a call, signed for the user, as one that came over the SOAP endpoint',
  tag,
  body,
  maxBytes: 10 * MIB,
  answer,
  async handle({ body: wanted }, context) {
    const { userId, secret } = await callerOf(wanted, context);
    const request = requestOf(wanted, userId, secret);
    const sent = await context.calls.send(incoming(request));
    const newest = await context.store.journal.newest(100);
    const entry = newest.find(({ callId }) => callId === sent.trace.callId);
    return outcomeOf(request, sent, entry ?? { rows: [], number: null });
  },
});

export const tryRoutes: readonly AdminRoute[] = [dryRun, send];

function outcomeOf(
  request: string,
  { trace: { operation, fault }, answer: text }: { readonly trace: CallTrace; readonly answer: string },
  { rows, number }: { readonly rows: JournalEntry['rows']; readonly number: number | null },
): Static<typeof answer> {
  return {
    request: withoutSignature(request),
    answer: text,
    fault: fault ? { code: fault.code, text: fault.message } : null,
    rowResults: rowsOf(operation, rows),
    number,
  };
}

const incoming = (request: string): IncomingCall => ({
  body: Buffer.from(request, 'utf8'),
  contentType: 'text/xml; charset=utf-8',
  contentEncoding: undefined,
  address: 'console',
});

async function callerOf({ userId }: Wanted, { users }: AdminContext) {
  const known = await users.all();
  const id = userId ?? known.keys().next().value;
  if (id === undefined) throw new Problem(409, 'There is no user who could call; add one: mktows users add');
  const user = known.get(id);
  if (user === undefined) throw new Problem(404, `There is no user "${id}"`);
  if ('unusable' in user) throw new Problem(409, user.unusable);
  return { userId: id, secret: user.secret };
}

function requestOf({ xml, operation, params }: Wanted, userId: string, secret: string): string {
  // Signatures are checked by the real time, whatever that of the tests is.
  const requestTimestamp = new Date().toISOString();
  const header = {
    mktowsUserId: userId,
    requestSignature: sign(secret, userId, requestTimestamp),
    requestTimestamp,
  };
  if (xml !== undefined && operation === undefined && params === undefined) {
    const own = encodeCall('listMObjects', {}, header);
    return withHeader(xml, own);
  }
  if (xml !== undefined || operation === undefined || params === undefined)
    throw new Problem(400, 'the body: expected either xml, or operation and params');
  const name = operationNames.find((one) => one === operation);
  if (name === undefined)
    throw new Problem(400, `operation in the body: expected one of ${Object.keys(operations).join(', ')}`);
  try {
    return encodeCall(name, params as never, header);
  } catch (error) {
    throw new Problem(400, `params in the body: ${(error as Error).message}`);
  }
}

/** Returns the envelope with the Header of another one, whose prefixes it declares itself. */
function withHeader(xml: string, other: string): string {
  const { start, end } = headerIn(other);
  const declared = [...other.matchAll(/\sxmlns:[\w.-]+="[^"]*"/g)].map(([one]) => one).join('');
  const header = other.slice(start, end).replace(/^<[\w.:-]+/, (name) => `${name}${declared}`);
  const own = headerIn(xml);
  return `${xml.slice(0, own.start)}${header}${xml.slice(own.end)}`;
}

/** Returns where the Header is, or the empty place before the Body. */
function headerIn(xml: string): { readonly start: number; readonly end: number } {
  let depth = 0;
  let start: number | undefined;
  for (const { index, text, localName, kind } of tagsOf(xml)) {
    if (kind === 'end') depth -= 1;
    if (depth === 1) {
      if (start !== undefined) return { start, end: index + text.length };
      if (localName === 'Body' && kind !== 'end') return { start: index, end: index };
      if (localName === 'Header' && kind === 'empty') return { start: index, end: index + text.length };
      if (localName === 'Header' && kind === 'start') start = index;
    }
    if (kind === 'start') depth += 1;
  }
  throw new Problem(400, 'xml in the body: expected a SOAP envelope with a Body');
}
