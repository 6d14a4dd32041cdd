import type { ForeignSysType, Lead } from '../../client/lead-objects.ts';
import { LEADS_PER_CALL } from '../../client/leads.ts';
import { enumerations } from '../../contract/enumerations.ts';
import type { DescribedField } from '../columns.ts';
import { describedFields } from './described.ts';
import type { RecordKind } from './record-kind.ts';

const foreignFields: readonly DescribedField[] = [
  { name: 'ForeignSysPersonId', displayName: 'Foreign Sys Person Id', dataType: 'string', size: 255 },
  {
    name: 'ForeignSysType',
    displayName: 'Foreign Sys Type',
    dataType: 'string',
    size: null,
    choices: enumerations.ForeignSysType,
  },
];

/** Leads, sent by syncMultipleLeads, which finds them by id, foreign id or address. */
export const leadKind: RecordKind<Lead> = {
  type: 'Lead',
  operations: ['UPSERT'],
  rowsPerCall: LEADS_PER_CALL,
  ownKeys:
    'leads are found by Id, ForeignSysPersonId or Email, in this order; --map "Contact ID=ForeignSysPersonId" names such a column',
  hasEmailSearch: true,

  columns: async (client, options) => ({
    fields: [...(await describedFields(client, 'LeadRecord', options)), ...foreignFields],
    targets: [],
  }),

  keyOf: ({ id, values }) => String(id ?? (values.ForeignSysPersonId || values.Email) ?? ''),

  make({ id, values }, { findsByEmail }) {
    const { Email, ForeignSysPersonId, ForeignSysType, ...others } = values;
    const email = Email ?? '';
    const foreignId = ForeignSysPersonId ?? '';
    const type = ForeignSysType ?? 'CUSTOM';
    if (id === undefined && foreignId === '' && email === '') {
      return { problem: 'has no Id, ForeignSysPersonId or Email; expected one by which the lead is found' };
    }
    const hasOtherKey = id !== undefined || foreignId !== '';
    const item: Lead = {
      ...(id === undefined ? {} : { id }),
      // The element is only looked for; the attribute is also written to a lead that another key finds
      // (docs/behaviour-leads.md#4-syncmultipleleads).
      ...(id === undefined && email !== '' ? { email } : {}),
      ...(foreignId === '' ? {} : { foreignSysPersonId: foreignId, foreignSysType: type as ForeignSysType }),
      attributes: hasOtherKey && Email !== undefined ? { ...others, Email } : others,
    };
    return {
      item,
      identities: [
        ...(id === undefined ? [] : [`id ${id}`]),
        ...(foreignId === '' ? [] : [`${type} ${foreignId}`]),
        ...(email === '' ? [] : [`email ${email.trim().toLowerCase()}`]),
      ],
      isRepeatable: hasOtherKey || findsByEmail,
      foundBy: id === undefined ? (foreignId === '' ? 'address' : 'foreign id') : 'id',
    };
  },

  send: (client, items, { findsByEmail }) => client.syncLeads(items, { dedupEnabled: findsByEmail }),
};
