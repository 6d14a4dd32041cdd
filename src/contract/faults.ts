import { shortened } from './shortened.ts';

/** A row of the fault table. */
export interface FaultDeclaration {
  /** Short text: the faultstring is "<code> - <short>". */
  readonly short: string;
  /** SOAP 1.1's Client (the request must change) or Server (the same request may be retried). */
  readonly blame: 'Client' | 'Server';
  /** When it is answered; for people. */
  readonly when: string;
  /** Advice for the client or operator. */
  readonly remedy: string;
}

/**
 * All faults of this server (docs/behaviour.md#fault-codes). Short texts are those of the published code table,
 * except for 20110, for which a published answer shows another. A test compares `docs/errors.md` with this table.
 */
export const faults = {
  20011: {
    short: 'Internal Error',
    blame: 'Server',
    when: 'The store failed. Nothing of the call was applied, unless the message says that this is not known.',
    remedy: 'Send the same call again. If it fails again, see the log and /readyz.',
  },
  20012: {
    short: 'Request Not Understood',
    blame: 'Client',
    when: 'The request is not XML, not SOAP 1.1, has no body element or a DOCTYPE, or is over a size or depth cap.',
    remedy: 'The message says what is wrong and where. Malformed XML has the faultstring "Bad Request".',
  },
  20013: {
    short: 'Access Denied',
    blame: 'Client',
    when: "The client's address is not among those that may call.",
    remedy: 'Add the address to --allow, or, behind a proxy, name the proxy in --trust-proxy.',
  },
  20014: {
    short: 'Authentication failed',
    blame: 'Client',
    when: 'The authentication header is missing, the user unknown, the signature wrong or the timestamp unreadable.',
    remedy: "Check user id and secret. The server's log has the reason, which no answer tells.",
  },
  20015: {
    short: 'Request Limit Exceeded',
    blame: 'Client',
    when: 'The daily quota is used up (--limit-daily).',
    remedy: 'Wait for midnight US Central, or raise the limit.',
  },
  20016: {
    short: 'Request Expired',
    blame: 'Client',
    when: 'The timestamp is older than --max-age, or further ahead of the clock than --max-ahead.',
    remedy: "Correct the client's clock or its time zone, and sign each call anew.",
  },
  20017: {
    short: 'Invalid Request',
    blame: 'Client',
    when: 'A parameter is there, but a required part of it is missing.',
    remedy: 'The message names the element that is missing.',
  },
  20019: {
    short: 'Unsupported Operation',
    blame: 'Client',
    when: 'The operation is unknown.',
    remedy: "See the README's table of operations.",
  },
  20022: {
    short: 'Time range specified in query filter exceeded limit',
    blame: 'Client',
    when: 'With --limits marketo: oldestUpdatedAt and latestUpdatedAt are over 30 days apart.',
    remedy: 'Ask for shorter times one after another, or leave out latestUpdatedAt.',
  },
  20023: {
    short: 'Rate Limit Exceeded',
    blame: 'Client',
    when: 'More calls in 20 seconds than --limit-rate allows.',
    remedy: 'Send fewer calls at a time, with more objects in each, or raise the limit.',
  },
  20024: {
    short: 'Concurrency Limit Exceeded',
    blame: 'Client',
    when: 'More at once than is allowed: calls (--limit-concurrency), connections (--max-connections, --max-connections-per-address), bytes of bodies (--max-bodies) or of answers that clients have not read (--max-answers).',
    remedy: 'Wait for answers before sending more calls, or raise the limit that the message names.',
  },
  20101: {
    short: 'Lead Key Required',
    blame: 'Client',
    when: 'A call or a row names no lead.',
    remedy: 'Send a key: Id, ForeignSysPersonId, Email or a cookie of a lead, or keyType and keyValue.',
  },
  20102: {
    short: 'Lead Key Bad',
    blame: 'Client',
    when: 'A keyType is unknown.',
    remedy: 'The message names the known ones.',
  },
  20103: {
    short: 'Lead not found',
    blame: 'Client',
    when: 'No lead has the key that was sent.',
    remedy: 'The message has type and value of the key. Create the lead with syncLead, or correct the key.',
  },
  20104: {
    short: 'Lead Detail Required',
    blame: 'Client',
    when: 'syncLead was called without a leadRecord.',
    remedy: 'Send a leadRecord.',
  },
  20105: {
    short: 'Unknown lead field',
    blame: 'Client',
    when: 'An attribute of a lead has a name that no field has.',
    remedy: 'Correct the name, define the field with `mktows fields add`, or serve with `--schema open`.',
  },
  20106: {
    short: 'Lead Sync Failed',
    blame: 'Client',
    when: 'A value of a lead is not one of its field, or the lead is in another workspace than the call names.',
    remedy: 'The message names field, value and what was expected.',
  },
  20107: {
    short: 'Activity Key Bad',
    blame: 'Client',
    when: 'A filter names a type of activities that does not exist.',
    remedy: 'The message has the name, and lists the types.',
  },
  20108: {
    short: 'Lead Owner Not Found',
    blame: 'Client',
    when: 'No lead has an owner with the key that was sent (LEADOWNEREMAIL, SFDCLEADOWNERID).',
    remedy: 'Owners come from the instance file.',
  },
  20109: {
    short: 'Parameter Required',
    blame: 'Client',
    when: 'A required parameter of the operation is missing or nil.',
    remedy: 'The message names the parameter.',
  },
  20110: {
    short: 'Input error',
    blame: 'Client',
    when: 'A parameter has a value that the operation does not accept: over 100 mObjects, an unknown operation value.',
    remedy: 'The message names the parameter, what it holds and what was expected.',
  },
  20111: {
    short: 'List Not Found',
    blame: 'Client',
    when: 'There is no static list of that name or id, or the name could mean several.',
    remedy:
      'Define it in the instance file, or serve with --schema open. A list of a program is named Program.List.',
  },
  20113: {
    short: 'Campaign Not Found',
    blame: 'Client',
    when: 'There is no campaign of that name or id that the call can use.',
    remedy: 'Define it in the instance file (a trigger campaign with its sources, or a batch campaign).',
  },
  20122: {
    short: 'Bad Stream Position',
    blame: 'Client',
    when: 'The stream position was not issued by this instance, was modified, or belongs to another type.',
    remedy: 'Start again without a stream position.',
  },
  20123: {
    short: 'Stream at End',
    blame: 'Client',
    when: 'The stream position is past the last page.',
    remedy: 'Stop when hasMore is false.',
  },
} as const satisfies Record<number, FaultDeclaration>;

export type FaultCode = keyof typeof faults;

/** All codes, ascending. */
export const faultCodes = Object.keys(faults).map(Number) as FaultCode[];

/**
 * The kind of a 20012 that SOAP or Marketo answers in a form of its own: `malformed` has the faultstring "Bad
 * Request" (docs/wire.md#faults); the others are fault codes of SOAP 1.1, section 4.4.1.
 */
export type FaultForm = 'malformed' | 'VersionMismatch' | 'MustUnderstand';

/** Maximum length of a message: it quotes input of any length. */
const MESSAGE_AT_MOST = 2000;

/**
 * The error that ends a call with a SOAP fault. `message` is for the client: what was wrong, where, what was
 * expected. `internal` is for the log only and never leaves the server.
 */
export class SoapFault extends Error {
  override readonly name = 'SoapFault';
  readonly code: FaultCode;
  readonly form: FaultForm | undefined;
  readonly internal: string | undefined;
  /** True if the call may have been applied nevertheless. */
  readonly outcomeUnknown: boolean;

  constructor(
    code: FaultCode,
    message: string = faults[code].short,
    options: {
      form?: FaultForm | undefined;
      internal?: string | undefined;
      outcomeUnknown?: boolean;
      cause?: unknown;
    } = {},
  ) {
    super(
      shortened(message, MESSAGE_AT_MOST),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.form = options.form;
    this.internal = options.internal && shortened(options.internal, MESSAGE_AT_MOST);
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }
}
