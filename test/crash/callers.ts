import { setTimeout as wait } from 'node:timers/promises';
import { type Client, MktowsFault, MktowsNoAnswer } from '../../src/client/index.ts';
import type { Message } from '../../src/contract/messages.ts';
import { type CallRecord, KEY_FIELD, keysOf, LEAD_MARK_FIELD, MARK_FIELD } from './history.ts';

const GROUPS = 3;
const GROUP_SIZE = 10;

/** Clients that write and keep a record of what they were told. */
export interface Callers {
  readonly calls: readonly CallRecord[];
  /**
   * Makes one call after the other, for as long as `goOn` says and there is a server that answers. A call that ends in
   * fault 20011 is followed by others.
   */
  keepCalling(client: Client, goOn: () => boolean): Promise<void>;
  /** Says that none of the calls so far can still be applied. */
  settle(): void;
  /** How many calls came to what, for a line of print. */
  figures(): string;
}

export function createCallers(random: () => number): Callers {
  const calls: CallRecord[] = [];
  let clock = 0;
  const tick = () => {
    clock += 1;
    return clock;
  };

  async function makeCall(client: Client): Promise<void> {
    const chosen = random();
    const kind = chosen < 0.4 ? 'insert' : chosen < 0.7 ? 'upsert' : 'leads';
    const call: CallRecord = {
      name: `call ${calls.length}`,
      kind,
      group: Math.floor(random() * GROUPS),
      size: kind === 'insert' ? 1 + Math.floor(random() * 20) : GROUP_SIZE,
      began: tick(),
      ended: Number.POSITIVE_INFINITY,
      outcome: 'unknown',
      created: [],
    };
    calls.push(call);
    try {
      const rows = call.kind === 'leads' ? await writeLeads(client, call) : await writeObjects(client, call);
      const wrong = rows.find(({ status }) => !['CREATED', 'UPDATED', 'UNCHANGED'].includes(String(status)));
      if (wrong !== undefined) throw new Error(`${call.name}: ${wrong.status} ${wrong.error}`);
      call.created = rows.flatMap(({ id, status }) => (status === 'CREATED' && id ? [id] : []));
      call.outcome = 'acknowledged';
      call.ended = tick();
    } catch (error) {
      if (!(error instanceof MktowsFault) || error.code !== 20011) throw error;
      if (!/not known/.test(error.message)) call.outcome = 'refused';
      await wait(10);
    }
  }

  return {
    calls,
    async keepCalling(client, goOn) {
      while (goOn()) {
        try {
          await makeCall(client);
        } catch (error) {
          if (error instanceof MktowsNoAnswer) return;
          throw error;
        }
      }
    },
    settle() {
      for (const call of calls) if (call.ended === Number.POSITIVE_INFINITY) call.ended = tick();
    },
    figures() {
      const count = (outcome: CallRecord['outcome']) =>
        calls.filter((call) => call.outcome === outcome).length;
      return `${calls.length} calls, ${count('acknowledged')} acknowledged, ${count('refused')} refused, ${count('unknown')} unknown`;
    },
  };
}

/** The result of a row. */
interface Row {
  readonly id?: number | null;
  readonly status?: string;
  readonly error?: string | null;
}

async function writeObjects(client: Client, call: CallRecord): Promise<readonly Row[]> {
  const answer = await client.call('syncMObjects', paramsOf(call));
  return answer.result?.mObjStatusList?.mObjStatus ?? [];
}

async function writeLeads(client: Client, call: CallRecord): Promise<readonly Row[]> {
  const attribute = [{ attrName: LEAD_MARK_FIELD, attrValue: call.name }];
  const leadRecord = keysOf(call).map((Email) => ({ Email, leadAttributeList: { attribute } }));
  const answer = await client.call('syncMultipleLeads', { leadRecordList: { leadRecord } });
  const rows = answer.result?.syncStatusList?.syncStatus ?? [];
  return rows.map(({ leadId, ...row }) => ({ id: leadId ?? null, ...row }));
}

function paramsOf(call: CallRecord): Message<'ParamsSyncMObjects'> {
  const { name, kind, size } = call;
  const keys = keysOf(call);
  const attrib = [{ name: MARK_FIELD, value: name }];
  // Every second call is so large that a server may have its second thread carry it out.
  if (Number(name.split(' ')[1]) % 2 === 0) attrib.push({ name: 'Description', value: 'x'.repeat(2000) });
  const attribList = { attrib };
  const mObject = Array.from({ length: size }, (_, index) =>
    kind === 'insert'
      ? { type: 'Opportunity', attribList }
      : { type: 'Opportunity', externalKey: { name: KEY_FIELD, value: keys[index] ?? '' }, attribList },
  );
  return { operation: kind === 'insert' ? 'INSERT' : 'UPSERT', mObjectList: { mObject } };
}
