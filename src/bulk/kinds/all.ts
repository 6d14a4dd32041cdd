import type { BulkType } from '../types.ts';
import { leadKind } from './lead.ts';
import { programKind } from './program.ts';
import type { RecordKind } from './record-kind.ts';
import { storedKind } from './stored.ts';

/** The kinds of records that can be sent from a file. Only the kind itself knows what its records look like. */
export const recordKinds: Readonly<Record<BulkType, RecordKind<unknown>>> = {
  Opportunity: storedKind('Opportunity'),
  OpportunityPersonRole: storedKind('OpportunityPersonRole'),
  Lead: leadKind,
  Program: programKind,
};
