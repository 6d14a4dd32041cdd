/**
 * A second statement of docs/behaviour-leads.md, sections 3 and 4, as plainly as it can be said: one lead at a time, every
 * look-up a walk over everything. It knows only values that are valid as they stand.
 */

export interface SentLead {
  readonly Id?: number;
  readonly Email?: string;
  readonly ForeignSysPersonId?: string;
  readonly ForeignSysType?: 'SFDC' | 'NETSUITE';
  readonly id?: number;
  readonly email?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface NaiveLead {
  readonly id: number;
  email: string | null;
  values: Record<string, string>;
  company: string | null;
  /** Newest last. */
  foreignIds: string[];
  cookies: string[];
  updatedAt: number;
  /** New Lead, and the names of changed fields. */
  activities: string[];
}

export interface NaiveLeads {
  readonly leads: NaiveLead[];
  readonly companies: string[];
  last: number;
}

export interface NaiveOptions {
  readonly now: number;
  /** Whether this is syncLead. */
  readonly isSingle: boolean;
  readonly cookie?: string;
  readonly byEmail: boolean;
}

export class Refused extends Error {}

export function naiveLead(
  store: NaiveLeads,
  sent: SentLead,
  options: NaiveOptions,
): { id: number; status: 'CREATED' | 'UPDATED' } {
  const { now, isSingle, cookie, byEmail } = options;
  const newest = (matches: (lead: NaiveLead) => boolean) => store.leads.findLast(matches);
  const same = (one: string | null, other: string) =>
    one !== null && one.toLowerCase() === other.trim().toLowerCase();
  const withEmail = (email: string) => (byEmail ? newest((lead) => same(lead.email, email)) : undefined);
  const foreignId =
    sent.ForeignSysPersonId === undefined
      ? undefined
      : `${sent.ForeignSysType ?? 'CUSTOM'} ${sent.ForeignSysPersonId}`;
  const visitor = cookie === undefined ? undefined : newest(({ cookies }) => cookies.includes(cookie));

  let element = sent.Email;
  let emailKey = element?.trim() ? element : undefined;
  let id = sent.Id !== undefined && sent.Id > 0 ? sent.Id : undefined;
  const attributeEmail = sent.attributes.Email;
  if (id === undefined && foreignId === undefined && emailKey === undefined && cookie === undefined) {
    const attributeId = Number(sent.attributes.Id ?? 0);
    if (attributeId > 0) id = attributeId;
    else if (attributeEmail?.trim()) emailKey = attributeEmail;
    else if (sent.id !== undefined) id = sent.id;
    else if (sent.email !== undefined) {
      element = sent.email;
      emailKey = sent.email;
    } else throw new Refused('20101');
  }

  let found: NaiveLead | undefined;
  let writesElement = true;
  if (id !== undefined) {
    found = newest((lead) => lead.id === id);
    if (found === undefined) throw new Refused('20103');
    writesElement = isSingle;
  } else if (foreignId !== undefined) {
    found = newest(({ foreignIds }) => foreignIds.includes(foreignId));
    writesElement = found === undefined || isSingle;
    if (found === undefined && emailKey !== undefined) {
      const known = withEmail(emailKey);
      const type = foreignId.split(' ')[0] as string;
      if (known !== undefined && !known.foreignIds.some((each) => each.startsWith(`${type} `))) {
        found = known;
        writesElement = false;
      }
    }
  } else if (emailKey !== undefined) {
    found = withEmail(emailKey);
    if (found !== undefined) writesElement = false;
    else if (visitor?.email === null) found = visitor;
  } else found = visitor;

  const status = found === undefined ? 'CREATED' : 'UPDATED';
  let lead = found;
  if (lead === undefined) {
    store.last += 1;
    lead = {
      id: store.last,
      email: null,
      values: {},
      company: null,
      foreignIds: [],
      cookies: [],
      updatedAt: now,
      activities: ['NewLead'],
    };
    store.leads.push(lead);
  }
  const noted = (name: string) => {
    if (status === 'UPDATED') lead.activities.push(name);
    lead.updatedAt = Math.max(lead.updatedAt, now);
  };
  const address = attributeEmail || (writesElement ? element || undefined : undefined);
  if (address !== undefined) {
    const email = address.trim() === '' ? null : address.trim();
    if (email !== lead.email) noted('Email');
    lead.email = email;
  }
  for (const [name, value] of Object.entries(sent.attributes)) {
    if (name === 'Email' || name === 'Id' || name === 'LeadSource' || value === '') continue;
    let text: string | undefined = value === ' ' ? undefined : value;
    if (name === 'Company') {
      if (text !== undefined && store.companies.every((company) => !same(company, value)))
        store.companies.push(value);
      text = text === undefined ? undefined : store.companies.find((company) => same(company, value));
      lead.company = text ?? null;
    }
    if (lead.values[name] === text) continue;
    noted(name);
    if (text === undefined) delete lead.values[name];
    else lead.values[name] = text;
  }
  const take = (key: 'foreignIds' | 'cookies', value: string | undefined) => {
    if (value === undefined || lead[key].includes(value)) return;
    for (const other of store.leads) {
      if (!other[key].includes(value)) continue;
      other[key] = other[key].filter((each) => each !== value);
      other.updatedAt = Math.max(other.updatedAt, now);
    }
    lead[key].push(value);
    lead.updatedAt = Math.max(lead.updatedAt, now);
  };
  take('foreignIds', foreignId);
  take('cookies', cookie);
  return { id: lead.id, status };
}
