import type { RequestedCampaign } from '../backend.ts';
import type { EnumerationValue } from '../contract/enumerations.ts';
import {
  type Campaign,
  type CampaignProgram,
  type CampaignTarget,
  unknownCampaign,
} from '../rules/campaigns/campaign-target.ts';
import { newName } from '../rules/lists/asset-name.ts';
import { quote } from '../rules/refusal.ts';
import type { Objects } from '../store/store.ts';
import { findProgram, programNamed, programsOf } from './find-list.ts';

type Lists = Pick<Objects, 'list'>;

/** Returns the campaign of this name in a program, without regard to case. */
export async function findCampaign(
  store: Lists,
  name: string,
  program: CampaignProgram,
): Promise<Campaign | undefined> {
  const where = [
    { property: 'nameKey', equals: name },
    { property: 'programId', equals: program.id },
  ];
  return (await store.list({ type: 'Campaign', where, limit: 1 })).records[0];
}

const inProgram = (name: string, { name: program }: { readonly name: string }) =>
  unknownCampaign(`${quote(name)} in the program ${quote(program)}`);

/** As `findCampaign`; throws fault 20113 if there is none. */
export async function requiredCampaign(
  store: Lists,
  name: string,
  program: CampaignProgram,
): Promise<Campaign> {
  const found = await findCampaign(store, name, program);
  if (found === undefined) throw inProgram(name, program);
  return found;
}

/** Returns the campaign to request; an unknown one is created if `creates`, else fault 20113. */
export async function requestTarget(
  store: Lists,
  named: RequestedCampaign,
  source: EnumerationValue<'ReqCampSourceType'>,
  creates: boolean,
): Promise<CampaignTarget> {
  const made = { kind: 'trigger', sources: [source], description: null } as const;
  if ('id' in named) {
    const { id } = named;
    const where = [{ property: 'id', equals: id }];
    const found = (await store.list({ type: 'Campaign', where, limit: 1 })).records;
    const [program] = (await programsOf(store, found)).values();
    if (found.length > 0) return { id, program, creates: undefined };
    if (!creates) throw unknownCampaign(`with id ${id}`);
    return { id, program: undefined, creates: { ...made, name: `Campaign ${id}`, programId: null } };
  }
  const program = await programNamed(store, named.programName);
  if (program === undefined) throw inProgram(named.name, { name: named.programName });
  return targetIn(store, named.name, program, creates, made);
}

/**
 * Returns the campaign to schedule; an unknown one is created if `creates`, else fault 20113. Throws fault 20110 for an
 * unknown program.
 */
export async function scheduleTarget(
  store: Lists,
  programName: string,
  name: string,
  creates: boolean,
): Promise<CampaignTarget & { readonly program: CampaignProgram }> {
  const program = await findProgram(store, programName);
  return targetIn(store, name, program, creates, { kind: 'batch', sources: [], description: null });
}

async function targetIn(
  store: Lists,
  name: string,
  { id: programId, name: programName }: CampaignProgram,
  creates: boolean,
  made: Pick<Campaign, 'kind' | 'sources' | 'description'>,
): Promise<CampaignTarget & { readonly program: CampaignProgram }> {
  const program = { id: programId, name: programName };
  const found = await findCampaign(store, name, program);
  if (found !== undefined) return { id: found.id, program, creates: undefined };
  if (!creates) throw inProgram(name, program);
  return { id: undefined, program, creates: { ...made, name: newName('campaignName', name), programId } };
}
