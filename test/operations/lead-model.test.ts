import fc from 'fast-check';
import { expect, it } from 'vitest';
import { leadFieldDefinitions } from '../../src/contract/lead-fields.ts';
import { overAllStores, type StoreSource } from '../store/test-engines.ts';
import { type LeadFixture, openLeadFixture } from './lead-fixture.ts';
import { type NaiveLeads, naiveLead, Refused, type SentLead } from './naive-leads.ts';

const email = fc.constantFrom('a@example.com', 'A@example.com', 'b@example.com', 'c@example.com');
const word = fc.constantFrom('x', 'y', 'z', ' ', '');

const lead: fc.Arbitrary<SentLead> = fc
  .record(
    {
      Id: fc.option(fc.integer({ min: -1, max: 6 }), { nil: undefined, freq: 2 }),
      Email: fc.oneof({ arbitrary: email, weight: 8 }, fc.constantFrom('', ' ')),
      ForeignSysPersonId: fc.constantFrom('f', 'F', 'g'),
      ForeignSysType: fc.constantFrom('SFDC' as const, 'NETSUITE' as const),
      id: fc.integer({ min: 1, max: 4 }),
      email,
      attributes: fc.record(
        {
          Email: fc.oneof({ arbitrary: email, weight: 4 }, fc.constantFrom('', ' ')),
          Id: fc.constantFrom('1', '2', '9', 'x'),
          FirstName: word,
          FSPID: word,
          LeadSource: word,
          Company: fc.constantFrom('Acme', 'ACME', 'Other', ' ', ''),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['attributes'] },
  )
  .map(
    (sent) => Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)) as never,
  );

const step = fc.record({
  /** Also back. */
  minute: fc.integer({ min: 0, max: 50 }),
  call: fc.oneof(
    fc.record({ one: lead, cookie: fc.constantFrom(undefined, undefined, 'token:1', 'token:2') }),
    fc.record({ many: fc.array(lead, { maxLength: 8 }), byEmail: fc.constantFrom(true, true, false) }),
  ),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const timeOf = (minute: number) => `2026-11-24T12:${String(minute).padStart(2, '0')}:00.000Z`;

/** Carries out a step here and in the model; both must end alike. */
async function sameEnd(fixture: LeadFixture, model: NaiveLeads, { minute, call }: Step): Promise<void> {
  const at = timeOf(minute);
  const refused = (sent: SentLead, error: unknown) => {
    if (!(error instanceof Refused)) throw error;
    const asked = sent.Id !== undefined && sent.Id > 0 ? sent.Id : undefined;
    return { id: asked, status: error.message };
  };
  if ('one' in call) {
    const { one, cookie } = call;
    let expected: object;
    try {
      expected = naiveLead(model, one, {
        now: minute,
        isSingle: true,
        byEmail: true,
        ...(cookie === undefined ? {} : { cookie }),
      });
    } catch (error) {
      const { status } = refused(one, error);
      expect(
        (await fixture.fault(one, { at, ...(cookie === undefined ? {} : { cookie }) })).slice(0, 5),
      ).toBe(status);
      return;
    }
    const result = await fixture.one(one, { at, ...(cookie === undefined ? {} : { cookie }) });
    expect({ id: result.leadId, status: result.syncStatus.status }).toEqual(expected);
    return;
  }
  const rows = await fixture.many(call.many, { dedup: call.byEmail, at });
  const expected = call.many.map((sent) => {
    try {
      return naiveLead(model, sent, { now: minute, isSingle: false, byEmail: call.byEmail });
    } catch (error) {
      return { status: refused(sent, error).status };
    }
  });
  expect(
    rows.map(({ leadId, status, error }) =>
      status === 'FAILED' ? { status: error?.slice(0, 5) } : { id: leadId, status },
    ),
  ).toEqual(expected);
}

async function sameState(fixture: LeadFixture, model: NaiveLeads): Promise<void> {
  const [leads, foreignIds, cookies, companies, activities] = [
    await fixture.leads(),
    await fixture.all('LeadForeignId'),
    await fixture.all('LeadCookie'),
    await fixture.all('Company'),
    await fixture.all('Activity'),
  ];
  expect(
    leads.map(({ id, email: address, companyId, values, updatedAt }) => ({
      id,
      email: address,
      values,
      company: companies.find((each) => each.id === companyId)?.name ?? null,
      foreignIds: foreignIds
        .filter(({ leadId }) => leadId === id)
        .map(({ type, value }) => `${type} ${value}`),
      cookies: cookies
        .filter(({ leadId }) => leadId === id)
        .map(({ value }) => value)
        .sort(),
      updatedAt: Number(updatedAt.slice(14, 16)),
      activities: activities
        .filter(({ leadId }) => leadId === id)
        .map(({ type, attributes }) => (type === 'NewLead' ? type : fieldNamed(attributes[0]?.[1] ?? ''))),
    })),
  ).toEqual(model.leads.map((each) => ({ ...each, cookies: each.cookies.toSorted() })));
  expect(companies.map(({ name }) => name)).toEqual(model.companies);
}

/** Activities name fields as people see them. */
const fieldNamed = (shown: string): string =>
  leadFieldDefinitions.find(({ displayName }) => displayName === shown)?.name ?? shown;

/** Histories that are tried: some seconds of them on a quiet machine. */
const runs: Readonly<Record<StoreSource['name'], number>> = { SQLite: 200, PostgreSQL: 40, reference: 200 };

await overAllStores((source) => {
  it('leads are found, written and answered as a plain model says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const fixture = await openLeadFixture(source, {
          fields: { Lead: [{ name: 'FSPID', dataType: 'string' }] },
        });
        const model: NaiveLeads = { leads: [], companies: [], last: 0 };
        try {
          for (const each of steps) await sameEnd(fixture, model, each);
          await sameState(fixture, model);
        } finally {
          await fixture.store.close();
        }
      }),
      { numRuns: runs[source.name] },
    );
  });

  it('calls at once with one address or foreign id make one lead', async () => {
    const fixture = await openLeadFixture(source);
    try {
      for (let round = 0; round < 10; round++) {
        const address = `r${round}@example.com`;
        const foreignId = { ForeignSysPersonId: `r${round}` };
        const ids = await Promise.all([
          ...Array.from({ length: 4 }, async () => (await fixture.one({ Email: address })).leadId),
          fixture
            .many([{ Email: address }, { Email: address.toUpperCase() }])
            .then((rows) => rows[0]?.leadId),
        ]);
        expect(new Set(ids).size).toBe(1);
        const others = await Promise.all(
          Array.from(
            { length: 4 },
            async () => (await fixture.one(foreignId, { cookie: `token:${round}` })).leadId,
          ),
        );
        expect(new Set(others).size).toBe(1);
      }
      expect(await fixture.leads()).toHaveLength(20);
    } finally {
      await fixture.store.close();
    }
  });

  it('calls at once that name one company make one', async () => {
    const fixture = await openLeadFixture(source);
    try {
      await Promise.all(
        Array.from({ length: 8 }, (_, at) =>
          fixture.one({
            Email: `${at}@example.com`,
            attributes: { Company: at % 2 === 0 ? 'Acme' : 'ACME' },
          }),
        ),
      );
      expect(await fixture.all('Company')).toHaveLength(1);
    } finally {
      await fixture.store.close();
    }
  });
});
