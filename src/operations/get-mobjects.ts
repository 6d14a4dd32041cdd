import { SoapFault } from '../contract/faults.ts';
import type { Message, Received } from '../contract/messages.ts';
import type { FoundObjects, ObjectQuery } from '../rules/query.ts';
import { QueryRefusal, readQuery } from '../rules/read-query.ts';
import { describeRecord } from '../rules/record-message.ts';
import { foldName } from '../rules/schema.ts';
import type { Operation, OperationCall, OperationContext } from './operation.ts';
import {
  badPosition,
  readStreamPosition,
  type StreamPosition,
  writeStreamPosition,
} from './stream-position.ts';

/** Objects on a page (docs/behaviour.md#getmobjects). */
const PAGE_SIZE = 100;

/**
 * getMObjects: finds objects of one type by id, external key, criteria and associations
 * (docs/behaviour.md#getmobjects). Faults: 20109 without type, 20017 for an incomplete criterion or association,
 * 20110 for a bad one, 20122 and 20123 for the stream position.
 */
export const getMObjects: Operation<'getMObjects'> = async (call, context) => {
  const { store, settings } = context;
  if ((call.params.type ?? '').trim() === '') {
    throw new SoapFault(20109, 'type is missing; expected Program, Opportunity or OpportunityPersonRole');
  }
  const key = await store.secret();
  const position = startOf(call.params, key);
  const question = await read({ ...call, params: position.query }, context);
  const query: ObjectQuery = { ...question, after: position.after, limit: PAGE_SIZE };
  const found = await store.find(query);

  const last = found.records.at(-1)?.id ?? position.after;
  const next: StreamPosition = { query: position.query, after: last, atEnd: !found.hasMore };
  const details = position.query.includeDetails ?? true;
  const { fields } = await store.schema();
  const mObject = messagesOf(found, (record) =>
    describeRecord(record, { fields, details, timeZone: settings.timeZone }),
  );
  return {
    answer: {
      result: {
        returnCount: mObject.length,
        hasMore: found.hasMore,
        newStreamPosition: writeStreamPosition(next, key),
        mObjectList: { mObject },
      },
    },
    journal: { mode: `${question.type}: ${mObject.length} found`, rows: [] },
  };
};

type Described = Parameters<typeof describeRecord>[0];

function messagesOf(
  found: FoundObjects,
  describe: (record: Described) => Message<'MObject'>,
): Message<'MObject'>[] {
  return found.type === 'Program'
    ? found.records.map((record) => describe({ type: found.type, record }))
    : found.records.map((record) => describe({ type: found.type, record }));
}

/** Where to begin: at the stream position, which then says all that is asked, or at the first object. */
function startOf(params: Received<'ParamsGetMObjects'>, key: Uint8Array): StreamPosition {
  const { streamPosition, ...query } = params;
  if (streamPosition === undefined || streamPosition.trim() === '') return { query, after: 0, atEnd: false };
  const position = readStreamPosition(streamPosition, key);
  if (foldName(position.query.type ?? '') !== foldName(params.type ?? '')) {
    throw badPosition(`belongs to type ${position.query.type}, not to ${params.type}`);
  }
  if (position.atEnd)
    throw new SoapFault(20123, 'streamPosition is behind the last object; hasMore was false');
  return position;
}

async function read(call: OperationCall<'getMObjects'>, { store, settings }: OperationContext) {
  try {
    return readQuery(call.params, { schema: await store.schema(), settings, unreadable: call.unreadable });
  } catch (error) {
    if (error instanceof QueryRefusal) throw new SoapFault(error.missing ? 20017 : 20110, error.message);
    throw error;
  }
}
