import { describe, expect, test } from 'vitest';
import { decode, envelope, faultOf, mObjectWith, paramsOf, syncWith } from './decoding.ts';

const mObjects = (content: string, maxElements?: number) => {
  const caps = maxElements === undefined ? {} : { maxElements };
  const call = decode(syncWith(`<mObjectList>${content}</mObjectList>`), { caps });
  return paramsOf('syncMObjects', call).mObjectList?.mObject ?? [];
};
const attrib = (name: string, attributes = '') => `<attrib${attributes}><name>${name}</name></attrib>`;

describe('a reference', () => {
  test('to an mObject is that mObject', () => {
    const [first, second] = mObjects('<mObject id="r"><id>1</id></mObject><mObject href="#r"/>');
    expect(first).toEqual({ id: 1 });
    expect(second).toBe(first);
  });

  test('to an attrib is that attrib', () => {
    const [first, second] = mObjects(
      `<mObject><attribList>${attrib('A', ' id="a"')}</attribList></mObject><mObject><attribList><attrib href="#a"/>${attrib('B')}</attribList></mObject>`,
    );
    expect(second?.attribList?.attrib).toEqual([{ name: 'A' }, { name: 'B' }]);
    expect(second?.attribList?.attrib[0]).toBe(first?.attribList?.attrib[0]);
  });

  test('to an attribList is that list', () => {
    const [first, second] = mObjects(
      `<mObject><attribList id="l">${attrib('A')}</attribList></mObject><mObject><attribList href="#l"/></mObject>`,
    );
    expect(second?.attribList).toBe(first?.attribList);
  });

  test('to a simple value is that value', () => {
    expect(
      mObjects('<mObject><type id="t">Program</type></mObject><mObject><type href="#t"/></mObject>')[1],
    ).toEqual({
      type: 'Program',
    });
  });

  test('to what holds references is resolved all through', () => {
    const [, second] = mObjects(
      `<mObject id="m"><externalKey id="k"><name>K</name></externalKey><attribList><attrib href="#k"/></attribList></mObject><mObject href="#m"/>`,
    );
    expect(second).toEqual({ externalKey: { name: 'K' }, attribList: { attrib: [{ name: 'K' }] } });
  });

  test('shares what was unreadable', () => {
    const call = decode(
      syncWith('<mObjectList><mObject id="r"><id>x</id></mObject><mObject href="#r"/></mObjectList>'),
    );
    const second = paramsOf('syncMObjects', call).mObjectList?.mObject[1];
    expect(call.unreadable.get(second as object)).toHaveLength(1);
  });

  test('does not let a list that is sent twice change the list referred to', () => {
    const [first, second] = mObjects(
      `<mObject><attribList id="l">${attrib('A')}</attribList></mObject><mObject><attribList href="#l"/><attribList>${attrib('B')}</attribList></mObject>`,
    );
    expect(first?.attribList?.attrib).toEqual([{ name: 'A' }]);
    expect(second?.attribList?.attrib).toEqual([{ name: 'A' }, { name: 'B' }]);
  });
});

describe('a reference is refused', () => {
  test.each([
    ['to nothing', '<mObject href="#r"/>', 'href="#r" refers to no element of Body that can be read so'],
    [
      'to an element that encloses it',
      '<mObject id="r"><externalKey href="#r"/></mObject>',
      'href="#r" refers to an element that encloses it',
    ],
    [
      'to itself',
      '<mObject id="r" href="#r"/>',
      'href="#r" refers to no element of Body that can be read so',
    ],
    [
      'to another type',
      '<mObject id="r"/><mObject><externalKey href="#r"/></mObject>',
      'href="#r" refers to an element of another type',
    ],
    [
      'out of the document',
      '<mObject href="cid:r"/>',
      'href="cid:r" refers to nothing that stands before it',
    ],
    [
      'with elements inside',
      '<mObject id="r"/><mObject href="#r"><id>1</id></mObject>',
      'An element with href="#r" must be empty',
    ],
    [
      'with text inside',
      '<mObject><type id="r">T</type></mObject><mObject><type href="#r">U</type></mObject>',
      'An element with href="#r" must be empty',
    ],
    ['to an id that occurs twice', '<mObject id="r"/><mObject id="r"/>', 'The id "r" occurs twice'],
  ])('%s', (_, content, message) => {
    expect(faultOf(() => mObjects(content))).toMatchObject({
      code: 20012,
      message: expect.stringContaining(message),
    });
  });

  test('with a line and column', () => {
    expect(faultOf(() => decode(mObjectWith('\n  <externalKey href="cid:r"/>'))).message).toMatch(
      /\(line 2, column 29\)$/,
    );
  });
});

describe('a reference counts as what it refers to', () => {
  // Envelope, Body, request element and list are 4 elements; the mObject with its attribute list 5.
  const target = `<mObject id="r"><attribList>${attrib('A')}</attribList><type>T</type></mObject>`;

  test('up to the cap on elements', () => {
    expect(mObjects(`${target}<mObject href="#r"/>`, 14)).toHaveLength(2);
  });

  test('and not beyond it', () => {
    expect(faultOf(() => mObjects(`${target}<mObject href="#r"/>`, 13)).message).toMatch(
      /more than 13 elements/,
    );
  });

  test('its own references among them', () => {
    const nested =
      '<mObject id="s"><externalKey id="k"><name>K</name></externalKey><attribList><attrib href="#k"/></attribList></mObject>';
    expect(mObjects(`${nested}<mObject href="#s"/>`, 16)).toHaveLength(2);
    expect(faultOf(() => mObjects(`${nested}<mObject href="#s"/>`, 15)).code).toBe(20012);
  });

  test('so that many references to much are refused before they cost anything', () => {
    const attribs = attrib('A').repeat(20_000);
    const lists = '<mObject><attribList href="#l"/></mObject>'.repeat(20_000);
    const started = performance.now();
    const fault = faultOf(() =>
      mObjects(`<mObject><attribList id="l">${attribs}</attribList></mObject>${lists}`),
    );
    expect(fault.message).toMatch(/more than 200000 elements/);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('so that a list sent again and again by reference is refused too', () => {
    const again = '<attribList href="#l"/>'.repeat(100_000);
    const fault = faultOf(() =>
      mObjects(
        `<mObject><attribList id="l">${attrib('A').repeat(100)}</attribList></mObject><mObject>${again}</mObject>`,
      ),
    );
    expect(fault.message).toMatch(/more than 200000 elements/);
  });
});

describe('a reference to what follows', () => {
  /** The mObjects of a request with this in its list and that behind its request element. */
  const withOthers = (content: string, others: string, caps = {}) => {
    const request = `<m:paramsSyncMObjects><mObjectList>${content}</mObjectList></m:paramsSyncMObjects>${others}`;
    return decode(envelope(request), { caps });
  };
  const rowsOf = (content: string, others = '') =>
    paramsOf('syncMObjects', withOthers(content, others)).mObjectList?.mObject ?? [];
  const row = (inside: string) => `<mObject><attribList>${inside}</attribList></mObject>`;
  const key = '<name>Name</name><value>shared</value>';
  const shared = { name: 'Name', value: 'shared' };

  test('in the same list is that mObject', () => {
    expect(rowsOf('<mObject href="#r"/><mObject id="r"><id>1</id></mObject>')).toEqual([
      { id: 1 },
      { id: 1 },
    ]);
  });

  test('behind the request element is read as what refers to it', () => {
    const rows = rowsOf(row('<attrib href="#ref-9"/>').repeat(2), `<c-gensym8 id="ref-9">${key}</c-gensym8>`);
    expect(rows).toEqual([{ attribList: { attrib: [shared] } }, { attribList: { attrib: [shared] } }]);
  });

  test('in an unknown element of the message is found', () => {
    expect(rowsOf(`${row('<attrib href="#k"/>')}<new><x id="k">${key}</x></new>`)[0]).toEqual({
      attribList: { attrib: [shared] },
    });
  });

  test('leads on to others, of any type', () => {
    const others =
      '<multiRef id="o"><type href="#t"/><externalKey href="#k"/><attribList href="#l"/></multiRef>' +
      `<multiRef id="l"><attrib href="#k"/><attrib href="#k"/></multiRef><multiRef id="k">${key}</multiRef>` +
      '<multiRef id="t">Opportunity</multiRef>';
    expect(rowsOf('<mObject href="#o"/>', others)).toEqual([
      { type: 'Opportunity', externalKey: shared, attribList: { attrib: [shared, shared] } },
    ]);
  });

  test('is in its place among the others', () => {
    const rows = rowsOf(
      '<mObject><id>1</id></mObject><mObject href="#o"/><mObject><id>3</id></mObject>',
      '<o id="o"><id>2</id></o>',
    );
    expect(rows.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  test('of a list is joined with what is sent beside it', () => {
    const content = `<mObject><attribList href="#l"/><attribList>${attrib('B')}</attribList></mObject>`;
    expect(rowsOf(content, `<l id="l">${attrib('A')}</l>`)[0]?.attribList?.attrib).toEqual([
      { name: 'A' },
      { name: 'B' },
    ]);
  });

  test('can be an array of SOAP encoding', () => {
    const array = `<a id="a" xmlns:e="http://schemas.xmlsoap.org/soap/encoding/" xsi:type="e:Array"><item><id>1</id></item><item href="#b"/></a>`;
    const call = decode(
      envelope(
        `<m:paramsSyncMObjects><mObjectList href="#a"/></m:paramsSyncMObjects>${array}<b id="b"><id>2</id></b>`,
      ),
    );
    expect(paramsOf('syncMObjects', call).mObjectList?.mObject).toEqual([{ id: 1 }, { id: 2 }]);
    expect(rowsOf('<mObject href="#a"/>', `${array}<b id="b"><id>2</id></b>`)).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
  });

  test('can be a reference itself', () => {
    expect(
      rowsOf('<mObject href="#a"/>', '<a id="a" href="#b"/><b id="b"><id href="#c"/></b><c id="c">7</c>'),
    ).toEqual([{ id: 7 }]);
  });

  test('shares what is unreadable', () => {
    const call = withOthers(
      '<mObject href="#o"/><mObject><id href="#i"/></mObject>',
      '<o id="o"><id>x</id></o><i id="i">y</i>',
    );
    const rows = paramsOf('syncMObjects', call).mObjectList?.mObject ?? [];
    expect(rows.map((each) => call.unreadable.get(each)?.[0]?.value)).toEqual(['x', 'y']);
  });

  test.each([
    [
      'to what encloses it',
      '<mObject href="#o"/>',
      '<o id="o"><attribList href="#o"/></o>',
      'an element that encloses it',
    ],
    [
      'in a circle',
      '<mObject href="#o"/>',
      '<o id="o"><attribList href="#p"/></o><p id="p"><attrib href="#o"/></p>',
      'an element that encloses it',
    ],
    [
      'of another type',
      '<mObject href="#r"/><mObject><externalKey id="r"/></mObject>',
      '',
      'an element of another type',
    ],
  ])('is refused %s', (_, content, others, message) => {
    expect(faultOf(() => rowsOf(content, others))).toMatchObject({
      code: 20012,
      message: expect.stringContaining(message),
    });
  });

  test('is refused if its id occurs twice', () => {
    expect(faultOf(() => rowsOf('<mObject href="#o"/>', '<o id="o"/><o id="o"/>')).message).toContain(
      'occurs twice',
    );
  });

  test('is refused in Header', () => {
    const header =
      '<S:Header><m:AuthenticationHeader><mktowsUserId href="#u"/></m:AuthenticationHeader></S:Header>';
    const request = envelope('<m:paramsListMObjects/><u id="u">x</u>', header);
    expect(faultOf(() => decode(request)).message).toContain('refers to nothing that stands before it');
  });

  test('leads over 64 others at most', () => {
    const chain = (length: number) =>
      `${Array.from({ length }, (_, at) => `<o id="o${at}" href="#o${at + 1}"/>`).join('')}<o id="o${length}"><id>7</id></o>`;
    expect(rowsOf('<mObject href="#o0"/>', chain(63))).toEqual([{ id: 7 }]);
    for (const length of [64, 60_000]) {
      expect(faultOf(() => rowsOf('<mObject href="#o0"/>', chain(length)))).toMatchObject({
        code: 20012,
        message: expect.stringContaining('over 64 references away'),
      });
    }
  });

  test('counts as what it refers to, up to the cap on elements and not beyond it', () => {
    // Envelope, Body, request element and list are 4 elements, both mObjects 2, what they refer to 4, and that again twice.
    const of = (maxElements: number) =>
      withOthers(
        '<mObject href="#o"/><mObject href="#o"/>',
        '<o id="o"><externalKey><name>A</name></externalKey><id>1</id></o>',
        { maxElements },
      );
    expect(of(16).operation).toBe('syncMObjects');
    expect(faultOf(() => of(15)).message).toMatch(/more than 15 elements/);
  });

  test.each([
    ['before it', (list: string) => `<mObject><attribList id="l">${list}</attribList></mObject>`, () => ''],
    ['behind it', () => '', (list: string) => `<l id="l">${list}</l>`],
  ])('counts as the text that stands %s', (_, before, behind) => {
    const list = attrib('A'.repeat(1000));
    const rows = `<mObject id="r"><attribList href="#l"/></mObject>${'<mObject href="#r"/>'.repeat(19)}`;
    const of = (maxBytes: number) => withOthers(before(list) + rows, behind(list), { maxBytes });
    expect(of(21_000).operation).toBe('syncMObjects');
    expect(faultOf(() => of(19_999)).message).toMatch(/text is longer than 19999 characters/);
  });

  test('is refused where the text becomes too long, and nothing behind it is read', () => {
    const text = `<attrib id="t"><name>${'A'.repeat(100_000)}</name></attrib>`;
    const content = `<mObject><attribList>${text}${'<attrib href="#t"/>'.repeat(60_000)}</attribList></mObject>`;
    const { message } = faultOf(() => withOthers(content, '', { maxBytes: 2_000_000 }));
    expect(message).toMatch(/text is longer than 2000000 characters/);
    const column = Number(/column (\d+)/.exec(message)?.[1]);
    expect(column).toBeGreaterThan(100_000);
    expect(column).toBeLessThan(102_000);
  });

  test('does not count twice in a chain outside the request', () => {
    const chain = Array.from({ length: 20 }, (_, at) => `<o id="o${at}" href="#o${at + 1}"/>`).join('');
    const end = `<o id="o20"><externalKey><name>${'A'.repeat(1000)}</name></externalKey></o>`;
    expect(withOthers('<mObject href="#o0"/>', chain + end, { maxBytes: 3_000 }).operation).toBe(
      'syncMObjects',
    );
  });

  test('counts inside what others refer to', () => {
    const attribs = attrib('A').repeat(1000);
    const content = `<mObject id="r"><attribList href="#l"/></mObject>${'<mObject href="#r"/>'.repeat(5000)}`;
    const other = `<l id="l">${attribs}</l>`;
    expect(faultOf(() => withOthers(content, other)).message).toMatch(/more than 200000 elements/);
  });
});
