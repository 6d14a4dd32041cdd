import type { Received } from '../contract/messages.ts';
import { isLongerThan } from '../contract/shortened.ts';
import { readDecimal, readId, readInteger } from './numbers.ts';
import { quote, refuse } from './refusal.ts';
import { foldName, type Schema } from './schema.ts';
import type { MObjectSettings } from './settings.ts';
import { readMonth } from './values.ts';

/** A cost to add (`id` undefined) or update. `note` undefined: keep it; null: clear it. */
export interface CostItem {
  readonly kind: 'Cost';
  readonly id: number | undefined;
  readonly month: string;
  readonly amount: number;
  readonly note: string | null | undefined;
}

/** A tag of the program, with type and value spelled as defined. */
export interface TagItem {
  readonly kind: 'Tag';
  readonly type: string;
  readonly value: string;
}

/** The new channel of the program. */
export interface ChannelItem {
  readonly kind: 'Channel';
  readonly channel: string;
}

export type ProgramItem = CostItem | TagItem | ChannelItem;

interface ItemContext {
  readonly schema: Schema;
  readonly settings: MObjectSettings;
}

/**
 * Reads the typeAttribList of a Program. Each typeAttrib is a cost, tag or channel
 * (docs/behaviour.md#updates-of-programs).
 */
export function readProgramItems(
  typeAttribs: readonly Received<'TypeAttrib'>[],
  context: ItemContext,
): ProgramItem[] {
  return typeAttribs.map(({ attrType, attrList }) => {
    const attribs = attrList?.attrib ?? [];
    switch (foldName(attrType ?? '')) {
      case 'cost':
        return readCost(namedTexts('Cost', ['Month', 'Amount', 'Id', 'Note'], attribs), context);
      case 'tag':
        return readTag(namedTexts('Tag', ['Type', 'Value'], attribs), context);
      default:
        return refuse(`typeAttribList: attrType ${quote(attrType ?? '')}; expected Cost or Tag`);
    }
  });
}

/** Returns the ids of all costs in a typeAttribList, including items that cannot be read. */
export function sentCostIds(typeAttribs: readonly Received<'TypeAttrib'>[]): number[] {
  const ids: number[] = [];
  for (const { attrType, attrList } of typeAttribs) {
    if (foldName(attrType ?? '') !== 'cost') continue;
    for (const { name = '', value = '' } of attrList?.attrib ?? []) {
      const read = foldName(name) === 'id' ? readId(value.trim()) : undefined;
      if (read !== undefined && 'value' in read) ids.push(Number(read.value));
    }
  }
  return ids;
}

/** Returns the values of an item by name. If a name is repeated, the last one counts. */
function namedTexts<Name extends string>(
  item: string,
  names: readonly Name[],
  attribs: readonly Received<'Attrib'>[],
): Map<Name, string> {
  const texts = new Map<Name, string>();
  for (const { name = '', value = '' } of attribs) {
    const known = names.find((candidate) => foldName(candidate) === foldName(name));
    if (known === undefined) refuse(`${item}: ${quote(name)} is unknown; expected ${names.join(', ')}`);
    texts.set(known, value);
  }
  return texts;
}

function readCost(
  texts: Map<'Month' | 'Amount' | 'Id' | 'Note', string>,
  { settings }: ItemContext,
): CostItem {
  const month = readMonth(required('Cost', 'Month', texts.get('Month')));
  if ('problem' in month) refuse(`Cost Month: ${quote(texts.get('Month') ?? '')}; ${month.problem}`);
  const amount = readDecimal(required('Cost', 'Amount', texts.get('Amount')).trim());
  if ('problem' in amount) refuse(`Cost Amount: ${quote(texts.get('Amount') ?? '')}; ${amount.problem}`);
  return {
    kind: 'Cost',
    id: readCostId(texts.get('Id')?.trim() ?? ''),
    month: month.month,
    amount: Number(amount.value),
    note: readNote(texts.get('Note') ?? '', settings),
  };
}

/**
 * Reads the id of a cost. As for objects, an absent, empty, zero or negative id counts as not sent
 * (docs/behaviour.md#2-which-object-a-row-means).
 */
function readCostId(text: string): number | undefined {
  if (text === '') return undefined;
  const whole = readInteger(text);
  if ('value' in whole && Number(whole.value) <= 0) return undefined;
  const id = readId(text);
  return 'value' in id ? Number(id.value) : refuse(`Cost Id: ${quote(text)}; ${id.problem}`);
}

const NOTE_SIZE = 2000;

function readNote(text: string, settings: MObjectSettings): string | null | undefined {
  if (text === '') return settings.emptyValues === 'clear' ? null : undefined;
  if (text === ' ') return null;
  if (isLongerThan(text, NOTE_SIZE)) {
    refuse(`Cost Note: ${quote(text)}; expected at most ${NOTE_SIZE} characters`);
  }
  return text;
}

function readTag(texts: Map<'Type' | 'Value', string>, { schema }: ItemContext): TagItem | ChannelItem {
  const type = required('Tag', 'Type', texts.get('Type')).trim();
  const value = required('Tag', 'Value', texts.get('Value')).trim();
  const { tags, channels } = schema;
  if (foldName(type) === 'channel') {
    return { kind: 'Channel', channel: defined(() => `Tag Channel: ${quote(value)}`, value, channels) };
  }
  const known = defined(() => `Tag Type: ${quote(type)}`, type, tags, ['Channel']);
  const values = tags.get(known) ?? noValues;
  return { kind: 'Tag', type: known, value: defined(() => `Tag ${known}: ${quote(value)}`, value, values) };
}

const noValues: readonly string[] = [];

function required(item: string, name: string, text: string | undefined): string {
  if (text === undefined || text.trim() === '') refuse(`${item}: ${name} is required`);
  return text;
}

/** The names in one list of the schema. */
interface DefinedNames {
  readonly exact: ReadonlySet<string>;
  /** Folded name → the first name with that folded form. */
  readonly folded: ReadonlyMap<string, string>;
}

/** Cached per list: a list can hold thousands of names, and a call can look up thousands of items in it. */
const definedNames = new WeakMap<object, DefinedNames>();

function namesOf(list: NameList, more: readonly string[]): DefinedNames {
  const known = definedNames.get(list);
  if (known !== undefined) return known;
  const names = [...more, ...(Array.isArray(list) ? list : list.keys())] as string[];
  const folded = new Map(names.map((name) => [foldName(name), name] as const).reverse());
  const made = { exact: new Set(names), folded };
  definedNames.set(list, made);
  return made;
}

type NameList = readonly string[] | ReadonlyMap<string, unknown>;

/**
 * Returns the name as defined: an exact match, or else one that differs only in case. Refuses the row if there is
 * none.
 */
function defined(what: () => string, name: string, list: NameList, more: readonly string[] = []): string {
  const { exact, folded } = namesOf(list, more);
  if (exact.has(name)) return name;
  const found = folded.get(foldName(name));
  if (found !== undefined) return found;
  const first = [...exact].slice(0, 20).join(', ') + (exact.size > 20 ? ', …' : '');
  return refuse(`${what()} is not defined in this instance; defined are: ${first || 'none'}`);
}
