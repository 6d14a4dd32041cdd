import { describe, expect, test } from 'vitest';
import {
  decode,
  decodeMObject,
  decodeValue,
  envelope,
  faultOf,
  mkt,
  mObjectWith,
  paramsOf,
  soap,
  syncWith,
} from './decoding.ts';

const header = (content: string, attributes = '') =>
  `<S:Header><m:AuthenticationHeader${attributes}>${content}</m:AuthenticationHeader></S:Header>`;
const credentials =
  '<mktowsUserId>u</mktowsUserId><requestSignature>s</requestSignature><requestTimestamp>t</requestTimestamp>';
const list = '<m:paramsListMObjects/>';

describe('which operation it is', () => {
  test("is told by Body's first child", () => {
    const call = decode(
      envelope('<m:paramsDescribeMObject><objectName>Opportunity</objectName></m:paramsDescribeMObject>'),
    );
    expect(call.requestElement).toBe('paramsDescribeMObject');
    expect(paramsOf('describeMObject', call)).toEqual({ objectName: 'Opportunity' });
  });

  test('is told by an unqualified child of Body too', () => {
    expect(decode(envelope('<paramsListMObjects/>')).operation).toBe('listMObjects');
  });

  test('is not looked for behind the first child', () => {
    const call = decode(envelope(`<m:paramsUnheardOf><a/></m:paramsUnheardOf>${list}`));
    expect(call).toMatchObject({
      requestElement: 'paramsUnheardOf',
      operation: undefined,
      params: undefined,
    });
  });

  test('is unknown for a request element in a foreign namespace', () => {
    const call = decode(envelope('<x:paramsListMObjects xmlns:x="urn:x"/>'));
    expect(call).toMatchObject({ requestElement: 'paramsListMObjects', operation: undefined });
  });
});

describe('authentication', () => {
  test('is read from Header', () => {
    expect(decode(envelope(list, header(credentials))).authentication).toEqual({
      mktowsUserId: 'u',
      requestSignature: 's',
      requestTimestamp: 't',
    });
  });

  test('is read from an unqualified header block', () => {
    const bare =
      '<S:Header><AuthenticationHeader><mktowsUserId>u</mktowsUserId></AuthenticationHeader></S:Header>';
    expect(decode(envelope(list, bare)).authentication).toEqual({ mktowsUserId: 'u' });
  });

  test('is absent without a Header', () => {
    expect(decode(envelope(list)).authentication).toBeUndefined();
  });

  test('keeps what was signed exactly as it was sent', () => {
    const sent = header('<mktowsUserId> u </mktowsUserId><requestTimestamp> 2026 </requestTimestamp>');
    expect(decode(envelope(list, sent)).authentication).toEqual({
      mktowsUserId: ' u ',
      requestTimestamp: ' 2026 ',
    });
  });

  test('is never read from Body, where soap4r repeats it empty', () => {
    const call = decode(envelope(`<m:AuthenticationHeader>${credentials}</m:AuthenticationHeader>${list}`));
    expect(call).toMatchObject({ authentication: undefined, operation: 'listMObjects' });
  });

  test('in Header stands when soap4r repeats it empty in Body', () => {
    const call = decode(envelope(`<m:AuthenticationHeader/>${list}`, header(credentials)));
    expect(call.authentication?.mktowsUserId).toBe('u');
  });

  test('is not read from a Header behind Body', () => {
    const text = `<S:Envelope ${soap} ${mkt}><S:Body>${list}</S:Body>${header(credentials)}</S:Envelope>`;
    expect(decode(text).authentication).toBeUndefined();
  });

  test('may have mustUnderstand="1"', () => {
    const call = decode(envelope(list, header(credentials, ' S:mustUnderstand="1"')));
    expect(call.authentication?.mktowsUserId).toBe('u');
  });
});

describe('other headers', () => {
  const block = (attributes: string) =>
    envelope(list, `<S:Header><x:Tx xmlns:x="urn:x" ${attributes}><deep/></x:Tx></S:Header>`);

  test('are ignored', () => {
    expect(decode(block('')).operation).toBe('listMObjects');
  });

  test.each([
    ['without an actor', 'S:mustUnderstand="1"'],
    ['with an empty actor', 'S:mustUnderstand="1" S:actor=""'],
    ['for the next actor', 'S:mustUnderstand="1" S:actor="http://schemas.xmlsoap.org/soap/actor/next"'],
  ])('that must be understood are refused by name, %s', (_, attributes) => {
    expect(faultOf(() => decode(block(attributes)))).toMatchObject({
      code: 20012,
      form: 'MustUnderstand',
      message: expect.stringContaining('{urn:x}Tx'),
    });
  });

  test.each([
    ['mustUnderstand="0"', 'S:mustUnderstand="0"'],
    ['mustUnderstand in no namespace', 'mustUnderstand="1"'],
    ['another actor', 'S:mustUnderstand="1" S:actor="urn:someone-else"'],
  ])('are ignored with %s', (_, attributes) => {
    expect(decode(block(attributes)).operation).toBe('listMObjects');
  });

  test.each([
    ['<targetWorkspace>Europe</targetWorkspace>', 'Europe'],
    ['', undefined],
  ])('MktowsContextHeader %s names the workspace %s', (content, workspace) => {
    const context = `<S:Header><m:MktowsContextHeader>${content}</m:MktowsContextHeader></S:Header>`;
    expect(decode(envelope('<m:paramsSyncLead/>', context)).targetWorkspace).toBe(workspace);
  });

  test('MktowsContextHeader is known, so it may have to be understood', () => {
    const context =
      '<S:Header><m:MktowsContextHeader S:mustUnderstand="1"><targetWorkspace>w</targetWorkspace></m:MktowsContextHeader></S:Header>';
    expect(decode(envelope(list, context)).operation).toBe('listMObjects');
  });
});

describe('the envelope', () => {
  test('of SOAP 1.2 is a VersionMismatch', () => {
    const text = `<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Body>${list}</S:Body></S:Envelope>`;
    expect(faultOf(() => decode(text))).toMatchObject({
      code: 20012,
      form: 'VersionMismatch',
      message: expect.stringContaining('SOAP 1.2'),
    });
  });

  test.each(['urn:x', ''])('in the namespace "%s" is a VersionMismatch', (namespace) => {
    expect(faultOf(() => decode(`<Envelope xmlns="${namespace}"/>`)).form).toBe('VersionMismatch');
  });

  test.each([
    ['another root', '<html/>', 'The root element is "html"'],
    ['no Body', `<S:Envelope ${soap}/>`, 'no Body'],
    ['a Body of another namespace', `<S:Envelope ${soap}><Body><a/></Body></S:Envelope>`, 'no Body'],
    ['an empty Body', envelope('  <!-- nothing -->  '), 'Body is empty'],
    ['only a repeated header in Body', envelope('<m:AuthenticationHeader/>'), 'Body is empty'],
  ])('with %s is refused', (_, text, message) => {
    expect(faultOf(() => decode(text))).toMatchObject({
      code: 20012,
      form: undefined,
      message: expect.stringContaining(message),
    });
  });

  test('may have children that nobody knows', () => {
    const text = `<S:Envelope ${soap} ${mkt}><x/><S:Header/><y><S:Body/></y><S:Body>${list}</S:Body><z/></S:Envelope>`;
    expect(decode(text).operation).toBe('listMObjects');
  });
});

describe('names', () => {
  const expected = { mObjectList: { mObject: [{ type: 'Opportunity' }] }, operation: 'INSERT' };
  const read = (text: string) => paramsOf('syncMObjects', decode(text));

  test('may have two prefixes for one namespace', () => {
    const text = `<S:Envelope ${soap} xmlns:T="http://schemas.xmlsoap.org/soap/envelope/" ${mkt} xmlns:n="http://www.marketo.com/mktows/"><T:Body><m:paramsSyncMObjects><n:mObjectList><m:mObject><n:type>Opportunity</n:type></m:mObject></n:mObjectList><operation>INSERT</operation></m:paramsSyncMObjects></T:Body></S:Envelope>`;
    expect(read(text)).toEqual(expected);
  });

  test('may stand in a default namespace that children take back', () => {
    const text = `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><paramsSyncMObjects xmlns="http://www.marketo.com/mktows/"><mObjectList xmlns=""><mObject><type>Opportunity</type></mObject></mObjectList><operation xmlns="">INSERT</operation></paramsSyncMObjects></Body></Envelope>`;
    expect(read(text)).toEqual(expected);
  });

  test('may stand in a default namespace that children keep', () => {
    const text = `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><paramsSyncMObjects xmlns="http://www.marketo.com/mktows/"><mObjectList><mObject><type>Opportunity</type></mObject></mObjectList><operation>INSERT</operation></paramsSyncMObjects></Body></Envelope>`;
    expect(read(text)).toEqual(expected);
  });

  test('of a foreign namespace are unknown', () => {
    expect(decodeMObject('<x:type xmlns:x="urn:x">Program</x:type><id>1</id>').mObject).toEqual({ id: 1 });
  });

  test.each(['associationList', 'mObjAssociationList'])(
    '%s is the association list of an mObject',
    (name) => {
      const { mObject } = decodeMObject(
        `<${name}><mObjAssociation><mObjType>Lead</mObjType></mObjAssociation></${name}>`,
      );
      expect(mObject).toEqual({ associationList: { mObjAssociation: [{ mObjType: 'Lead' }] } });
    },
  );

  test.each(['__proto__', 'constructor', 'toString'])('%s is an unknown element like any other', (name) => {
    expect(decodeMObject(`<${name}>x</${name}><id>1</id>`).mObject).toEqual({ id: 1 });
  });
});

describe('unknown elements', () => {
  test('are passed over with all they hold', () => {
    const { mObject } = decodeMObject('<new><id>2</id><type>x</type>text</new><id>1</id>');
    expect(mObject).toEqual({ id: 1 });
  });

  test('are passed over beside the parameters', () => {
    expect(
      paramsOf(
        'syncMObjects',
        decode(syncWith('<x><operation>UPDATE</operation></x><operation>INSERT</operation>')),
      ),
    ).toEqual({
      operation: 'INSERT',
    });
  });

  test('inside a simple value make it unreadable, so that its text is not cut', () => {
    const { mObject, unreadable } = decodeMObject('<type>a<b>x</b>c</type>');
    expect(mObject).toEqual({});
    expect(unreadable).toEqual([
      { element: 'type', value: 'ac', expected: 'text without elements in it, such as <b>' },
    ]);
  });

  test.each(['item', 'MObject', 'x:mObject'])('of which a list consists make it unreadable: %s', (name) => {
    const call = decode(
      syncWith(`<mObjectList xmlns:x="urn:x"><${name}><type>Opportunity</type></${name}></mObjectList>`),
    );
    const { local = name } = /:(?<local>.*)/.exec(name)?.groups ?? {};
    expect(call.unreadable.get(call.params as object)).toEqual([
      { element: 'mObjectList', value: `<${local}>`, expected: 'mObject elements', isList: true },
    ]);
  });

  test('in a list beside its own are passed over', () => {
    const call = decode(syncWith('<mObjectList><item/><mObject/></mObjectList>'));
    expect(paramsOf('syncMObjects', call).mObjectList?.mObject).toEqual([{}]);
    expect(call.unreadable.size).toBe(0);
  });

  test('do not make text between elements count', () => {
    expect(decodeMObject('stray<id>1</id>text').mObject).toEqual({ id: 1 });
  });
});

describe('text', () => {
  test.each([
    ['CDATA', '<value>a<![CDATA[ <b> & ]]>c</value>', 'a <b> & c'],
    ['character references', '<value>a&#x20;&#233;&#x1F600;&amp;&lt;&gt;&quot;&apos;</value>', 'a é😀&<>"\''],
    ['comments', '<value>a<!-- x -->b</value>', 'ab'],
    ['processing instructions', '<value>a<?x y?>b</value>', 'ab'],
    ['line ends of every kind', '<value>a\r\nb\rc\nd&#13;e</value>', 'a\nb\nc\nd\re'],
    ['white space', '<value> a \t</value>', ' a \t'],
    ['nothing but white space', '<value> </value>', ' '],
  ])('with %s is read', (_, element, value) => {
    expect(decodeValue(element)).toBe(value);
  });

  test('that SOAP::Lite sent as base64 is decoded', () => {
    expect(decodeValue('<value xsi:type="xsd:base64Binary">WsOrIOKCrA==</value>')).toBe('Zë €');
  });

  test('that SOAP::Lite sent as base64 of a Latin-1 string is decoded', () => {
    expect(decodeValue('<value xsi:type="xsd:base64Binary">Wm/rIHBlcmw=</value>')).toBe('Zoë perl');
  });

  test('of another xsi:type is taken as it is', () => {
    expect(decodeValue('<value xsi:type="xsd:string">WsOr</value>')).toBe('WsOr');
    expect(decodeValue('<value xsi:type="base64Binary">WsOr</value>')).toBe('WsOr');
    expect(decodeValue('<value xsi:type="nobody:base64Binary">WsOr</value>')).toBe('WsOr');
  });

  test.each([
    ['is not base64', 'Ws=='],
    ['has other characters', 'WsOr!!!!'],
    ['holds what XML cannot', 'AA=='],
  ])('that claims to be base64 and %s is unreadable', (_, text) => {
    const call = decode(
      mObjectWith(`<externalKey><value xsi:type="xsd:base64Binary">${text}</value></externalKey>`),
    );
    const key = paramsOf('syncMObjects', call).mObjectList?.mObject[0]?.externalKey;
    expect(key).toEqual({});
    expect(call.unreadable.get(key as object)).toEqual([
      { element: 'value', value: text, expected: 'base64 of text, as its xsi:type says' },
    ]);
  });
});

describe('nil and empty', () => {
  test.each([
    ['an empty element', '<value/>', ''],
    ['an element without text', '<value></value>', ''],
    ['xsi:nil="true"', '<value xsi:nil="true"/>', undefined],
    ['xsi:nil="1"', '<value xsi:nil="1"></value>', undefined],
    ['xsi:nil="false"', '<value xsi:nil="false">x</value>', 'x'],
    ['xsi:nil and text', '<value xsi:nil="true">x</value>', undefined],
    ['nothing', '', undefined],
  ])('of a string: %s', (_, element, value) => {
    expect(decodeValue(element)).toBe(value);
  });

  test.each(['<id/>', '<id></id>', '<id>  </id>', '<id xsi:nil="true"/>', '<id xsi:nil="1"/>'])(
    'of an integer: %s is not sent',
    (element) => {
      expect(decodeMObject(element)).toEqual({ mObject: {}, unreadable: [] });
    },
  );

  test('is null where the schema lets an element be nil', () => {
    const call = decode(
      envelope('<m:paramsSyncCustomObjects><operation xsi:nil="true"/></m:paramsSyncCustomObjects>'),
    );
    expect(paramsOf('syncCustomObjects', call)).toEqual({ operation: null });
  });

  test('of a message: nil is not sent, and what it holds is passed over', () => {
    expect(decodeMObject('<attribList xsi:nil="true"><attrib/></attribList>').mObject).toEqual({});
  });

  test('of a row: nil keeps its place, and is unreadable', () => {
    const call = decode(syncWith('<mObjectList><mObject xsi:nil="true"/><mObject/></mObjectList>'));
    const [nil, empty] = paramsOf('syncMObjects', call).mObjectList?.mObject ?? [];
    expect(call.unreadable.get(nil as object)).toEqual([
      { element: 'mObject', value: 'nil', expected: 'an object' },
    ]);
    expect(call.unreadable.get(empty as object)).toBeUndefined();
  });

  test('of another list item: nil is no item', () => {
    expect(decodeMObject('<attribList><attrib xsi:nil="1"/><attrib/></attribList>').mObject).toEqual({
      attribList: { attrib: [{}] },
    });
  });

  test('of a list: empty is an empty list', () => {
    expect(paramsOf('syncMObjects', decode(syncWith('<mObjectList/>')))).toEqual({
      mObjectList: { mObject: [] },
    });
  });

  test('of a list: left out is not sent', () => {
    expect(paramsOf('syncMObjects', decode(syncWith('')))).toEqual({});
  });
});

describe('repeated elements', () => {
  test('that occur once: the last counts', () => {
    expect(decodeMObject('<id>1</id><id>2</id>').mObject).toEqual({ id: 2 });
  });

  test('that are lists are joined', () => {
    const call = decode(
      syncWith(
        '<mObjectList><mObject><id>1</id></mObject></mObjectList><mObjectList><mObject><id>2</id></mObject></mObjectList>',
      ),
    );
    expect(paramsOf('syncMObjects', call).mObjectList?.mObject).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test('that are lists of one mObject each without mObject, as ClearFit deletes, are one mObject each', () => {
    const bare = (id: number) => `<mObjectList><type>Opportunity</type><id>${id}</id></mObjectList>`;
    const call = decode(envelope(`<m:paramsDeleteMObjects>${bare(1)}${bare(2)}</m:paramsDeleteMObjects>`));
    expect(paramsOf('deleteMObjects', call)).toEqual({
      mObjectList: {
        mObject: [
          { type: 'Opportunity', id: 1 },
          { type: 'Opportunity', id: 2 },
        ],
      },
    });
  });

  test('a list may mix items with and without their own element', () => {
    const call = decode(
      syncWith(
        '<mObjectList><mObject><id>1</id></mObject><id>2</id><mObject><id>3</id></mObject><type>T</type></mObjectList>',
      ),
    );
    expect(paramsOf('syncMObjects', call).mObjectList?.mObject).toEqual([
      { id: 1 },
      { id: 2, type: 'T' },
      { id: 3 },
    ]);
  });
});

describe('an array of SOAP encoding', () => {
  const array =
    'xmlns:e="http://schemas.xmlsoap.org/soap/encoding/" xsi:type="e:Array" e:arrayType="xsd:anyType[2]"';
  const rowsOf = (content: string) =>
    paramsOf('syncMObjects', decode(syncWith(content))).mObjectList?.mObject;
  const both = [{ id: 1 }, { id: 2 }];

  test.each([
    ['as the list', `<mObjectList ${array}><item><id>1</id></item><item><id>2</id></item></mObjectList>`],
    [
      'as the list, with names of all kinds',
      `<mObjectList ${array}><e:Struct><id>1</id></e:Struct><mObject><id>2</id></mObject></mObjectList>`,
    ],
    [
      'as the repeated element',
      `<mObjectList><mObject ${array}><item><id>1</id></item><item><id>2</id></item></mObject></mObjectList>`,
    ],
    [
      'as two repeated elements',
      `<mObjectList><mObject ${array}><item><id>1</id></item></mObject><mObject ${array}><item><id>2</id></item></mObject></mObjectList>`,
    ],
    [
      'by its arrayType alone',
      `<mObjectList xmlns:e="http://schemas.xmlsoap.org/soap/encoding/" e:arrayType="m:MObject[2]"><item><id>1</id></item><item><id>2</id></item></mObjectList>`,
    ],
  ])('is a list of its children %s', (_, content) => {
    expect(rowsOf(content)).toEqual(both);
  });

  test('can be inside another', () => {
    const attribs = `<attribList ${array}><item><name>A</name></item><item><name>B</name></item></attribList>`;
    expect(rowsOf(`<mObjectList ${array}><item>${attribs}</item></mObjectList>`)).toEqual([
      { attribList: { attrib: [{ name: 'A' }, { name: 'B' }] } },
    ]);
  });

  test('can have simple values', () => {
    const content = `<tagList><tag><values><stringItem ${array}><item>a</item><item>b</item></stringItem></values></tag></tagList>`;
    const call = decode(envelope(`<m:paramsGetTags>${content}</m:paramsGetTags>`));
    expect(paramsOf('getTags', call).tagList?.tag[0]?.values).toEqual({ stringItem: ['a', 'b'] });
  });

  test('keeps the place of what is nil', () => {
    expect(
      rowsOf(`<mObjectList ${array}><item xsi:nil="1"/><item><id>2</id></item></mObjectList>`),
    ).toHaveLength(2);
  });
});

test('an attribute with a prefix that is not bound is ignored', () => {
  const request = syncWith('<mObjectList><mObject zzz:nil="true"><id>1</id></mObject></mObjectList>');
  expect(paramsOf('syncMObjects', decode(request)).mObjectList?.mObject).toEqual([{ id: 1 }]);
});

test('zeros behind the root element are skipped, and only there', () => {
  expect(decode(`${envelope(list)}\0\n\0`).operation).toBe('listMObjects');
  expect(faultOf(() => decode(`\0${envelope(list)}`)).form).toBe('malformed');
  expect(faultOf(() => decode(envelope(`${list}\0`))).form).toBe('malformed');
});

test('an AuthenticationHeader of any namespace counts', () => {
  const foreign = `<S:Header><x:AuthenticationHeader xmlns:x="urn:x">${credentials}</x:AuthenticationHeader></S:Header>`;
  expect(decode(envelope(list, foreign)).authentication?.mktowsUserId).toBe('u');
});

describe('a lead', () => {
  test('is read with the elements in wrong case that clients send', () => {
    const lead =
      '<id>5</id><leadId>6</leadId><email>a@example.com</email><foreignSysPersonId>7</foreignSysPersonId>';
    const call = decode(envelope(`<m:paramsSyncLead><leadRecord>${lead}</leadRecord></m:paramsSyncLead>`));
    expect(paramsOf('syncLead', call)).toEqual({
      leadRecord: { id: 5, leadId: 6, email: 'a@example.com' },
    });
  });
});
