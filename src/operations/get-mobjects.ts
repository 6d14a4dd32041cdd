import type { Backend } from '../backend.ts';
import { SoapFault } from '../contract/faults.ts';
import type { Message, Received } from '../contract/messages.ts';
import type { FoundObjects } from '../rules/query.ts';
import { QueryRefusal, readQuery } from '../rules/read-query.ts';
import { describeRecord } from '../rules/record-message.ts';
import { foldName } from '../rules/schema.ts';
import { type Operation, type OperationCall, type OperationContext, readOutcome } from './operation.ts';
import {
  badPosition,
  readStreamPosition,
  type StreamPosition,
  writeStreamPosition,
} from './stream-position.ts';

/** Objects per page (docs/behaviour.md#getmobjects). */
const PAGE_SIZE = 100;

/**
 * getMObjects: finds objects of one type by id, external key, criteria and associations
 * (docs/behaviour.md#getmobjects). Faults: 20109 for a missing type, 20017 for an incomplete criterion or
 * association, 20110 for an invalid one, 20122 and 20123 for the stream position.
 */
export const getMObjects: Operation<'getMObjects'> = async (call, context) => {
  const { backend, settings } = context;
  if ((call.params.type ?? '').trim() === '') {
    throw new SoapFault(20109, 'type is missing; expected Program, Opportunity or OpportunityPersonRole');
  }
  const position = await startOf(call.params, backend.sign);
  const question = await read({ ...call, params: position.query }, context);
  const found = await backend.find({ ...question, after: position.after, limit: PAGE_SIZE });

  const next: StreamPosition = { query: position.query, after: found.end, atEnd: !found.hasMore };
  const details = position.query.includeDetails ?? true;
  const { fields } = await backend.schema();
  const mObject = messagesOf(found, (record) =>
    describeRecord(record, { fields, details, timeZone: settings.timeZone }),
  );
  return readOutcome(`${question.type}: ${mObject.length} found`, {
    result: {
      returnCount: mObject.length,
      hasMore: found.hasMore,
      newStreamPosition: await writeStreamPosition(next, backend.sign),
      mObjectList: { mObject },
    },
  });
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

/** Returns the query and its start: those of the stream position, or the request's own query from the first object. */
async function startOf(
  params: Received<'ParamsGetMObjects'>,
  sign: Backend['sign'],
): Promise<StreamPosition> {
  const { streamPosition, ...query } = params;
  if (streamPosition === undefined || streamPosition.trim() === '') return { query, after: 0, atEnd: false };
  const position = await readStreamPosition(streamPosition, sign);
  if (foldName(position.query.type ?? '') !== foldName(params.type ?? '')) {
    throw badPosition(`belongs to type ${position.query.type}, not to ${params.type}`);
  }
  if (position.atEnd) throw new SoapFault(20123, 'streamPosition is past the last page; hasMore was false');
  return position;
}

async function read(call: OperationCall<'getMObjects'>, { backend, settings }: OperationContext) {
  try {
    return readQuery(call.params, { schema: await backend.schema(), settings, unreadable: call.unreadable });
  } catch (error) {
    if (error instanceof QueryRefusal) throw new SoapFault(error.missing ? 20017 : 20110, error.message);
    throw error;
  }
}
