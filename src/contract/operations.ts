import type { TypeName } from './types.ts';

/** The XML namespace of the API's messages. */
export const MKTOWS_NAMESPACE = 'http://www.marketo.com/mktows/';

interface OperationDeclaration {
  /** Description for the WSDL and the README. */
  readonly documentation: string;
  /** The call may carry a MktowsContextHeader (docs/wire.md#headers). */
  readonly takesContext: boolean;
}

function operation(documentation: string, takesContext = false): OperationDeclaration {
  return { documentation, takesContext };
}

/**
 * The 23 operations, in the order of the WSDL. The rest follows from the name: request element `params<Operation>`,
 * answer element `success<Operation>`, SOAPAction namespace + name (docs/wire.md#wsdl).
 */
export const operations = {
  deleteMObjects: operation('Delete MObjects.'),
  describeMObject: operation('Get the metadata of an MObject type.'),
  getMObjects: operation('Find MObjects.'),
  syncMObjects: operation('Insert, update or upsert MObjects.'),
  getCampaignsForSource: operation('List campaigns.'),
  getImportToListStatus: operation('Ask how a list import is doing.'),
  getLead: operation('Get a lead.'),
  getLeadActivity: operation('Get the activity log of a lead.'),
  getLeadChanges: operation('Get changes of leads.'),
  getMultipleLeads: operation('Get several leads.'),
  importToList: operation('Import rows into a list.'),
  listMObjects: operation('List the types of MObjects that can be described.'),
  listOperation: operation('Add leads to a list, remove them, or ask whether they are members.'),
  requestCampaign: operation('Add leads to a campaign.'),
  scheduleCampaign: operation('Schedule a campaign.'),
  syncLead: operation('Insert or update a lead.', true),
  syncMultipleLeads: operation('Insert or update several leads.'),
  syncCustomObjects: operation('Insert, update or upsert custom objects.'),
  deleteCustomObjects: operation('Delete custom objects.'),
  getCustomObjects: operation('Find custom objects.'),
  mergeLeads: operation('Merge leads.'),
  getChannels: operation('List channels and their progression statuses.'),
  getTags: operation('List tag types and their values.'),
} as const;

export type OperationName = keyof typeof operations;

/** The names of all operations, in the WSDL's order. */
export const operationNames = Object.keys(operations) as OperationName[];

/** The message type of an operation's request. */
export type RequestTypeOf<Name extends OperationName> = `Params${Capitalize<Name>}` & TypeName;
/** The message type of an operation's answer. */
export type AnswerTypeOf<Name extends OperationName> = `Success${Capitalize<Name>}` & TypeName;

const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** Returns the message type of an operation's request: `syncMObjects` → `ParamsSyncMObjects`. */
export function requestType<Name extends OperationName>(name: Name): RequestTypeOf<Name> {
  return `Params${capitalized(name)}` as RequestTypeOf<Name>;
}

/** Returns the message type of an operation's answer: `syncMObjects` → `SuccessSyncMObjects`. */
export function answerType<Name extends OperationName>(name: Name): AnswerTypeOf<Name> {
  return `Success${capitalized(name)}` as AnswerTypeOf<Name>;
}

/**
 * The global elements of the schema with their types: both headers, and the request and answer of each operation.
 */
export const globalElements: ReadonlyMap<string, TypeName> = new Map<string, TypeName>([
  ['AuthenticationHeader', 'AuthenticationHeaderInfo'],
  ['MktowsContextHeader', 'MktowsContextHeaderInfo'],
  ...operationNames.flatMap((name): [string, TypeName][] => [
    [`params${capitalized(name)}`, requestType(name)],
    [`success${capitalized(name)}`, answerType(name)],
  ]),
]);

const byRequestElement = new Map(operationNames.map((name) => [`params${capitalized(name)}`, name]));

/** Returns the operation of a request element's local name, if there is one. */
export function operationOfRequest(localName: string): OperationName | undefined {
  return byRequestElement.get(localName);
}

/** Returns the local name of an operation's request element: `syncMObjects` → `paramsSyncMObjects`. */
export const requestElement = (name: OperationName): string => `params${capitalized(name)}`;

/** Returns the local name of an operation's answer element: `syncMObjects` → `successSyncMObjects`. */
export const answerElement = (name: OperationName): string => `success${capitalized(name)}`;
