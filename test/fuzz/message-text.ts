import type { ElementDeclaration, TypeDeclaration } from '../../src/contract/declarations.ts';
import { type EnumerationName, enumerations } from '../../src/contract/enumerations.ts';
import { types } from '../../src/contract/types.ts';
import type { Chance } from './chance.ts';
import { escaped } from './hostile-text.ts';
import {
  attributesOf,
  type LeadWriting,
  likelyForLeads,
  listedText,
  sensibleForLeads,
  tokensOf,
} from './lead-values.ts';
import type { Positions } from './positions.ts';
import { attribOf, keyValue, likelyId, type MObjectType, mObjectTypes } from './sample-values.ts';
import { twisted } from './twisted-element.ts';

const declarations: Readonly<Record<string, TypeDeclaration>> = types;

/** What the writing of one message knows. */
interface Writing extends LeadWriting {
  /** How likely it is for an element to be other than the contract says. */
  readonly twist: number;
  /** Stream positions that the server handed out. */
  readonly positions: Positions;
  /** The type of the mObject that is being written. */
  mObjectType: MObjectType;
  /** What the typeAttrib that is being written is. */
  itemType: 'Cost' | 'Tag';
}

/** The content of a message of this type as XML: all of it valid where `twist` is 0. */
export function messageText(
  type: string,
  options: { readonly chance: Chance; readonly twist: number; readonly positions: Positions },
): string {
  const ofLeads = { root: type, texts: '', keyType: 'EMAIL', columns: [] };
  return contentOf(type, { ...options, ...ofLeads, mObjectType: 'Opportunity', itemType: 'Cost' });
}

/** Elements whose values make sense only together, or only with what is stored. */
const sensible: Readonly<Record<string, (writing: Writing) => string>> = {
  'MObject.type': (writing) => {
    writing.mObjectType = writing.chance.oneOf(mObjectTypes);
    return writing.mObjectType;
  },
  'MObject.id': ({ chance }) => likelyId(chance),
  'ParamsGetMObjects.id': ({ chance }) => likelyId(chance),
  'MObjAssociation.id': ({ chance, mObjectType }) =>
    mObjectType === 'Opportunity' ? '5' : chance.oneOf(['19', '64', '65']),
  'ParamsGetMObjects.type': ({ chance }) => chance.oneOf(mObjectTypes),
  'ParamsGetMObjects.streamPosition': positionOf,
  'ParamsGetMultipleLeads.streamPosition': positionOf,
  'ParamsGetCustomObjects.streamPosition': positionOf,
  'StreamPosition.offset': positionOf,
  'ParamsDescribeMObject.objectName': ({ chance }) =>
    chance.oneOf(['Opportunity', 'OpportunityPersonRole', 'LeadRecord', 'ActivityRecord']),
  'MObjAssociation.mObjType': ({ chance, mObjectType }) =>
    mObjectType === 'Opportunity' ? 'Company' : chance.oneOf(['Lead', 'Opportunity']),
  'MObjCriteria.attrName': ({ chance }) =>
    chance.oneOf(['Id', 'Name', 'Created At', 'Updated At', 'Stage', 'Amount', 'ExtId', 'Type', 'Channel']),
  'MObjCriteria.attrValue': ({ chance }) => chance.oneOf(['1', 'A', '2014-03-31', '2000', likelyId(chance)]),
  'Tag.type': ({ chance }) => chance.oneOf(['Region', 'Channel']),
  'ArrayOfString.stringItem': (writing) =>
    listedText(writing) ?? writing.chance.oneOf(['North', 'South', 'Webinar']),
  'TypeAttrib.attrType': (writing) => {
    writing.itemType = writing.chance.oneOf(['Cost', 'Tag']);
    return writing.itemType;
  },
  'ParamsSyncMObjects.operation': ({ chance }) => chance.oneOf(['UPSERT', 'UPSERT', 'INSERT', 'UPDATE']),
  ...sensibleForLeads,
};

/** A position that the server handed out for this operation, or where there is none: none at all. */
function positionOf({ chance, positions, root }: Writing): string {
  const own = positions.of(root);
  if (own.length === 0) return root === 'ParamsGetMObjects' ? 'none' : '';
  return chance.oneOf(own);
}

/** The attributes of a list, or the one that an external key is: values that depend on names, and on their owner. */
function attribsOf(owner: string, writing: Writing): (readonly [string, string])[] {
  const { chance, mObjectType, itemType } = writing;
  if (owner === 'ParamsRequestCampaign' || owner === 'ParamsScheduleCampaign') return tokensOf(writing);
  if (owner === 'externalKey') return [chance.happens(0.9) ? ['ExtId', keyValue(chance)] : otherKey(chance)];
  if (owner !== 'TypeAttrib')
    return Array.from({ length: chance.few(5) }, () => attribOf(mObjectType, chance));
  if (itemType === 'Tag') {
    const tag = chance.oneOf(['North', 'South', 'Webinar']);
    return [
      ['Type', tag === 'Webinar' ? 'Channel' : 'Region'],
      ['Value', tag],
    ];
  }
  const cost: [string, string][] = [
    ['Month', chance.oneOf(['2013-06', '2013-07-15'])],
    ['Amount', String(chance.number(5_000))],
  ];
  if (chance.happens(0.3)) cost.push(['Id', '153']);
  if (chance.happens(0.3)) cost.push(['Note', 'n']);
  return cost;
}

const otherKey = (chance: Chance) =>
  chance.oneOf([
    ['cAccountFSID', 'C123'],
    ['FSPID', '12346'],
    ['Name', 'A'],
    ['FSOpportunityID', keyValue(chance)],
  ] as const);

/** How likely an element is that may be left out; of an mObject: of a Program, of another type. */
const likely: Readonly<Record<string, number | readonly [number, number]>> = {
  'MObject.id': [0.95, 0.15],
  'MObject.externalKey': [0.02, 0.7],
  'MObject.createdAt': 0.05,
  'MObject.updatedAt': 0.05,
  'MObject.attribList': [0.02, 0.9],
  'MObject.typeAttribList': [0.9, 0.02],
  'MObject.associationList': [0.02, 0.2],
  'MObjAssociation.externalKey': 0.1,
  'TypeAttrib.attrList': 0.95,
  'ParamsGetMObjects.id': 0.2,
  'ParamsGetMObjects.externalKey': 0.2,
  'ParamsGetMObjects.mObjCriteriaList': 0.3,
  'ParamsGetMObjects.mObjAssociationList': 0.2,
  'ParamsGetMObjects.streamPosition': 0.3,
  ...likelyForLeads,
};

function isThere(path: string, { chance, mObjectType }: Writing): boolean {
  const probability = likely[path] ?? 0.5;
  const own = typeof probability === 'number' ? probability : probability[mObjectType === 'Program' ? 0 : 1];
  return chance.happens(own);
}

function contentOf(typeName: string, writing: Writing, owner = typeName): string {
  const { chance, twist } = writing;
  const declaration = declarations[typeName];
  if (declaration === undefined) return builtinText(typeName, writing);
  if (typeName === 'ArrayOfAttrib' || typeName === 'Attrib') {
    const pairs = attribsOf(owner, writing).map(
      ([name, value]) =>
        twisted('name', escaped(name), chance, twist) + twisted('value', escaped(value), chance, twist),
    );
    if (typeName === 'Attrib') return pairs[0] ?? '';
    return pairs.map((pair) => twisted('attrib', pair, chance, twist)).join('');
  }
  if (typeName === 'ArrayOfAttribute') {
    return attributesOf(owner, writing)
      .map(([name, value]) => attributeText(name, value, writing))
      .map((content) => twisted('attribute', content, chance, twist))
      .join('');
  }
  const parts = declaration.elements.map((element) => elementText(typeName, element, writing));
  return (chance.happens(twist) ? chance.shuffled(parts) : parts).join('');
}

function attributeText(name: string, value: string, { chance, twist }: Writing): string {
  const type = chance.oneOf(['', '', '<attrType>string</attrType>', '<attrType xsi:nil="true"/>']);
  return (
    twisted('attrName', escaped(name), chance, twist) +
    type +
    twisted('attrValue', escaped(value), chance, twist)
  );
}

/** What the content of an element is told of where it stands. */
function standsIn(typeName: string, { name, type }: ElementDeclaration): string {
  if (type === 'Attrib') return name;
  return type === 'ArrayOfAttribute' ? `${typeName}.${name}` : typeName;
}

function elementText(typeName: string, element: ElementDeclaration, writing: Writing): string {
  const { chance, twist } = writing;
  const { name, type, occurs } = element;
  const path = `${typeName}.${name}`;
  const mayMiss = occurs === 'optional' || occurs === 'optionalNillable' || occurs === 'unlisted';
  if (mayMiss && !isThere(path, writing)) return '';
  if (occurs.endsWith('illable') && chance.happens(0.2)) return `<${name} xsi:nil="true"/>`;
  const times = occurs === 'many' ? howMany(path, writing) : 1;
  let text = '';
  for (let time = 0; time < times; time++) {
    const fitting = sensible[path]?.(writing);
    const extension = abstractText(type, writing);
    const passedOn = standsIn(typeName, element);
    if (type === 'ArrayOfString') writing.texts = path;
    const content =
      fitting === undefined ? (extension?.content ?? contentOf(type, writing, passedOn)) : escaped(fitting);
    text += twisted(name, content, chance, twist, extension?.attributes);
  }
  return text;
}

/** Lists of which more than 100 or 1,000 items are too many. */
const limited: Readonly<Record<string, readonly number[]>> = {
  'ArrayOfMObject.mObject': [99, 100, 101],
  'ArrayOfCustomObj.customObj': [100, 101],
  'ArrayOfKeyList.keyList': [100, 101],
  'ArrayOfLeadKey.leadKey': [100, 101, 1_001],
  'ArrayOfLeadRecord.leadRecord': [100, 1_001],
};

function howMany(path: string, { chance, twist }: Writing): number {
  const most = limited[path];
  if (most !== undefined && chance.happens(twist / 40)) return chance.oneOf(most);
  return chance.happens(0.1) ? 0 : 1 + chance.few(4);
}

function abstractText(type: string, writing: Writing) {
  if (!declarations[type]?.abstract) return undefined;
  const extensions = Object.keys(declarations).filter((name) => declarations[name]?.base === type);
  const chosen = writing.chance.oneOf(extensions);
  return { attributes: ` xsi:type="m:${chosen}"`, content: contentOf(chosen, writing) };
}

function builtinText(type: string, { chance }: Writing): string {
  if (type in enumerations) return chance.oneOf(enumerations[type as EnumerationName]);
  switch (type) {
    case 'int':
    case 'long':
    case 'integer':
      return String(chance.number(1000) - 100);
    case 'boolean':
      return chance.oneOf(['true', 'false', '1', '0']);
    case 'dateTime':
      return '2014-03-31T10:00:00-08:00';
    case 'base64Binary':
      return 'aGVsbG8=';
    default:
      return chance.oneOf(['text', 'North', '1', 'Ünï', '']);
  }
}
