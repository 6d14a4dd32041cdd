import { expect, it } from 'vitest';
import { SoapFault } from '../../src/contract/faults.ts';
import type { Message } from '../../src/contract/messages.ts';
import { foldName } from '../../src/rules/schema.ts';
import { overAllStores } from '../store/test-engines.ts';
import { openSyncFixture, type SyncFixture } from './sync-fixture.ts';

/** A defined name and another spelling of it: letters whose case is not as that of ASCII, or not in all languages. */
const spellings: [defined: string, sent: string][] = [
  ['Region', ' REGION '],
  ['École', 'ÉCOLE'],
  ['Straße', 'STRAẞE'],
  ['Straße', 'STRASSE'],
  ['Kelvin', '\u212Aelvin'],
  ['Title', 'TITLE'],
  ['Titıe', 'TITIE'],
  ['İl', 'il'],
  ['İl', 'i\u0307L'],
  ['Οδος', 'ΟΔΟΣ'],
  ['Οδοσ', 'ΟΔΟΣ'],
  ['ǅor', 'Ǆor'],
];

await overAllStores((source) => {
  async function openWith(name: string): Promise<SyncFixture> {
    return openSyncFixture(source, {
      fields: { Opportunity: [{ name, dataType: 'string' }] },
      tags: { [name]: [name] },
      channels: { [name]: [] },
      programs: [{ id: 1, name: 'p', type: 'Email', channel: name, tags: { [name]: name } }],
      opportunities: [{ id: 1, attributes: { [name]: 'K' } }],
    });
  }

  const criteria = (...all: [string, string][]) => ({
    mObjCriteriaList: { mObjCriteria: all.map(([attrName, attrValue]) => ({ attrName, attrValue })) },
  });
  const found = (answer: Promise<{ answer: { result: Message<'ResultGetMObjects'> } }>) =>
    answer.then(
      ({ answer: { result } }) => (result.mObjectList?.mObject.length ?? 0) > 0,
      (error) => {
        if (error instanceof SoapFault) return false;
        throw error;
      },
    );

  it.each(spellings)('%s is found as %j by all operations or none', async (defined, sent) => {
    const fixture = await openWith(defined);
    try {
      const { call, sync } = fixture;
      const isTaken = async (mObject: Parameters<SyncFixture['sync']>[1][number]) =>
        (await sync('UPDATE', [mObject]))[0]?.status !== 'FAILED';
      const tag = (type: string, value: string) => ({
        type: 'Program',
        id: 1,
        typeAttribList: {
          typeAttrib: [
            {
              attrType: 'Tag',
              attrList: {
                attrib: [
                  { name: 'Type', value: type },
                  { name: 'Value', value },
                ],
              },
            },
          ],
        },
      });
      const key = { name: sent, value: 'K' };
      const tags = await call('getTags', {
        tagList: { tag: [{ type: sent, values: { stringItem: [sent] } }] },
      });
      const channels = await call('getChannels', { tag: { values: { stringItem: [sent] } } });
      const answers = {
        attribute: await isTaken({
          type: 'Opportunity',
          id: 1,
          attribList: { attrib: [{ name: sent, value: 'K' }] },
        }),
        key: await isTaken({ type: 'Opportunity', externalKey: key }),
        tag: await isTaken(tag(sent, sent)),
        channel: await isTaken(tag('channel', sent)),
        getKey: await found(call('getMObjects', { type: 'Opportunity', externalKey: key })),
        getField: await found(call('getMObjects', { type: 'Opportunity', ...criteria([sent, 'K']) })),
        getTagType: await found(call('getMObjects', { type: 'Program', ...criteria(['Tag Type', sent]) })),
        getTagValue: await found(call('getMObjects', { type: 'Program', ...criteria(['Tag Value', sent]) })),
        getTag: await found(
          call('getMObjects', { type: 'Program', ...criteria(['Tag Type', 'CHANNEL'], ['Tag Value', sent]) }),
        ),
        getTags: tags.answer.result.tagList?.tag?.[0]?.values?.stringItem?.length === 1,
        getChannels: channels.answer.result.tags?.tagStatus?.length === 1,
        delete:
          (
            await call('deleteMObjects', {
              mObjectList: { mObject: [{ type: 'Opportunity', externalKey: key }] },
            })
          ).answer.result.mObjStatusList.mObjStatus[0]?.status === 'DELETED',
      };
      const isSame = foldName(defined) === foldName(sent);
      expect(answers).toEqual(Object.fromEntries(Object.keys(answers).map((name) => [name, isSame])));
    } finally {
      await fixture.store.close();
    }
  });

  it.each(['Id', 'ID', ' id', 'createdAt', 'UPDATEDAT'])(
    '%j is not an external key in any operation, whatever the settings',
    async (name) => {
      for (const externalKeys of ['known', 'any'] as const) {
        const fixture = await openSyncFixture(
          source,
          { opportunities: [{ id: 1 }] },
          { externalKeys, unknownFields: 'create' },
        );
        try {
          const externalKey = { name, value: '1' };
          const mObject = { type: 'Opportunity', externalKey };
          const association = { mObjType: 'Opportunity', externalKey };
          const role = { type: 'OpportunityPersonRole', associationList: { mObjAssociation: [association] } };
          const rows = await fixture.sync('UPSERT', [mObject, role]);
          const deleted = await fixture.call('deleteMObjects', { mObjectList: { mObject: [mObject] } });
          const failed = [...rows, ...deleted.answer.result.mObjStatusList.mObjStatus];
          expect(failed.map(({ status, error }) => [status, error?.includes('not an external key')])).toEqual(
            failed.map(() => ['FAILED', true]),
          );
          await expect(fixture.call('getMObjects', mObject)).rejects.toThrow('not an external key');
          await expect(
            fixture.call('getMObjects', {
              type: 'OpportunityPersonRole',
              mObjAssociationList: { mObjAssociation: [association] },
            }),
          ).rejects.toThrow('not an external key');
        } finally {
          await fixture.store.close();
        }
      }
    },
  );
});
