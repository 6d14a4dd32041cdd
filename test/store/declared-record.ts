import { hasValues, type ValueType } from '../../src/contract/fields.ts';
import { declarationOf, type Records, type RecordType } from '../../src/records/all.ts';
import { type Column, fieldKinds, type Kind } from '../../src/records/column.ts';
import { type FieldValue, fieldValues, valueFields } from '../../src/records/field-values.ts';

const hard = 'Ä "\\ \0\u0001 e\u0301';

/** Two values of each kind. */
const samples: { readonly [K in Kind]: readonly [unknown, unknown] } = {
  id: [7, 8],
  text: [`One ${hard}`, `two ${hard}`],
  integer: [0, -5],
  number: [0.5, -1e9],
  boolean: [true, false],
  date: ['2013-06-30', '1999-12-31'],
  time: ['2013-06-30T10:20:30.456Z', '1999-12-31T23:59:59.999Z'],
  texts: [
    new Map([
      ['b', hard],
      ['a', '1'],
    ]),
    new Map(),
  ],
  json: [
    [
      ['z', hard],
      ['a', null],
      [1, true],
    ],
    { b: [1.5], a: { '1': hard } },
  ],
};

/** A value for each field that has a column, and one that has none. */
const valuesOf = (type: ValueType, which: 0 | 1): [string, FieldValue][] => [
  ...valueFields[type].map(({ name, dataType }): [string, FieldValue] => [
    name,
    samples[fieldKinds[dataType]][which] as FieldValue,
  ]),
  ['own', which === 0 ? hard : 5],
];

/** A record of a declared type with a value in every column; `which`: the first or second sample of each. */
export function declaredRecord<Type extends RecordType>(type: Type, id: number, which: 0 | 1): Records[Type] {
  const { columns, parts } = declarationOf[type];
  const properties = Object.entries(columns).flatMap(([property, { kind, foldedOf }]: [string, Column]) =>
    foldedOf === undefined ? [[property, samples[kind][which]]] : [],
  );
  const empty = Object.entries(parts).map(([property, { kind }]) => [
    property,
    kind === 'rows' ? [] : new Map(),
  ]);
  return {
    id,
    ...Object.fromEntries([...properties, ...empty]),
    ...(hasValues(type) ? { values: fieldValues(type, valuesOf(type, which)) } : {}),
  } as Records[Type];
}

/** The same without values where a column can be empty. */
export function barestRecord<Type extends RecordType>(type: Type, id: number): Records[Type] {
  const record = declaredRecord(type, id, 1);
  const empty = Object.entries(declarationOf[type].columns).filter(
    ([, { nullable, foldedOf }]) => nullable && foldedOf === undefined,
  );
  return { ...record, ...Object.fromEntries(empty.map(([property]) => [property, null])) };
}
