import type { CountedType, Records, RecordType } from '../records/all.ts';
import type { AnyRecordChange, Facts, LooseKey } from '../rules/facts.ts';
import type { ApplyMode } from './apply-mode.ts';
import type { MistakeList } from './mistakes.ts';
import type { Instance } from './shape.ts';
import type { StoredRecords } from './stored-records.ts';

/** Options for applying a file. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export interface PlanOptions extends ApplyMode {
  readonly now: string;
  readonly timeZone: string;
}

/** The data that all plans share. */
export interface Planning extends PlanOptions {
  readonly facts: Facts;
  readonly stored: StoredRecords;
  readonly mistakes: MistakeList;
  /** The changes so far. */
  readonly changes: {
    readonly records: AnyRecordChange[];
    readonly looseKeys: LooseKey[];
    readonly removedLooseKeys: Omit<LooseKey, 'value'>[];
  };
}

/** Returns a function that adds a change of a record of this type. */
export const changeOf =
  <Type extends RecordType>(type: Type, { changes }: Planning) =>
  (before: Records[Type] | undefined, after: Records[Type] | undefined): void => {
    changes.records.push({ type, before, after } as unknown as AnyRecordChange);
  };

/** Returns how many ids a file may need for what has none there. */
export function newIdsFor(instance: Instance): { readonly [Type in CountedType]?: number } {
  const { leads = [], lists = [], campaigns = [], customObjects = [], workspaces = [] } = instance;
  const sum = <Item>(items: readonly Item[], sizeOf: (item: Item) => number | undefined) =>
    items.reduce((total, item) => total + (sizeOf(item) ?? 0), 0);
  const crmKeys = (keys: object) => Object.values(keys).flat().length;
  return {
    Workspace: workspaces.length,
    LeadForeignId: sum(leads, (lead) => lead?.foreignIds?.length),
    LeadCookie: sum(leads, (lead) => lead?.cookies?.length),
    LeadCrmKey: sum(leads, (lead) => crmKeys(lead?.crmKeys ?? {})),
    // Those that the file uses itself are passed over.
    StaticList: lists.length,
    ListMember: sum(lists, (list) => list?.members?.length),
    Campaign: campaigns.length,
    CustomObjectType: customObjects.length,
    CustomObject: sum(customObjects, (type) => type?.objects?.length),
  };
}

const leadTypes = ['Lead', 'LeadForeignId', 'LeadCookie', 'LeadCrmKey'] as const;

/** Returns the types that the nested parts of a file may write; what belongs to a record is locked by that. */
export function writtenTypes(instance: Instance): readonly RecordType[] {
  const { workspaces, leads, lists, campaigns, customObjects } = instance;
  const hasParts = leads?.some(
    (lead) => lead?.foreignIds ?? lead?.cookies ?? lead?.crmKeys ?? lead?.workspace,
  );
  return [
    ...(workspaces === undefined ? [] : (['Workspace'] as const)),
    ...(hasParts ? leadTypes : []),
    ...(lists === undefined ? [] : (['StaticList'] as const)),
    ...(campaigns === undefined ? [] : (['Campaign'] as const)),
    ...(customObjects === undefined ? [] : (['CustomObjectType'] as const)),
  ];
}
