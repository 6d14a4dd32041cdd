import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { operationNames } from '../../src/contract/operations.ts';
import { writeWsdl } from '../../src/wire/wsdl.ts';
import { wsdlMeaning } from './wsdl-meaning.ts';

const address = 'http://localhost:8980/soap/mktows/2_7';
const reference = wsdlMeaning(readFileSync(new URL('reference.wsdl', import.meta.url), 'utf8'));
const written = wsdlMeaning(writeWsdl(address));

describe('the WSDL means what the reference means', () => {
  test.each(Object.keys(reference) as (keyof typeof reference)[])('in its %s', (part) => {
    expect(written[part]).toEqual(reference[part]);
  });

  test('and the reference was read to its full extent', () => {
    expect(Object.keys(reference.portType.operations)).toHaveLength(23);
    expect(Object.keys(reference.messages)).toHaveLength(46);
    expect(Object.keys(reference.globalElements)).toHaveLength(48);
    expect(Object.keys(reference.types).length).toBeGreaterThan(100);
    expect(reference.types.MObjStatus?.elements[0]).toEqual({
      name: 'id',
      type: '{http://www.w3.org/2001/XMLSchema}int',
      minOccurs: '1',
      maxOccurs: '1',
      nillable: 'true',
    });
  });
});

test('the operations stand in the order of the contract', () => {
  expect(Object.keys(written.portType.operations)).toEqual(operationNames);
  expect(Object.keys(reference.portType.operations)).toEqual(operationNames);
});

test('the address is the one asked for, escaped', () => {
  const awkward = 'https://h/soap/mktows/2_7?a="1"&b=<2>';
  expect(wsdlMeaning(writeWsdl(awkward)).address).toBe(awkward);
});

test('an endpoint 3_x declares marketoGUID behind the id of activities, and differs in nothing else', () => {
  const third = wsdlMeaning(writeWsdl(address, 3));
  for (const type of ['ActivityRecord', 'LeadChangeRecord']) {
    const elements = third.types[type]?.elements as { name?: string }[];
    const names = elements.map(({ name }) => name);
    expect(names?.slice(0, 3)).toEqual(['id', 'marketoGUID', 'activityDateTime']);
    expect(elements.filter(({ name }) => name !== 'marketoGUID')).toEqual(reference.types[type]?.elements);
  }
  const others = ({ ActivityRecord: _, LeadChangeRecord: __, ...types }: typeof third.types) => types;
  expect({ ...third, types: others(third.types) }).toEqual({ ...reference, types: others(reference.types) });
});
