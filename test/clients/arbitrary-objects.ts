import fc from 'fast-check';
import {
  type DataType,
  dataTypes,
  type FieldDefinition,
  type StoredType,
} from '../../src/contract/fields.ts';
import { catalogueOf, type FieldCatalogue } from '../../src/rules/schema.ts';
import { readValue } from '../../src/rules/values.ts';
import { xmlText } from '../contract/arbitrary-message.ts';

/** What both types have as custom fields: one of each data type, and the key by which objects are told apart. */
const customFields = [
  ...dataTypes
    .filter((dataType) => dataType !== 'reference')
    .map((dataType) => ({ name: `My ${dataType}`, dataType, size: isText(dataType) ? 40 : null })),
  { name: 'testKey', dataType: 'string' as const, size: 60 },
];

/** Companies and leads, each with the ids 1 to 3. */
export const TARGETS = 3;
const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** The zone of datetimes without an offset, and of those that are answered. */
export const TIME_ZONE = 'America/Chicago';

export const roundTripInstance = {
  fields: { Opportunity: customFields, OpportunityPersonRole: customFields },
  companies: ids(TARGETS).map((id) => ({ id, name: `Company ${id}`, externalKeys: { account: `A${id}` } })),
  leads: ids(TARGETS).map((id) => ({ id, attributes: { FSPID: `P${id}` } })),
};

const catalogue = (type: StoredType): FieldCatalogue =>
  catalogueOf(
    type,
    customFields.map((field) => ({
      ...field,
      displayName: null,
      description: null,
      custom: true,
      references: null,
    })),
  );
export const catalogues = {
  Opportunity: catalogue('Opportunity'),
  OpportunityPersonRole: catalogue('OpportunityPersonRole'),
};

function isText(dataType: DataType): boolean {
  return ['string', 'text', 'phone', 'url', 'email'].includes(dataType);
}

const spaced = (text: fc.Arbitrary<string>) =>
  fc.tuple(fc.constantFrom('', ' ', '\n\t'), text, fc.constantFrom('', ' ')).map((parts) => parts.join(''));

const integers = fc
  .tuple(fc.constantFrom('', '00'), fc.maxSafeInteger(), fc.constantFrom('', '%', '.0', '.000%'))
  .map(([zeros, value, ending]) => `${value < 0 ? '-' : ''}${zeros}${Math.abs(value)}${ending}`);

/** The same kind of number as plain decimal, with an exponent, with places that are rounded away. */
const decimals = fc
  .tuple(
    fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
    fc.constantFrom('', '-', '+'),
    fc.constantFrom('plain', 'exponent', 'large', 'rounded', 'dot'),
  )
  .map(([scaled, sign, spelling]) => {
    const digits = scaled.toString().padStart(5, '0');
    const [whole, fraction] = [digits.slice(0, -4), digits.slice(-4)];
    if (spelling === 'exponent') return `${sign}${digits}e-4`;
    if (spelling === 'large') return `${sign}${digits.slice(0, 1)}.${digits.slice(1)}E12`;
    if (spelling === 'rounded') return `${sign}${whole}.${fraction}4999`;
    return spelling === 'dot' ? `${sign}.${fraction}` : `${sign}${whole}.${fraction}`;
  });

const instants = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});
const dates = fc
  .tuple(instants, fc.constantFrom('', 'T10:20:30-08:00', ' 23:59:59', 'Z'))
  .map(([date, rest]) => date.toISOString().slice(0, 10) + rest);
const offsets = fc.integer({ min: -14 * 60, max: 14 * 60 }).map((minutes) => {
  const pad = (part: number) => String(part).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.trunc(size / 60))}:${pad(size % 60)}`;
});
const datetimes = fc
  .tuple(
    instants.map((date) => date.toISOString()),
    offsets,
    fc.constantFrom('utc', 'seconds', 'offset', 'local', 'date'),
  )
  .map(([iso, offset, spelling]) => {
    if (spelling === 'utc') return iso;
    if (spelling === 'seconds') return `${iso.slice(0, 19)}Z`;
    if (spelling === 'offset') return iso.slice(0, 19) + offset;
    return spelling === 'local' ? iso.slice(0, 19).replace('T', ' ') : iso.slice(0, 10);
  });

const texts = (size: number | null) =>
  fc.oneof(
    { weight: 5, arbitrary: xmlText },
    { weight: 1, arbitrary: fc.constant('😀'.repeat(Math.min(size ?? 3000, 3000))) },
  );

function textsOf({ dataType, size }: FieldDefinition): fc.Arbitrary<string> {
  if (isText(dataType)) return texts(size);
  if (dataType === 'integer') return spaced(integers);
  if (dataType === 'float' || dataType === 'currency') return spaced(decimals);
  if (dataType === 'boolean') return spaced(fc.constantFrom('1', '0', 'true', 'false', 'TRUE', 'False'));
  if (dataType === 'date') return spaced(dates);
  if (dataType === 'datetime') return spaced(datetimes);
  throw new Error(`A ${dataType} is no random text`);
}

/** Text of a field that syncMObjects accepts; null: nil. */
function acceptedTexts(field: FieldDefinition, clientReads: (text: string) => boolean) {
  const valued = textsOf(field).filter(
    (text) => clientReads(text) && 'value' in readValue(field, text, TIME_ZONE),
  );
  return fc.oneof(
    { weight: 8, arbitrary: valued },
    { weight: 1, arbitrary: fc.constant(' ') },
    { weight: 1, arbitrary: fc.constantFrom('', null) },
  );
}

/** Attributes of one object by name. */
export type Sent = Readonly<Record<string, string | null>>;

/** The attributes that a call sends of an object, and the company or person that it is to point to; null: none. */
interface ArbitraryCall {
  readonly attributes: Sent;
  readonly target: number | null;
  /** How the target is named. */
  readonly pointing: 'attribute' | 'id' | 'key';
}

/** A random object: what it is created and then updated with, and how it is looked for. */
export interface ArbitraryObject {
  readonly created: ArbitraryCall;
  readonly updated: ArbitraryCall;
  /** What its external key is to end with. */
  readonly keyEnding: string;
  readonly lookup: 'id' | 'key' | 'criterion';
  readonly comparison: (typeof comparisons)[number];
  /** Which of the fields that have a value the criterion is about. */
  readonly nth: number;
}

const comparisons = ['EQ', 'NE', 'LT', 'LE', 'GT', 'GE'] as const;

/** Fields that are set by other means than a random text. */
const apart = ['Id', 'testKey', 'OpportunityId', 'PersonId', 'CompanyId'];

function objectOf(type: StoredType, clientReads: (text: string) => boolean): fc.Arbitrary<ArbitraryObject> {
  const fields = catalogues[type].all.filter(({ name }) => !apart.includes(name));
  const attributes: fc.Arbitrary<Sent> = fc
    .record(Object.fromEntries(fields.map((field) => [field.name, acceptedTexts(field, clientReads)])), {
      requiredKeys: [],
      noNullPrototype: true,
    })
    .map((sent) => sent as Sent);
  const target = fc.integer({ min: 1, max: TARGETS });
  const pointing = fc.constantFrom('attribute' as const, 'id' as const, 'key' as const);
  return fc.record({
    created: fc.record({
      attributes,
      target: type === 'Opportunity' ? fc.option(target) : target,
      pointing,
    }),
    updated: fc.record({ attributes, target: fc.option(target), pointing }),
    keyEnding: xmlText,
    lookup: fc.constantFrom('id', 'key', 'criterion'),
    comparison: fc.constantFrom(...comparisons),
    nth: fc.nat(),
  });
}

/** Random objects of both types. The first role belongs to the first opportunity, and so on. */
export interface ObjectBatch {
  readonly opportunities: readonly ArbitraryObject[];
  readonly roles: readonly ArbitraryObject[];
}

/**
 * From `min` to `max` opportunities, and up to as many roles. `clientReads`: whether the client can tell that text
 * of an attribute from none.
 */
export function objectBatch(
  { min, max }: { readonly min: number; readonly max: number },
  clientReads: (text: string) => boolean = () => true,
): fc.Arbitrary<ObjectBatch> {
  const length = { minLength: min, maxLength: max, size: 'max' } as const;
  return fc
    .record({
      opportunities: fc.array(objectOf('Opportunity', clientReads), length),
      roles: fc.array(objectOf('OpportunityPersonRole', clientReads), length),
    })
    .map(({ opportunities, roles }) => ({ opportunities, roles: roles.slice(0, opportunities.length) }));
}
