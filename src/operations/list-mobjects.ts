import { type Operation, readOutcome } from './operation.ts';

/** The types that can be described, in the order in which Marketo listed them (docs/behaviour.md#listmobjects). */
export const describableTypes = [
  'ActivityRecord',
  'LeadRecord',
  'Opportunity',
  'OpportunityPersonRole',
] as const;

/** listMObjects: the names of the types that describeMObject knows. */
export const listMObjects: Operation<'listMObjects'> = async () =>
  readOutcome(null, { result: { objects: [...describableTypes] } });
