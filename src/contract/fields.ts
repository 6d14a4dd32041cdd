/** The data types of fields that hold a value (docs/behaviour.md#data-types). */
export const dataTypes = [
  'string',
  'text',
  'phone',
  'url',
  'email',
  'integer',
  'float',
  'currency',
  'boolean',
  'date',
  'datetime',
  'reference',
] as const;

export type DataType = (typeof dataTypes)[number];

/** The type of the objects that a `reference` field refers to. */
export type ReferenceTarget = 'Company' | 'Opportunity' | 'Lead';

/** A field of an object type. `size`: maximum number of characters, for text types; null if unlimited. */
export interface FieldDefinition {
  /** The spelling of describeMObject, the only one that is stored and answered. */
  readonly name: string;
  readonly displayName: string | null;
  readonly description: string | null;
  readonly dataType: DataType;
  readonly size: number | null;
  /** Defined by this instance, not by the API. */
  readonly custom: boolean;
  /** The referenced type of a reference field; null for other data types. */
  readonly references: ReferenceTarget | null;
  /** The time of its definition by this instance, UTC; absent for the API's own fields. */
  readonly definedAt?: string;
}

/** A field of the API's own. Its name and data type are part of its type, for the types of the client. */
export interface StandardField<Name extends string, Kind extends DataType> extends FieldDefinition {
  readonly name: Name;
  readonly dataType: Kind;
}

function standard<const Name extends string, const Kind extends DataType>(
  name: Name,
  displayName: string,
  dataType: Kind,
  size: number | null = null,
  references: ReferenceTarget | null = null,
): StandardField<Name, Kind> {
  return { name, displayName, description: null, dataType, size, custom: false, references };
}

/** The standard fields of the stored types, in describe's order (docs/behaviour.md#standard-fields). */
export const standardFields = {
  Opportunity: [
    standard('Amount', 'Amount', 'currency'),
    standard('CloseDate', 'Close Date', 'date'),
    standard('CompanyId', 'Account', 'reference', null, 'Company'),
    standard('Description', 'Description', 'string', 2000),
    standard('ExpectedRevenue', 'Expected Revenue', 'currency'),
    standard('ExternalCreatedDate', 'SFDC Created Date', 'datetime'),
    standard('Fiscal', 'Fiscal', 'string', 255),
    standard('FiscalQuarter', 'Fiscal Quarter', 'integer'),
    standard('FiscalYear', 'Fiscal Year', 'integer'),
    standard('ForecastCategoryName', 'Forecast Category Name', 'string', 255),
    standard('Id', 'Id', 'integer'),
    standard('IsClosed', 'Is Closed', 'boolean'),
    standard('IsWon', 'Is Won', 'boolean'),
    standard('LastActivityDate', 'Last Activity Date', 'date'),
    standard('LeadSource', 'Lead Source', 'string', 255),
    standard('Name', 'Name', 'string', 255),
    standard('NextStep', 'Next Step', 'string', 255),
    standard('Probability', 'Probability', 'integer'),
    standard('Quantity', 'Quantity', 'float'),
    standard('Stage', 'Stage', 'string', 255),
    standard('Type', 'Type', 'string', 255),
  ],
  OpportunityPersonRole: [
    standard('ExternalCreatedDate', 'SFDC Created Date', 'datetime'),
    standard('Id', 'Id', 'integer'),
    standard('IsPrimary', 'Is Primary', 'boolean'),
    standard('OpportunityId', 'Opportunity Id', 'reference', null, 'Opportunity'),
    standard('PersonId', 'Contact Id', 'reference', null, 'Lead'),
    standard('Role', 'Role', 'string', 255),
  ],
} as const satisfies Readonly<Record<string, readonly FieldDefinition[]>>;

/** The types that have standard fields: those whose objects clients create. */
export type StoredType = keyof typeof standardFields;
export const storedTypes = Object.keys(standardFields) as readonly StoredType[];

export const isStored = (type: string): type is StoredType => Object.hasOwn(standardFields, type);

/** Builds a record with one value for each stored type. */
export function byStoredType<Value>(make: (type: StoredType) => Value): Record<StoredType, Value> {
  const made = {} as Record<StoredType, Value>;
  for (const type of storedTypes) made[type] = make(type);
  return made;
}

/** The types whose records have values of fields: those that clients create, and leads. */
export type ValueType = StoredType | 'Lead';
export const valueTypes: readonly ValueType[] = [...storedTypes, 'Lead'];

export const hasValues = (type: string): type is ValueType => type === 'Lead' || isStored(type);

/** Builds a record with one value for each type that has values. */
export const byValueType = <Value>(make: (type: ValueType) => Value): Record<ValueType, Value> => ({
  ...byStoredType(make),
  Lead: make('Lead'),
});

/** A reference field, and the type whose objects it leads to. */
export interface AssociationField {
  readonly target: ReferenceTarget;
  readonly field: FieldDefinition;
}

/**
 * The reference fields of each stored type, by target. A call sets them by an attribute or an association
 * (docs/behaviour.md#associations).
 */
export const associationFields: Readonly<Record<StoredType, readonly AssociationField[]>> = byStoredType(
  (type) =>
    standardFields[type]
      .flatMap((field) => (field.references === null ? [] : [{ target: field.references, field }]))
      .sort((a, b) => (a.target < b.target ? -1 : 1)),
);

/** The types that syncMObjects accepts (docs/behaviour.md#1-a-call-of-syncmobjects). */
export type SyncType = 'Program' | StoredType;
export const syncTypes: readonly SyncType[] = ['Program', ...storedTypes];

/** Maximum number of mObjects in a call (docs/behaviour.md#1-a-call-of-syncmobjects). */
export const MAX_MOBJECTS_PER_CALL = 100;

/**
 * Maximum number of custom fields of a type that `unknownFields: create` makes (docs/behaviour.md#unknown-names).
 */
export const MAX_CREATED_FIELDS_PER_TYPE = 500;

/** Default size of a custom string field (docs/behaviour.md#custom-fields). */
export const CUSTOM_FIELD_SIZE = 2000;

/** Highest id of objects and costs. Calls name ids as xs:int, which ends there. */
export const MAX_ID = 2147483647;
