import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Received } from '../../src/contract/messages.ts';
import { overAllStores } from '../store/test-engines.ts';
import {
  defineType,
  deleteObjects,
  getObjects,
  list,
  object,
  pairs,
  roadshow,
  syncObjects,
} from './custom-object-fixture.ts';
import { openSyncFixture, type SyncFixture } from './sync-fixture.ts';

const instance = { leads: [1, 2, 9, 10, 1090177].map((id) => ({ id })) };
const RoadShow = { objTypeName: 'RoadShow' };
const keysOf = (mktoid: string | number, rid: string) =>
  [
    ['MKTOID', String(mktoid)],
    ['rid', rid],
  ] as const;

await overAllStores((source) => {
  let fixture: SyncFixture;
  const opened: SyncFixture[] = [];
  const open = async (settings: Parameters<typeof openSyncFixture>[2] = {}) => {
    const made = await openSyncFixture(source, instance, settings);
    opened.push(made);
    return made;
  };
  beforeEach(async () => {
    fixture = await open();
    await defineType(fixture.store, roadshow);
  });
  afterEach(async () => {
    for (const { store } of opened.splice(0)) await store.close();
  });

  const found = async (params: Partial<Received<'ParamsGetCustomObjects'>> = {}) => {
    const { customObjList } = await getObjects(fixture, { ...RoadShow, ...params });
    return (customObjList?.customObj ?? []).map(({ customObjKeyList, customObjAttributeList }) =>
      [...pairs(customObjKeyList), ...pairs(customObjAttributeList)].map(([, value]) => value).join(' '),
    );
  };

  describe('syncCustomObjects', () => {
    it('answers the type as defined and the keys as sent', async () => {
      const sent = object(
        [
          ['mktoid', '1090177'],
          ['RID', 'rid1'],
        ],
        [['City', 'SanMateo']],
      );
      const expected = {
        objTypeName: 'Roadshow',
        customObjKeyList: {
          attribute: [
            { attrName: 'mktoid', attrType: null, attrValue: '1090177' },
            { attrName: 'RID', attrType: null, attrValue: 'rid1' },
          ],
        },
        error: null,
      };
      expect(await syncObjects(fixture, RoadShow, sent)).toEqual([{ ...expected, status: 'CREATED' }]);
      expect(await syncObjects(fixture, RoadShow, sent)).toEqual([{ ...expected, status: 'UPDATED' }]);
    });

    it('fails single rows, saying why, while the others go ahead', async () => {
      const rows = await syncObjects(
        fixture,
        { ...RoadShow, operation: 'UPSERT' },
        object(keysOf(1, 'a'), [
          ['nameasdf', 'x'],
          ['b', 'y'],
        ]),
        object([['rid', 'a']]),
        object(keysOf(77, 'a')),
        object(keysOf('x', 'a')),
        object(keysOf(1, 'a'), [['seats', 'many']]),
        object(keysOf(1, 'a'), [['rid', 'b']]),
        object([...keysOf(1, 'a'), ['city', 'Bonn']]),
        object(keysOf(1, 'a'), [
          ['seats', '5'],
          ['createdAt', 'x'],
        ]),
      );
      expect(rows.map(({ status, error }) => error ?? status)).toEqual([
        'Unknown name attribute list: nameasdf, b',
        'Missing key: MKTOID',
        '20103 - No lead found with MKTOID = 77',
        'MKTOID: "x"; expected the id of an object, a whole number',
        'seats: "many"; expected a whole number, such as 80 or 80%',
        'rid: customObjAttributeList and customObjKeyList have different values; they must agree',
        'Unknown name attribute list: city',
        'CREATED',
      ]);
      expect(await found()).toEqual(['1 a 5']);
    });

    it('fails an INSERT of what exists and an UPDATE of what does not', async () => {
      const insert = { ...RoadShow, operation: 'INSERT' } as const;
      const rows = await syncObjects(fixture, insert, object(keysOf(1, 'a')), object(keysOf(1, 'a')));
      expect(rows.map(({ status, error }) => error ?? status)).toEqual([
        'CREATED',
        'the object exists; INSERT only adds new ones: Roadshow with MKTOID = "1", rid = "a"',
      ]);
      const [missing] = await syncObjects(
        fixture,
        { ...RoadShow, operation: 'UPDATE' },
        object(keysOf(1, 'b')),
      );
      expect(missing).toMatchObject({
        status: 'FAILED',
        error: 'there is no such object; UPDATE adds none: Roadshow with MKTOID = "1", rid = "b"',
      });
    });

    it('keeps, changes and clears values', async () => {
      const values = [
        ['city', 'Bonn'],
        ['seats', '5'],
        ['isOver', '1'],
      ] as const;
      await syncObjects(fixture, RoadShow, object(keysOf(1, 'a'), values));
      await syncObjects(
        fixture,
        RoadShow,
        object(keysOf(1, 'a'), [
          ['city', ''],
          ['seats', '6'],
          ['isOver', ' '],
        ]),
      );
      expect(await found()).toEqual(['1 a Bonn 6']);
    });

    it('tells texts apart that are longer than what is indexed of them', async () => {
      const long = 'x'.repeat(700);
      const rows = await syncObjects(
        fixture,
        RoadShow,
        ...['a', 'b', 'a'].map((end) => object(keysOf(1, long + end))),
      );
      expect(rows.map(({ status }) => status)).toEqual(['CREATED', 'CREATED', 'UPDATED']);
    });

    it('journals each object with its keys and what changed', async () => {
      await syncObjects(fixture, RoadShow, object(keysOf(1, 'a'), [['city', 'Bonn']]), object([]));
      expect((await fixture.store.journal.newest(1))[0]).toMatchObject({
        operation: 'syncCustomObjects',
        mode: 'UPSERT',
        rows: [
          {
            type: 'Roadshow',
            id: 1,
            status: 'CREATED',
            externalKey: { name: 'MKTOID, rid', value: '1, a' },
            changed: ['city', 'MKTOID', 'rid'],
            after: ['Bonn', 1, 'a'],
          },
          { type: 'Roadshow', id: null, status: 'FAILED', because: 'Missing key: MKTOID, rid' },
        ],
      });
    });

    it('answers FAILED in the place of an object that is nil', async () => {
      const nil = {} as Received<'CustomObj'>;
      const unreadable = new Map([[nil, [{ element: 'customObj', value: 'nil', expected: 'an object' }]]]);
      const { answer } = await fixture.call(
        'syncCustomObjects',
        { ...RoadShow, customObjList: { customObj: [nil, object(keysOf(1, 'a'))] } },
        unreadable,
      );
      expect(answer.result.syncCustomObjStatusList.syncCustomObjStatus).toMatchObject([
        { status: 'FAILED', error: 'customObj: "nil"; expected an object' },
        { status: 'CREATED' },
      ]);
    });

    it('makes one object of two calls at once with one key', async () => {
      const calls = Array.from({ length: 6 }, (_, index) =>
        syncObjects(fixture, RoadShow, object(keysOf(1, 'a'), [['seats', String(index)]])),
      );
      const statuses = (await Promise.all(calls)).map(([row]) => row?.status);
      expect(statuses.filter((status) => status === 'CREATED')).toHaveLength(1);
      expect(await found()).toHaveLength(1);
    });
  });

  describe('what ends the whole call', () => {
    it.each<[string, object, number, string]>([
      ['an unknown type', { objTypeName: 'Tour' }, 20110, 'Object name is not valid'],
      ['no type', { objTypeName: ' ' }, 20109, 'objTypeName is missing'],
      ['no list', { customObjList: undefined }, 20109, 'customObjList is missing'],
      [
        'over 100 objects',
        { customObjList: { customObj: Array(101).fill(object(keysOf(1, 'a'))) } },
        20110,
        'customObjList has 101 objects; at most 100',
      ],
    ])('refuses %s', async (_, params, code, text) => {
      const sent = { ...RoadShow, customObjList: { customObj: [] }, ...params };
      await expect(fixture.call('syncCustomObjects', sent)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(text),
      });
    });

    it('refuses an unknown operation', async () => {
      const params = { ...RoadShow, customObjList: { customObj: [] } };
      const unreadable = new Map([
        [params, [{ element: 'operation', value: 'MERGE', expected: 'an operation' }]],
      ]);
      await expect(fixture.call('syncCustomObjects', params, unreadable)).rejects.toMatchObject({
        code: 20110,
      });
    });

    it('takes an empty list', async () => {
      expect(await syncObjects(fixture, RoadShow)).toEqual([]);
      expect(await deleteObjects(fixture, 'roadshow')).toEqual([]);
    });
  });

  describe('deleteCustomObjects', () => {
    it('deletes by all keys, once', async () => {
      await syncObjects(fixture, RoadShow, object(keysOf(1, 'a')), object(keysOf(1, 'b')));
      const rows = await deleteObjects(
        fixture,
        'roadshow',
        list(...keysOf('01', 'a')),
        list(...keysOf(1, 'a')),
        list(['rid', 'b']),
      );
      expect(rows.map(({ status, error }) => error ?? status)).toEqual([
        'DELETED',
        'there is no such object: Roadshow with MKTOID = "1", rid = "a"',
        'Missing key: MKTOID',
      ]);
      expect(rows[0]).toEqual({
        objTypeName: 'Roadshow',
        customObjKeyList: {
          attribute: [
            { attrName: 'MKTOID', attrType: null, attrValue: '01' },
            { attrName: 'rid', attrType: null, attrValue: 'a' },
          ],
        },
        status: 'DELETED',
        error: null,
      });
      expect(await found()).toEqual(['1 b']);
    });

    it('makes the key free again within a call and after it', async () => {
      await syncObjects(fixture, RoadShow, object(keysOf(1, 'a')));
      await deleteObjects(fixture, 'Roadshow', list(...keysOf(1, 'a')));
      expect((await syncObjects(fixture, RoadShow, object(keysOf(1, 'a'))))[0]?.status).toBe('CREATED');
    });
  });

  describe('getCustomObjects', () => {
    beforeEach(async () => {
      await syncObjects(
        fixture,
        RoadShow,
        object(keysOf(10, 'a'), [
          ['city', 'Rome'],
          ['isOver', 'TRUE'],
        ]),
        object(keysOf(9, 'b'), [
          ['city', 'Bonn'],
          ['seats', '7'],
        ]),
        object(keysOf(9, 'a')),
        object(keysOf(1090177, 'z'), [['isOver', '0']]),
      );
    });

    it('sorts by the keys, MKTOID as a number', async () => {
      expect(await found()).toEqual(['9 a', '9 b Bonn 7', '10 a Rome true', '1090177 z false']);
    });

    it('takes values of one key as alternatives, and needs all keys to match', async () => {
      const customObjKeyList = list(['MKTOID', '9'], ['mktoid', '10'], ['rid', 'a']);
      expect(await found({ customObjKeyList })).toEqual(['9 a', '10 a Rome true']);
      expect(await found({ customObjKeyList: list(['rid', 'b'], ['rid', 'z']) })).toEqual([
        '9 b Bonn 7',
        '1090177 z false',
      ]);
    });

    it('answers only the attributes asked for, in the order of the type, and always the keys', async () => {
      const includeAttributes = { stringItem: ['SEATS', 'city', 'nonsense'] };
      expect(await found({ includeAttributes })).toEqual(['9 a', '9 b Bonn 7', '10 a Rome', '1090177 z']);
    });

    it('has a short position, however many names of attributes are asked for', async () => {
      const names = Array.from({ length: 50_000 }, (_, index) => `nonsense ${index}`);
      for (const [asked, expected] of [
        [[...names, 'x'], ['9 b']],
        [['city', ...names], ['9 b Bonn']],
      ] as const) {
        const sent = { includeAttributes: { stringItem: [...asked] }, batchSize: 1 };
        const { newStreamPosition: streamPosition } = await getObjects(fixture, { ...RoadShow, ...sent });
        expect(streamPosition.length).toBeLessThan(500);
        expect(await found({ streamPosition, batchSize: 1 })).toEqual(expected);
      }
    });

    it('has the position of the published answer, with a member of ours', async () => {
      const customObjKeyList = list(['MKTOID', '9']);
      const { newStreamPosition, ...page } = await getObjects(fixture, { ...RoadShow, customObjKeyList });
      expect(page).toMatchObject({ objTypeName: 'Roadshow', returnCount: 2, remainingCount: 0 });
      expect(newStreamPosition).toMatch(/^\{"ky":\["9"\],"os":2,"at":"[\w-]+"\}$/);
    });

    it('answers an empty list and a position where nothing is found', async () => {
      const page = await getObjects(fixture, { ...RoadShow, customObjKeyList: list(['MKTOID', '123']) });
      expect(page).toMatchObject({ returnCount: 0, remainingCount: 0, customObjList: { customObj: [] } });
      expect(JSON.parse(page.newStreamPosition)).toMatchObject({ ky: ['123'], os: 0 });
    });

    it('pages by key: what is added or deleted meanwhile neither repeats nor hides others', async () => {
      const page = { ...RoadShow, batchSize: 2 };
      const first = await getObjects(fixture, page);
      expect(first.remainingCount).toBe(2);
      await deleteObjects(fixture, 'Roadshow', list(...keysOf(9, 'a')));
      await syncObjects(fixture, RoadShow, object(keysOf(1, 'a')), object(keysOf(2, 'a')));
      const second = await getObjects(fixture, { ...page, streamPosition: first.newStreamPosition });
      expect(second.customObjList?.customObj.map((each) => pairs(each.customObjKeyList)[0]?.[1])).toEqual([
        '10',
        '1090177',
      ]);
      expect(second).toMatchObject({ returnCount: 2, remainingCount: 0 });
      const third = await getObjects(fixture, { ...page, streamPosition: second.newStreamPosition });
      expect(third).toMatchObject({ returnCount: 0, remainingCount: 0 });
    });

    it('continues from a position of Marketo with the keys sent again', async () => {
      const customObjKeyList = list(['MKTOID', '9'], ['MKTOID', '10']);
      const streamPosition = '{"ky":["9","10"],"os":2}';
      expect(await found({ customObjKeyList, streamPosition })).toEqual(['10 a Rome true']);
      const page = await getObjects(fixture, { ...RoadShow, customObjKeyList, streamPosition });
      expect(JSON.parse(page.newStreamPosition)).toMatchObject({ os: 3 });
    });

    it.each([
      'nonsense',
      '{"ky":"1","os":0}',
      '{"ky":[],"os":-1}',
      '{"ky":["1"],"os":1}',
      '{"ky":[],"os":10001}',
      '{"ky":[],"os":1,"at":"AAAA"}',
      'null',
    ])('refuses the position %s', async (streamPosition) => {
      await expect(getObjects(fixture, { ...RoadShow, streamPosition })).rejects.toMatchObject({
        code: 20122,
      });
    });

    it('refuses the position of another type, or one that was changed', async () => {
      await defineType(fixture.store, { ...roadshow, name: 'Tour' });
      const { newStreamPosition } = await getObjects(fixture, RoadShow);
      const other = { objTypeName: 'Tour', streamPosition: newStreamPosition };
      await expect(getObjects(fixture, other)).rejects.toMatchObject({ code: 20122 });
      const changed = newStreamPosition.replace(/"at":"./, (at) =>
        at.endsWith('A') ? '"at":"B' : '"at":"A',
      );
      await expect(getObjects(fixture, { ...RoadShow, streamPosition: changed })).rejects.toMatchObject({
        code: 20122,
      });
    });

    it.each<[[string, string], string]>([
      [['city', 'Bonn'], 'customObjKeyList: "city" is no key of Roadshow; expected MKTOID, rid'],
      [['MKTOID', 'x'], 'MKTOID: "x"; expected the id of an object'],
    ])('refuses the key %j', async (key, text) => {
      await expect(getObjects(fixture, { ...RoadShow, customObjKeyList: list(key) })).rejects.toMatchObject({
        code: 20110,
        message: expect.stringContaining(text),
      });
    });
  });

  it('refuses a type that is not defined, also where unknown fields are created', async () => {
    fixture = await open({ unknownFields: 'create' });
    await expect(getObjects(fixture, { objTypeName: 'Tour' })).rejects.toMatchObject({ code: 20110 });
    await expect(deleteObjects(fixture, 'Tour', list(['rid', '1']))).rejects.toMatchObject({ code: 20110 });
  });

  describe('under an open schema', () => {
    beforeEach(async () => {
      fixture = await open({ unknownFields: 'create', undefinedNames: 'create' });
    });
    const tour = { objTypeName: 'Tour' };
    const definitions = async () =>
      (await fixture.store.list({ type: 'CustomObjectType', where: [], limit: 10 })).records;

    it('defines a type with its first object, and fields as they come', async () => {
      const rows = await syncObjects(
        fixture,
        tour,
        object(
          [
            ['MktoId', '1'],
            ['rid', '1'],
          ],
          [['city', 'Bonn']],
        ),
        object(
          [
            ['rid', '10'],
            ['mktoid', '2'],
          ],
          [
            ['City', 'Rome'],
            ['bus', 'x'],
          ],
        ),
        object([
          ['rid', '9'],
          ['mktoid', '2'],
        ]),
      );
      expect(rows.map(({ status, error }) => error ?? status)).toEqual(['CREATED', 'CREATED', 'CREATED']);
      expect(await definitions()).toEqual([
        {
          id: 1,
          name: 'Tour',
          keys: [
            { name: 'MKTOID', dataType: 'integer' },
            { name: 'rid', dataType: 'string' },
          ],
          fields: [
            { name: 'city', dataType: 'string' },
            { name: 'bus', dataType: 'string' },
          ],
        },
      ]);
      expect(await found(tour)).toEqual(['1 1 Bonn', '2 10 Rome x', '2 9']);
    });

    it('fails a key that comes later', async () => {
      await syncObjects(fixture, tour, object([['rid', '1']]));
      const [row] = await syncObjects(
        fixture,
        tour,
        object([
          ['rid', '1'],
          ['day', '2'],
        ]),
      );
      expect(row).toMatchObject({ status: 'FAILED', error: 'Unknown name attribute list: day' });
    });

    it('defines nothing where no object comes of it', async () => {
      const [row] = await syncObjects(fixture, { ...tour, operation: 'UPDATE' }, object([['rid', '1']]));
      expect(row?.status).toBe('FAILED');
      const [without] = await syncObjects(fixture, tour, object([]));
      expect(without).toMatchObject({ status: 'FAILED', error: expect.stringContaining('Missing key') });
      expect(await definitions()).toEqual([]);
    });

    it('finds nothing in a type that is not defined yet', async () => {
      const page = await getObjects(fixture, { ...tour, customObjKeyList: list(['rid', '1']) });
      expect(page).toMatchObject({ objTypeName: 'Tour', returnCount: 0, remainingCount: 0 });
      const [row] = await deleteObjects(fixture, 'Tour', list(['rid', '1']));
      expect(row).toMatchObject({ objTypeName: 'Tour', status: 'FAILED' });
    });

    it('finds nothing in a type that is not defined yet, also where unknown fields fail', async () => {
      fixture = await open({ unknownFields: 'fail', undefinedNames: 'create' });
      expect(await getObjects(fixture, tour)).toMatchObject({ objTypeName: 'Tour', returnCount: 0 });
      const [row] = await deleteObjects(fixture, 'Tour', list(['rid', '1']));
      expect(row).toMatchObject({ objTypeName: 'Tour', status: 'FAILED' });
    });

    it('makes one type of two calls at once', async () => {
      const calls = ['a', 'b', 'c', 'd'].map((rid) =>
        syncObjects(fixture, tour, object([['rid', rid]], [[rid, rid]])),
      );
      await Promise.all(calls);
      const [type, ...others] = await definitions();
      expect(others).toEqual([]);
      expect(type?.fields.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c', 'd']);
      expect(await found(tour)).toEqual(['a a', 'b b', 'c c', 'd d']);
    });
  });
});
