import { leadFields } from '../contract/described-fields.ts';
import type { Message } from '../contract/messages.ts';
import type { Lead, LeadKey, LeadSelector } from './lead-objects.ts';
import type { FieldValue } from './objects.ts';
import { writeValue } from './write-objects.ts';

const dayFields = new Set(
  leadFields.filter(({ dataType }) => dataType === 'date').map(({ name }) => name.toLowerCase()),
);

/** Writes a lead as syncLead takes it. Throws `TypeError` for a value that the API cannot take. */
export function writeLead({
  id,
  email,
  foreignSysPersonId,
  foreignSysType,
  attributes,
}: Lead): Message<'LeadRecord'> {
  const attribute = Object.entries(attributes ?? {}).flatMap(
    ([attrName, value]: [string, FieldValue | undefined]) =>
      value === undefined
        ? []
        : [
            {
              attrName,
              attrValue: writeValue(value, attrName, dayFields.has(attrName.trim().toLowerCase())),
            },
          ],
  );
  return {
    ...(id === undefined ? {} : { Id: id }),
    ...(email === undefined ? {} : { Email: writeValue(email, 'email') }),
    ...(foreignSysPersonId === undefined ? {} : { ForeignSysPersonId: foreignSysPersonId }),
    ...(foreignSysType === undefined ? {} : { ForeignSysType: foreignSysType }),
    ...(attribute.length === 0 ? {} : { leadAttributeList: { attribute } }),
  };
}

export const writeLeadKey = ({ keyType, keyValue }: LeadKey): Message<'LeadKey'> => ({
  keyType,
  keyValue: writeValue(keyValue, keyType),
});

/** Writes keys as mergeLeads and listOperation take them. */
export const writeLeadKeys = (keys: readonly LeadKey[]): Message<'ArrayOfLeadKey'> => ({
  leadKey: keys.map(writeLeadKey),
});

/** Writes a key as mergeLeads takes it. */
export const writeMergeKey = ({ keyType, keyValue }: LeadKey): Message<'ArrayOfAttribute'> => ({
  attribute: [{ attrName: keyType, attrValue: writeValue(keyValue, keyType) }],
});

/** Writes a time. Throws `TypeError` for a date that is invalid. */
export const writeTime = (time: Date | string, name: string): string => writeValue(time, name);

/** Writes which leads are meant. */
export function writeSelector(selector: LeadSelector): Message<'LeadSelector'> {
  if ('keyType' in selector) {
    const { keyType, keyValues } = selector;
    const stringItem = keyValues.map((value) => writeValue(value, keyType));
    return { $type: 'LeadKeySelector', keyType, keyValues: { stringItem } };
  }
  if ('oldestUpdatedAt' in selector) {
    const { oldestUpdatedAt, latestUpdatedAt } = selector;
    return {
      $type: 'LastUpdateAtSelector',
      ...(latestUpdatedAt === undefined
        ? {}
        : { latestUpdatedAt: writeTime(latestUpdatedAt, 'latestUpdatedAt') }),
      oldestUpdatedAt: writeTime(oldestUpdatedAt, 'oldestUpdatedAt'),
    };
  }
  return 'staticListId' in selector
    ? { $type: 'StaticListSelector', staticListId: selector.staticListId }
    : { $type: 'StaticListSelector', staticListName: selector.staticListName };
}
