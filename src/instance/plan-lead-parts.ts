import type { Records } from '../records/all.ts';
import { lookup } from '../rules/lookups.ts';
import { changeOf, type Planning } from './planning.ts';
import type { ReadRecord } from './read.ts';
import type { ReadLeadPart } from './read-lead-parts.ts';

/** The plan of a lead, besides its own properties. */
export interface PlannedLead {
  readonly workspaceId: number | null;
  /** True if foreign ids, cookies or CRM keys come or go. */
  readonly partsDiffer: boolean;
}

export interface LeadPartsPlan {
  of(lead: ReadRecord<'Lead'>): PlannedLead;
  /** Removes all that belongs to a lead that is removed, except memberships, which are their lists'. */
  remove(leadId: number): void;
}

const partTypes = ['LeadForeignId', 'LeadCookie', 'LeadCrmKey'] as const;
type PartType = (typeof partTypes)[number];

/** Plans what belongs to leads. What the file does not say stays, unless the file is exact. */
export function leadPartsPlan(
  leads: readonly ReadRecord<'Lead'>[],
  workspaceId: (name: string) => number | null,
  planning: Planning,
): LeadPartsPlan {
  const { facts, stored, mode, exact = false, mistakes } = planning;
  const given = new Map(leads.map(({ content, leadParts }) => [content.id, leadParts]));
  const ids = {
    LeadForeignId: facts.newIds.LeadForeignId[Symbol.iterator](),
    LeadCookie: facts.newIds.LeadCookie[Symbol.iterator](),
    LeadCrmKey: facts.newIds.LeadCrmKey[Symbol.iterator](),
  };

  /** Makes the parts of a lead those of the file. `ordered`: their order counts, too. */
  function plan<Type extends PartType, Content extends object>(
    type: Type,
    leadId: number,
    parts: readonly ReadLeadPart<Content>[] | undefined,
    { ordered }: { readonly ordered: boolean },
  ): boolean {
    if (parts === undefined && !exact) return false;
    const change = changeOf(type, planning);
    const identity = ({ type = '', value }: { type?: string; value: string }) =>
      JSON.stringify([type, value]);
    const wanted = (parts ?? []).map((part) => ({ ...part, key: identity(part.content as never) }));
    const held = stored.of(type, leadId) as Records[Type][];
    const heldKeys = held.map((record) => identity(record as never));
    const places = new Map(wanted.map(({ key }, place) => [key, place]));
    const kept = new Set(
      heldKeys.filter((key, place) => (ordered ? wanted[place]?.key === key : places.has(key))),
    );
    if (ordered) {
      // Ids ascend with the order, so all that follows the first difference is new.
      const first = heldKeys.findIndex((key, place) => wanted[place]?.key !== key);
      if (first !== -1) for (const key of heldKeys.slice(first)) kept.delete(key);
    }
    let differs = false;
    for (const [place, record] of held.entries()) {
      if (kept.has(heldKeys[place] ?? '')) continue;
      change(record, undefined);
      differs = true;
    }
    for (const { key, content, path } of wanted) {
      if (kept.has(key)) continue;
      if (type !== 'LeadCrmKey' && !isFree(type, leadId, content as never, path)) continue;
      change(undefined, { id: ids[type].next().value, leadId, ...content } as unknown as Records[Type]);
      differs = true;
    }
    return differs;
  }

  /**
   * Returns whether no other lead has and keeps it. If one does, that is reported; with `add`, it is there already, for
   * example since leads were merged.
   */
  function isFree(
    type: 'LeadForeignId' | 'LeadCookie',
    leadId: number,
    { type: system, value }: { readonly type?: string; readonly value: string },
    path: string,
  ): boolean {
    if (exact) return true;
    const wanted =
      type === 'LeadCookie' ? lookup(type, 'value', value) : lookup(type, 'value', system ?? '', value);
    for (const { leadId: owner } of stored.all(type, wanted)) {
      if (owner === leadId) continue;
      if (mode === 'add') return false;
      const other = given.get(owner);
      const isGiven = (type === 'LeadCookie' ? other?.cookies : other?.foreignIds) !== undefined;
      if (isGiven) continue;
      mistakes.add(path, `belongs to lead ${owner} in the database`);
      return false;
    }
    return true;
  }

  return {
    of({ content: { id }, leadParts }) {
      const before = facts.records.Lead.get(id);
      const differ = [
        plan('LeadForeignId', id, leadParts?.foreignIds, { ordered: true }),
        plan('LeadCookie', id, leadParts?.cookies, { ordered: false }),
        plan('LeadCrmKey', id, leadParts?.crmKeys, { ordered: false }),
      ];
      const name = leadParts?.workspace;
      const kept = exact ? null : (before?.workspaceId ?? null);
      return {
        workspaceId: name === undefined ? kept : workspaceId(name),
        partsDiffer: differ.includes(true),
      };
    },
    remove(leadId) {
      for (const type of [...partTypes, 'Activity', 'ActivityMove'] as const) {
        const change = changeOf(type, planning);
        for (const record of stored.of(type, leadId)) change(record, undefined);
      }
    },
  };
}
