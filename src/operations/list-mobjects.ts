import { type Operation, readOutcome } from './operation.ts';

/** The types that describeMObject knows, in Marketo's order (docs/behaviour.md#listmobjects). */
export const describableTypes = [
  'ActivityRecord',
  'LeadRecord',
  'Opportunity',
  'OpportunityPersonRole',
] as const;

/** listMObjects: lists the describable types. */
export const listMObjects: Operation<'listMObjects'> = async () =>
  readOutcome(null, { result: { objects: [...describableTypes] } });
