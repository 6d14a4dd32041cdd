import type { DataType, StoredType, standardFields } from '../contract/fields.ts';

/** A value of a field, as it can be given. `null` clears the field; an absent or undefined one leaves it as it is. */
export type FieldValue = string | number | bigint | boolean | Date | null;

/** The values that a field of a data type takes. Text stands for any of them, as the API itself takes text only. */
export type ValueOf<Kind extends DataType> = Kind extends 'boolean'
  ? boolean | string | null
  : Kind extends 'date' | 'datetime'
    ? Date | string | null
    : Kind extends 'integer' | 'float' | 'currency' | 'reference'
      ? number | bigint | string | null
      : string | null;

/** The value of a field of a data type in an answer. */
export type AnsweredValueOf<Kind extends DataType> = Kind extends 'boolean'
  ? boolean
  : Kind extends 'datetime'
    ? Date
    : Kind extends 'integer' | 'float' | 'currency' | 'reference'
      ? number
      : string;

type StandardFieldOf<Type extends StoredType> = (typeof standardFields)[Type][number];

type StandardValues<Type extends StoredType> = {
  readonly [Field in StandardFieldOf<Type> as Field['name']]?: ValueOf<Field['dataType']> | undefined;
};

type AnsweredValues<Type extends StoredType> = {
  readonly [Field in StandardFieldOf<Type> as Field['name']]?: AnsweredValueOf<Field['dataType']>;
};

/**
 * Values of an opportunity by field name: the standard fields, and the custom ones of your instance.
 *
 * A `Date` is written in UTC; a date field takes its UTC day. `'2014-03-31'` says a day without doubt.
 */
export interface OpportunityAttributes extends StandardValues<'Opportunity'> {
  readonly [customField: string]: FieldValue | undefined;
}

/** Values of an opportunity role by field name: the standard fields, and the custom ones of your instance. */
export interface OpportunityPersonRoleAttributes extends StandardValues<'OpportunityPersonRole'> {
  readonly [customField: string]: FieldValue | undefined;
}

/** A field and the value by which an object is found. Of several objects that have it, the newest is meant. */
export interface ExternalKey {
  readonly name: string;
  readonly value: string | number | bigint;
}

/** Another object that an object belongs to, by its id or by an external key. */
export type Association = {
  readonly type: 'Company' | 'Lead' | 'Opportunity';
} & ({ readonly id: number } | { readonly externalKey: ExternalKey });

/** The id or external key of an object, or neither if it is new. The id wins. */
export interface Identity {
  readonly id?: number | undefined;
  readonly externalKey?: ExternalKey | undefined;
}

/** An opportunity, as it can be sent. */
export interface Opportunity extends Identity {
  readonly type: 'Opportunity';
  readonly attributes?: OpportunityAttributes | undefined;
  /** The company that it belongs to. */
  readonly associations?: readonly Association[] | undefined;
}

/** The role of a person in an opportunity, as it can be sent. */
export interface OpportunityPersonRole extends Identity {
  readonly type: 'OpportunityPersonRole';
  readonly attributes?: OpportunityPersonRoleAttributes | undefined;
  /** The opportunity and the lead, unless the attributes name them. */
  readonly associations?: readonly Association[] | undefined;
}

/** A cost of a program in a month. With an id, that cost is changed; without one, a cost is added. */
export interface ProgramCost {
  readonly id?: number | undefined;
  /** `2013-06` or `2013-06-01`. */
  readonly month: string;
  readonly amount: number | string;
  readonly note?: string | undefined;
}

/** Changes of a program. Programs can only be updated, and are found by id only. */
export interface Program {
  readonly type: 'Program';
  readonly id: number;
  readonly costs?: readonly ProgramCost[] | undefined;
  /** Tag type → value. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly channel?: string | undefined;
}

/** An object that `syncMObjects` takes. */
export type MObject = Opportunity | OpportunityPersonRole | Program;

/** `'Opportunity'`, `'OpportunityPersonRole'` or `'Program'`. */
export type MObjectType = MObject['type'];

/** An object that `deleteMObjects` takes: its type with its id or external key. */
export type MObjectKey = { readonly type: MObjectType } & (
  | { readonly id: number; readonly externalKey?: ExternalKey | undefined }
  | { readonly id?: undefined; readonly externalKey: ExternalKey }
);

/** Values of an opportunity in an answer. Custom fields are text. */
export interface AnsweredOpportunityAttributes extends AnsweredValues<'Opportunity'> {
  readonly [customField: string]: string | number | boolean | Date | undefined;
}

/** Values of an opportunity role in an answer. Custom fields are text. */
export interface AnsweredRoleAttributes extends AnsweredValues<'OpportunityPersonRole'> {
  readonly [customField: string]: string | number | boolean | Date | undefined;
}

/** An object that an answer refers to. */
export interface AnsweredAssociation {
  readonly type: string;
  readonly id: number;
}

interface AnsweredObject<Type extends StoredType, Attributes> {
  readonly type: Type;
  readonly id: number;
  readonly createdAt: Date | null;
  readonly updatedAt: Date | null;
  readonly attributes: Attributes;
  readonly associations: readonly AnsweredAssociation[];
}

/** An opportunity that was found. */
export interface FoundOpportunity extends AnsweredObject<'Opportunity', AnsweredOpportunityAttributes> {}

/** An opportunity role that was found. */
export interface FoundOpportunityPersonRole
  extends AnsweredObject<'OpportunityPersonRole', AnsweredRoleAttributes> {}

/** A program that was found. Without `includeDetails` tags, tokens and costs are empty. */
export interface FoundProgram {
  readonly type: 'Program';
  readonly id: number;
  /** Text by name: `Name`, `Type`, `Workspace Id`, … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly channel: string | null;
  /** Tag type → value. */
  readonly tags: Readonly<Record<string, string>>;
  readonly tokens: Readonly<Record<string, string>>;
  readonly costs: readonly FoundProgramCost[];
}

/** A cost of a program that was found. */
export interface FoundProgramCost {
  readonly id: number;
  /** The first of the month: `2013-06-01`. */
  readonly month: string;
  readonly amount: number;
  readonly note: string | null;
}

interface FoundByType {
  Opportunity: FoundOpportunity;
  OpportunityPersonRole: FoundOpportunityPersonRole;
  Program: FoundProgram;
}

/** An object of a type, as `getMObjects` finds it. */
export type FoundMObject<Type extends MObjectType = MObjectType> = FoundByType[Type];
