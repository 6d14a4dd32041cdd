import { describe, expect, test } from 'vitest';
import { decode, faultOf, mObjectWith, paramsOf, syncWith } from './decoding.ts';

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
    ['to nothing', '<mObject href="#r"/>', 'href="#r" refers to nothing that stands before it'],
    ['forward', '<mObject href="#r"/><mObject id="r"/>', 'href="#r" refers to nothing that stands before it'],
    [
      'to an element that encloses it',
      '<mObject id="r"><externalKey href="#r"/></mObject>',
      'href="#r" refers to an element that encloses it',
    ],
    ['to itself', '<mObject id="r" href="#r"/>', 'href="#r" refers to nothing that stands before it'],
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
      'to an unknown element',
      '<new id="r"/><mObject href="#r"/>',
      'href="#r" refers to nothing that stands before it',
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

  test('with its line and column', () => {
    expect(faultOf(() => decode(mObjectWith('\n  <externalKey href="#r"/>'))).message).toMatch(
      /\(line 2, column 26\)$/,
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
