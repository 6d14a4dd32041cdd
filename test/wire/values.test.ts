import { describe, expect, test } from 'vitest';
import { decode, decodeMObject, envelope, paramsOf, syncWith } from './decoding.ts';

describe('an int', () => {
  test.each([
    ['5', 5],
    [' 5\n', 5],
    ['+5', 5],
    ['-5', -5],
    ['007', 7],
    ['-0', 0],
    ['2147483647', 2147483647],
    ['-2147483648', -2147483648],
    ['12.0', 12],
    ['64.', 64],
    ['9011.0000000000', 9011],
    ['1.2345678E7', 12345678],
  ])('"%s" is read', (text, value) => {
    expect(decodeMObject(`<id>${text}</id>`).mObject).toEqual({ id: value });
  });

  test.each([
    '12.5',
    '64.00000000000000000001',
    '1.23456785E7',
    '1.0E10',
    '1e3',
    '0x10',
    '2147483648',
    '-2147483649',
    '1 2',
    'abc',
    '+',
    '٣',
    '1_000',
    '\u00a05',
    '9'.repeat(400),
  ])('"%s" is unreadable and counts as not sent', (text) => {
    const value = text.length > 100 ? `${text.slice(0, 100)}…` : text;
    expect(decodeMObject(`<id>${text}</id>`)).toEqual({
      mObject: {},
      unreadable: [{ element: 'id', value, expected: 'an integer from -2147483648 to 2147483647' }],
    });
  });
});

describe('a boolean', () => {
  const read = (text: string) => {
    const call = decode(
      envelope(`<m:paramsGetMObjects><includeDetails>${text}</includeDetails></m:paramsGetMObjects>`),
    );
    return { params: paramsOf('getMObjects', call), call };
  };

  test.each([
    ['true', true],
    ['1', true],
    [' false ', false],
    ['0', false],
  ])('"%s" is read', (text, value) => {
    expect(read(text).params).toEqual({ includeDetails: value });
  });

  test.each(['yes', 'TRUE', '2'])('"%s" is unreadable', (text) => {
    const { params, call } = read(text);
    expect(params).toEqual({});
    expect(call.unreadable.get(params)).toEqual([
      { element: 'includeDetails', value: text, expected: 'true, false, 1 or 0' },
    ]);
  });
});

describe('a value of a list of values', () => {
  test('is read with white space around it', () => {
    expect(paramsOf('syncMObjects', decode(syncWith('<operation>\n  UPSERT </operation>')))).toEqual({
      operation: 'UPSERT',
    });
  });

  test.each(['upsert', 'DELETE', 'constructor'])('that is not in it, "%s", is unreadable', (text) => {
    const call = decode(syncWith(`<operation>${text}</operation>`));
    const params = paramsOf('syncMObjects', call);
    expect(params).toEqual({});
    expect(call.unreadable.get(params)).toEqual([
      { element: 'operation', value: text, expected: 'one of UPSERT, INSERT, UPDATE' },
    ]);
  });
});

test('what is unreadable is noted for the message that it stands in', () => {
  const call = decode(
    syncWith(
      '<mObjectList><mObject><id>a</id></mObject><mObject/><mObject><id>b</id><id>c</id></mObject></mObjectList>',
    ),
  );
  const noted = paramsOf('syncMObjects', call).mObjectList?.mObject.map((mObject) =>
    call.unreadable.get(mObject)?.map(({ value }) => value),
  );
  expect(noted).toEqual([['a'], undefined, ['b', 'c']]);
});

test('a shortened unreadable value ends with a whole character', () => {
  const { unreadable } = decodeMObject(`<id>${'a'.repeat(99)}😀</id>`);
  expect(unreadable[0]?.value).toBe(`${'a'.repeat(99)}…`);
});

test('a dateTime is kept as the text that was sent, without the white space around it', () => {
  expect(decodeMObject('<createdAt> yesterday </createdAt>').mObject).toEqual({ createdAt: 'yesterday' });
});

describe('an abstract type', () => {
  const read = (selector: string) => {
    const call = decode(envelope(`<m:paramsGetMultipleLeads>${selector}</m:paramsGetMultipleLeads>`));
    return { call, params: paramsOf('getMultipleLeads', call) };
  };

  test.each(['m:StaticListSelector', 'StaticListSelector', ' m:StaticListSelector '])(
    'is told by xsi:type="%s"',
    (type) => {
      const { params } = read(
        `<leadSelector xsi:type="${type}"><staticListId>1</staticListId></leadSelector>`,
      );
      expect(params.leadSelector).toEqual({ $type: 'StaticListSelector', staticListId: 1 });
    },
  );

  test.each([
    ['<keyType>EMAIL</keyType>', { $type: 'LeadKeySelector', keyType: 'EMAIL' }],
    [
      '<keyValues><stringItem>1</stringItem></keyValues>',
      { $type: 'LeadKeySelector', keyValues: { stringItem: ['1'] } },
    ],
    ['<staticListId>1</staticListId>', { $type: 'StaticListSelector', staticListId: 1 }],
    ['<staticListName>A</staticListName>', { $type: 'StaticListSelector', staticListName: 'A' }],
    ['<oldestUpdatedAt>x</oldestUpdatedAt>', { $type: 'LastUpdateAtSelector', oldestUpdatedAt: 'x' }],
    ['<other/><latestUpdatedAt>x</latestUpdatedAt>', { $type: 'LastUpdateAtSelector', latestUpdatedAt: 'x' }],
  ])('is told by its children where xsi:type names none: %s', (children, selector) => {
    for (const tag of ['leadSelector', 'leadSelector xsi:type="m:MObject"']) {
      const { call, params } = read(`<${tag}>${children}</leadSelector>`);
      expect(params).toEqual({ leadSelector: selector });
      expect(call.unreadable.size).toBe(0);
    }
  });

  test('is what xsi:type says, also against its children, and with any prefix', () => {
    const { params } = read(
      '<leadSelector xsi:type="other:StaticListSelector" xmlns:other="urn:o"><keyType>EMAIL</keyType></leadSelector>',
    );
    expect(params.leadSelector).toEqual({ $type: 'StaticListSelector' });
  });

  test('of an unknown extension with unknown children is unreadable', () => {
    const { call, params } = read('<leadSelector xsi:type="m:MObject"><id>1</id></leadSelector>');
    expect(params).toEqual({});
    expect(call.unreadable.get(params)).toEqual([
      {
        element: 'leadSelector',
        value: 'm:MObject',
        expected: 'an xsi:type that names one of LastUpdateAtSelector, LeadKeySelector, StaticListSelector',
      },
    ]);
  });

  test('without xsi:type and children is unreadable', () => {
    const { call, params } = read('<leadSelector/>');
    expect(call.unreadable.get(params)?.[0]?.value).toBe('');
  });
});

test('xsi:type on any other message is ignored', () => {
  expect(decodeMObject('<externalKey xsi:type="m:Attribute"><name>N</name></externalKey>').mObject).toEqual({
    externalKey: { name: 'N' },
  });
});
