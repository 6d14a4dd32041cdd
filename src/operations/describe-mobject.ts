import {
  type ActivityField,
  activityFields,
  type LeadField,
  leadFields,
} from '../contract/described-fields.ts';
import { SoapFault } from '../contract/faults.ts';
import type { FieldDefinition } from '../contract/fields.ts';
import type { Message } from '../contract/messages.ts';
import { shortened } from '../contract/shortened.ts';
import { compareNames, type FieldCatalogue, foldName } from '../rules/schema.ts';
import { formatDatetime } from '../rules/values.ts';
import { describableTypes } from './list-mobjects.ts';
import { type Operation, readOutcome } from './operation.ts';
import { refuseUnreadable } from './unreadable.ts';

const leadNames = new Set(leadFields.map(({ name }) => foldName(name)));

type FieldMetadata = Message<'MObjFieldMetadata'>;
type DescribableType = (typeof describableTypes)[number];

/** The update time reported for standard fields (docs/behaviour.md#describemobject). */
const STANDARD_TIME = '2010-01-01T00:00:00.000Z';

const descriptions: Readonly<Record<DescribableType, string>> = {
  ActivityRecord: 'Composite object composed of fields from Event, Campaign, Lead, and Company',
  LeadRecord: 'Composite object composed of fields from Lead, LeadInterest, and Company',
  Opportunity: 'Marketo Opportunity',
  OpportunityPersonRole: 'Marketo Opportunity Person Role',
};

/**
 * describeMObject: returns the metadata of one of the four describable types, with the flags that Marketo reported
 * and the instance's custom fields (docs/behaviour.md#describemobject). Faults: 20109 for a missing name, 20110 for
 * an unknown one.
 */
export const describeMObject: Operation<'describeMObject'> = async (call, { backend, settings }) => {
  refuseUnreadable(call);
  const { params } = call;
  const name = readName(params.objectName);
  const { fields } = await backend.schema();
  const format = (time: string) => formatDatetime(time, settings.timeZone);
  const field = fieldsOf(name, fields, format);
  const updatedAt = field.reduce(
    (latest, each) => (Date.parse(each.updatedAt) > Date.parse(latest) ? each.updatedAt : latest),
    format(STANDARD_TIME),
  );
  return readOutcome(name, {
    result: {
      metadata: {
        name,
        description: descriptions[name],
        isCustom: false,
        isVirtual: name === 'ActivityRecord' || name === 'LeadRecord',
        fieldList: { field },
        updatedAt,
      },
    },
  });
};

function readName(sent: string | undefined): DescribableType {
  const expected = `expected one of ${describableTypes.join(', ')}`;
  if (sent === undefined || sent.trim() === '')
    throw new SoapFault(20109, `objectName is missing; ${expected}`);
  const name = describableTypes.find((known) => foldName(known) === foldName(sent));
  if (name === undefined)
    throw new SoapFault(20110, `objectName "${shortened(sent, 100)}" cannot be described; ${expected}`);
  return name;
}

type Catalogues = Readonly<Record<'Opportunity' | 'OpportunityPersonRole' | 'Lead', FieldCatalogue>>;

function fieldsOf(
  name: DescribableType,
  catalogues: Catalogues,
  format: (time: string) => string,
): FieldMetadata[] {
  switch (name) {
    case 'ActivityRecord':
      // Always UTC, whatever the instance's time zone is (docs/behaviour.md#describemobject).
      return activityFields.map((field) => activityMetadata(field, formatDatetime(STANDARD_TIME, 'UTC')));
    case 'LeadRecord': {
      const custom = catalogues.Lead.all.filter((field) => !leadNames.has(foldName(field.name)));
      return [
        ...leadFields.map((field) => leadMetadata(field, format(STANDARD_TIME))),
        ...custom.map((field) => customMetadata(field, 'Lead', format, 'leadAttributeList')),
      ].sort((a, b) => compareNames(a.name, b.name));
    }
    default:
      return catalogues[name].all.map((field) =>
        field.custom
          ? customMetadata(field, name, format, null)
          : standardMetadata(field, name, format(STANDARD_TIME)),
      );
  }
}

const never = {
  isReadonly: false,
  isUpdateBlocked: false,
  isName: null,
  isPrimaryKey: false,
  isCustom: false,
};

function activityMetadata(field: ActivityField, updatedAt: string): FieldMetadata {
  return {
    ...field,
    displayName: null,
    isReadonly: true,
    isUpdateBlocked: true,
    isCustom: false,
    isDynamic: false,
    dynamicFieldRef: null,
    updatedAt,
  };
}

function leadMetadata(field: LeadField, updatedAt: string): FieldMetadata {
  return {
    ...never,
    ...field,
    description: null,
    isDynamic: true,
    dynamicFieldRef: 'leadAttributeList',
    updatedAt,
  };
}

function standardMetadata(field: FieldDefinition, sourceObject: string, updatedAt: string): FieldMetadata {
  const { name, displayName, dataType, size } = field;
  const isDynamic = name === 'Id';
  const dynamicFieldRef = isDynamic ? 'attributeList' : null;
  return {
    ...never,
    name,
    displayName,
    sourceObject,
    dataType,
    size,
    description: null,
    isDynamic,
    dynamicFieldRef,
    updatedAt,
  };
}

function customMetadata(
  field: FieldDefinition,
  sourceObject: string,
  format: (time: string) => string,
  dynamicFieldRef: string | null,
): FieldMetadata {
  const { name, displayName, description, dataType, size } = field;
  return {
    ...never,
    name,
    displayName: displayName ?? name,
    description,
    sourceObject,
    dataType,
    size,
    isCustom: true,
    isDynamic: dynamicFieldRef !== null,
    dynamicFieldRef,
    updatedAt: format(field.definedAt ?? STANDARD_TIME),
  };
}
