import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MObjectSettings } from '../../src/rules/settings.ts';
import { overAllStores } from '../store/test-engines.ts';
import { type LeadFixture, openLeadFixture } from './lead-fixture.ts';
import { BENCH_TIME } from './sync-fixture.ts';

const instance = {
  fields: { Lead: [{ name: 'FSPID', dataType: 'string' }] },
  companies: [{ id: 3, name: 'ACME' }],
  leads: [
    { id: 7, email: 'double@example.com', attributes: { FirstName: 'Ann', LeadSource: 'Web' } },
    { id: 9, email: 'Double@example.com', attributes: { FirstName: 'Bob' } },
  ],
};

const LATER = '2026-11-24T12:00:00.000Z';

await overAllStores((source) => {
  let fixture: LeadFixture;
  const open = async (settings: Partial<MObjectSettings>) => {
    await fixture.store.close();
    fixture = await openLeadFixture(source, instance, settings);
  };
  beforeEach(async () => {
    fixture = await openLeadFixture(source, instance);
  });
  afterEach(() => fixture.store.close());

  const foreignIds = async () =>
    (await fixture.all('LeadForeignId')).map(({ leadId, type, value }) => `${leadId} ${type} ${value}`);
  const lead = async (id: number) => (await fixture.leads()).find((each) => each.id === id);

  describe('which lead', () => {
    it('Id wins over all other keys', async () => {
      const result = await fixture.one({ Id: 7, Email: 'x@example.com', ForeignSysPersonId: 'F1' });
      expect(result).toMatchObject({ leadId: 7, syncStatus: { leadId: 7, status: 'UPDATED', error: null } });
      expect(await lead(7)).toMatchObject({ email: 'x@example.com' });
      expect(await foreignIds()).toEqual(['7 CUSTOM F1']);
    });

    it('an unknown Id is 20103, even with an Email', async () => {
      expect(await fixture.fault({ Id: 8, Email: 'double@example.com' })).toBe(
        '20103 No lead found with IDNUM = 8',
      );
      expect(await lead(9)).toMatchObject({ email: 'Double@example.com' });
    });

    it.each([0, -5])('Id %i counts as not given', async (Id) => {
      expect((await fixture.one({ Id, Email: 'double@example.com' })).leadId).toBe(9);
    });

    it('Email means the newest of its leads, without case and outer blanks', async () => {
      const result = await fixture.one({ Email: ' DOUBLE@example.com ', attributes: { FirstName: 'Eve' } });
      expect(result).toMatchObject({ leadId: 9, syncStatus: { status: 'UPDATED' } });
      expect(await lead(9)).toMatchObject({ email: 'Double@example.com', values: { FirstName: 'Eve' } });
    });

    it('an unknown Email makes a lead', async () => {
      const result = await fixture.one({ Email: 'New@example.com', attributes: { LeadScore: '5' } });
      const { leadId } = result;
      expect(result).toEqual({
        leadId,
        syncStatus: { leadId, status: 'CREATED', error: null },
        leadRecord: null,
      });
      expect(leadId).toBeGreaterThan(9);
      expect(await lead(leadId)).toMatchObject({ email: 'New@example.com', values: { LeadScore: 5 } });
    });

    it('a foreign id means the lead that has it, and the Email is its new address', async () => {
      await fixture.one({ Id: 7, ForeignSysPersonId: 'F1', ForeignSysType: 'NETSUITE' });
      const again = {
        ForeignSysPersonId: 'F1',
        ForeignSysType: 'NETSUITE',
        Email: 'double@example.com',
      } as const;
      expect((await fixture.one({ ...again, Email: 'seven@example.com' })).leadId).toBe(7);
      expect(await lead(7)).toMatchObject({ email: 'seven@example.com' });
      expect((await fixture.one({ ForeignSysPersonId: 'F1' })).syncStatus.status).toBe('CREATED');
    });

    it('an unknown foreign id beside a known Email goes to that lead, once for each type', async () => {
      const Email = 'double@example.com';
      expect((await fixture.one({ ForeignSysPersonId: 'A', Email })).leadId).toBe(9);
      expect((await fixture.one({ ForeignSysPersonId: 'S', ForeignSysType: 'SFDC', Email })).leadId).toBe(9);
      const { leadId } = await fixture.one({ ForeignSysPersonId: 'B', Email });
      expect(leadId).toBeGreaterThan(9);
      expect(await foreignIds()).toEqual(['9 CUSTOM A', '9 SFDC S', `${leadId} CUSTOM B`]);
    });

    it('rows of one new address with foreign ids of one type make a lead each', async () => {
      const rows = Array.from({ length: 40 }, (_, n) => ({ Email: 'i@x.org', ForeignSysPersonId: `N${n}` }));
      const made = await fixture.many(rows);
      expect(made.map(({ status }) => status)).toEqual(rows.map(() => 'CREATED'));
      expect(new Set(made.map(({ leadId }) => leadId)).size).toBe(40);
    });

    it('a foreign id moves to the lead that it is sent with', async () => {
      await fixture.one({ Id: 7, ForeignSysPersonId: 'F1' });
      await fixture.one({ Id: 9, ForeignSysPersonId: 'F1' }, { at: LATER });
      expect(await foreignIds()).toEqual(['9 CUSTOM F1']);
      expect(await lead(7)).toMatchObject({ updatedAt: LATER });
      expect((await fixture.one({ ForeignSysPersonId: 'F1' })).leadId).toBe(9);
    });

    it('foreign ids are compared with case and blanks', async () => {
      await fixture.one({ Id: 7, ForeignSysPersonId: 'f' });
      expect((await fixture.one({ ForeignSysPersonId: 'F' })).syncStatus.status).toBe('CREATED');
      expect((await fixture.one({ ForeignSysPersonId: ' f' })).syncStatus.status).toBe('CREATED');
    });

    it('a cookie finds its lead, encoded or not, with or without the munchkin id', async () => {
      const cookie = 'id:287-GTJ-838&token:_mch-marketo.com-1396310362214-46169';
      const { leadId, syncStatus } = await fixture.one({}, { cookie });
      expect(syncStatus.status).toBe('CREATED');
      for (const same of [encodeURIComponent(cookie), cookie.slice(cookie.indexOf('token:'))]) {
        expect((await fixture.one({}, { cookie: same })).leadId).toBe(leadId);
      }
    });

    it('a cookie that decodes to what XML cannot carry stays as it was sent', async () => {
      const { leadId } = await fixture.one({}, { cookie: 'id:1&token:%00a' });
      expect((await fixture.one({}, { cookie: 'token:%00a' })).leadId).toBe(leadId);
      const { records } = await fixture.store.list({ type: 'LeadCookie', where: [], limit: 9 });
      expect(records.map(({ value }) => value)).toEqual(['token:%00a']);
    });

    it('an Email makes the anonymous lead of the cookie known', async () => {
      const { leadId } = await fixture.one({}, { cookie: 'token:a' });
      expect((await fixture.one({ Email: 'a@example.com' }, { cookie: 'token:a' })).leadId).toBe(leadId);
      expect(await lead(leadId)).toMatchObject({ email: 'a@example.com' });
      const other = await fixture.one({ Email: 'b@example.com' }, { cookie: 'token:a' });
      expect(other.syncStatus.status).toBe('CREATED');
      expect((await fixture.one({}, { cookie: 'token:a' })).leadId).toBe(other.leadId);
    });

    it('a known Email wins over the cookie, which moves', async () => {
      await fixture.one({}, { cookie: 'token:a' });
      expect((await fixture.one({ Email: 'double@example.com' }, { cookie: 'token:a' })).leadId).toBe(9);
      expect((await fixture.one({}, { cookie: 'token:a' })).leadId).toBe(9);
    });

    it('an empty cookie is none', async () => {
      expect(await fixture.fault({}, { cookie: '' })).toMatch(/^20101 /);
    });

    it('attributes Id and Email serve as keys where no element does', async () => {
      expect((await fixture.one({ attributes: { Id: '7', Email: 'seven@example.com' } })).leadId).toBe(7);
      expect(await lead(7)).toMatchObject({ email: 'seven@example.com' });
      expect((await fixture.one({ attributes: { Email: 'Seven@example.com' } })).leadId).toBe(7);
      expect((await fixture.one({ attributes: { Email: 'n@example.com' } })).syncStatus.status).toBe(
        'CREATED',
      );
      expect(await fixture.fault({ attributes: { Id: '99', Email: 'double@example.com' } })).toBe(
        '20103 No lead found with IDNUM = 99',
      );
    });

    it('elements in wrong case serve as keys where no proper one is there', async () => {
      expect((await fixture.one({ id: 7 })).leadId).toBe(7);
      expect((await fixture.one({ leadId: 7 })).leadId).toBe(7);
      expect((await fixture.one({ email: 'double@example.com' })).leadId).toBe(9);
      const { leadId } = await fixture.one({ email: 'n@example.com' });
      expect(await lead(leadId)).toMatchObject({ email: 'n@example.com' });
      expect((await fixture.one({ id: 7, Email: 'double@example.com' })).leadId).toBe(9);
    });

    it('without any key: 20101; without a leadRecord: 20104', async () => {
      expect(await fixture.fault({ attributes: { FirstName: 'x' } })).toMatch(/^20101 /);
      expect(await fixture.fault(undefined)).toMatch(/^20104 /);
    });
  });

  describe('what is written', () => {
    it('the attribute Email is the new address beside the Email key, and two leads may share it', async () => {
      const { leadId } = await fixture.one({ Email: 'new@example.com' });
      await fixture.one({ Email: 'new@example.com', attributes: { Email: 'double@example.com' } });
      expect(await lead(leadId)).toMatchObject({ email: 'double@example.com' });
      expect((await fixture.one({ Email: 'double@example.com' })).leadId).toBe(leadId);
    });

    it('of a new lead, the attribute Email wins over the element', async () => {
      const { leadId } = await fixture.one({
        Email: 'a@example.com',
        attributes: { Email: 'b@example.com' },
      });
      expect(await lead(leadId)).toMatchObject({ email: 'b@example.com' });
    });

    it('a blank Email clears it, an empty one does not', async () => {
      await fixture.one({ Id: 7, Email: '' });
      expect(await lead(7)).toMatchObject({ email: 'double@example.com' });
      await fixture.one({ Id: 7, Email: ' ' });
      expect(await lead(7)).toMatchObject({ email: null });
    });

    it('empty values keep, one blank clears', async () => {
      await fixture.one({ Id: 7, attributes: { FirstName: '', LastName: 'L' } });
      expect(await lead(7)).toMatchObject({ values: { FirstName: 'Ann', LastName: 'L' } });
      await fixture.one({ Id: 7, attributes: { FirstName: ' ' } });
      expect((await lead(7))?.values).toEqual({ LeadSource: 'Web', LastName: 'L' });
    });

    it('with --empty-values clear empty values clear', async () => {
      await open({ emptyValues: 'clear' });
      await fixture.one({ Id: 7, attributes: { FirstName: '', Email: '' } });
      expect(await lead(7)).toMatchObject({ email: null });
      expect((await lead(7))?.values).toEqual({ LeadSource: 'Web' });
    });

    it('update-blocked fields are accepted and stay as they are', async () => {
      expect((await fixture.one({ Id: 7, attributes: { LeadSource: 'other' } })).syncStatus.status).toBe(
        'UPDATED',
      );
      expect(await lead(7)).toMatchObject({ values: { LeadSource: 'Web' } });
      const { leadId } = await fixture.one({ Email: 'n@example.com', attributes: { LeadSource: 'other' } });
      expect((await lead(leadId))?.values).toEqual({});
    });

    it('createdAt and updatedAt are ignored', async () => {
      await fixture.one({ Id: 7, attributes: { createdAt: 'x', updatedAt: 'y' } });
      expect((await lead(7))?.values).toEqual({ FirstName: 'Ann', LeadSource: 'Web' });
    });

    it('an update that changes nothing is UPDATED, and moves no time', async () => {
      const before = await lead(7);
      const result = await fixture.one({ Id: 7, attributes: { firstname: 'Ann' } }, { at: LATER });
      expect(result.syncStatus.status).toBe('UPDATED');
      expect(await lead(7)).toEqual(before);
      expect(await fixture.activities()).toEqual([]);
    });

    it('updatedAt never goes back', async () => {
      await fixture.one({ Id: 7, attributes: { FirstName: 'b' } }, { at: LATER });
      await fixture.one({ Id: 7, attributes: { FirstName: 'c' } }, { at: '2020-01-01T00:00:00.000Z' });
      expect(await lead(7)).toMatchObject({ updatedAt: LATER, values: { FirstName: 'c' } });
    });

    it('returnLead answers the lead after the write', async () => {
      const { leadRecord } = await fixture.one(
        { Id: 7, ForeignSysPersonId: 'F', attributes: { Company: 'acme', DoNotCall: 'true' } },
        { returnLead: true },
      );
      expect(leadRecord).toMatchObject({
        Id: 7,
        Email: 'double@example.com',
        ForeignSysPersonId: 'F',
        ForeignSysType: 'CUSTOM',
        leadAttributeList: {
          attribute: [
            { attrName: 'Company', attrType: 'string', attrValue: 'ACME' },
            { attrName: 'DoNotCall', attrType: 'boolean', attrValue: '1' },
            { attrName: 'FirstName', attrType: 'string', attrValue: 'Ann' },
            { attrName: 'LeadSource', attrType: 'string', attrValue: 'Web' },
          ],
        },
      });
    });
  });

  describe('unknown fields and bad values', () => {
    it('unknown fields end the call with 20105, and nothing is applied', async () => {
      const attributes = { FirstName: 'z', pants: 'x', shoes: '' };
      expect(await fixture.fault({ Id: 7, attributes })).toBe(
        '20105 syncLead operation failed: unknown fields for import: pants, shoes',
      );
      expect(await lead(7)).toMatchObject({ values: { FirstName: 'Ann' } });
    });

    it('with --unknown-fields create they become fields, with ignore they are dropped', async () => {
      await open({ unknownFields: 'create' });
      await fixture.one({ Id: 7, attributes: { pants: 'blue', shoes: '' } });
      expect(await lead(7)).toMatchObject({ values: { pants: 'blue' } });
      const names = (await fixture.store.schema()).fields.Lead.all.map(({ name }) => name);
      expect(names).toContain('pants');
      expect(names).not.toContain('shoes');
      await open({ unknownFields: 'ignore' });
      await fixture.one({ Id: 7, attributes: { pants: 'blue', FirstName: 'z' } });
      expect((await lead(7))?.values).toEqual({ FirstName: 'z', LeadSource: 'Web' });
    });

    it('a bad value is 20106 with field, value and what was expected', async () => {
      expect(await fixture.fault({ Id: 7, attributes: { LeadScore: 'many' } })).toBe(
        '20106 LeadScore: "many"; expected a whole number, such as 80 or 80%',
      );
      expect(await fixture.fault({ Id: 7, Email: 'x'.repeat(256) })).toMatch(/^20106 Email: /);
      expect(await fixture.fault({ Id: 7, ForeignSysPersonId: 'x'.repeat(256) })).toMatch(/^20106 Foreign/);
      expect(await fixture.fault({ Id: 7 }, { cookie: 'x'.repeat(501) })).toMatch(/^20106 marketoCookie/);
    });
  });

  describe('activities', () => {
    it('a new lead has one', async () => {
      const { leadId } = await fixture.one({ Email: 'n@example.com', attributes: { FirstName: 'x' } });
      const source = 'Source Type=Web service API; Source Info=Web service API';
      expect(await fixture.activities()).toEqual([
        `${leadId} NewLead - ${source}; Created Date=2026-11-23; Lead ID=${leadId}`,
      ]);
    });

    it('each changed field of a known lead has one', async () => {
      const attributes = { FirstName: 'Eve', LastName: 'L', DoNotCall: '1' };
      await fixture.one({ Id: 7, Email: 'e@example.com', attributes });
      await fixture.one({ Id: 7, attributes: { DoNotCall: 'false', LastName: ' ' } });
      const tail = 'Reason=SOAP API; Lead ID=7';
      expect(await fixture.activities()).toEqual([
        `7 ChangeDataValue Email Address Attribute Name=Email Address; Old Value=double@example.com; New Value=e@example.com; ${tail}`,
        `7 ChangeDataValue First Name Attribute Name=First Name; Old Value=Ann; New Value=Eve; ${tail}`,
        `7 ChangeDataValue Last Name Attribute Name=Last Name; Old Value=; New Value=L; ${tail}`,
        `7 ChangeDataValue Do Not Call Attribute Name=Do Not Call; Old Value=; New Value=1; ${tail}`,
        `7 ChangeDataValue Do Not Call Attribute Name=Do Not Call; Old Value=1; New Value=0; ${tail}`,
        `7 ChangeDataValue Last Name Attribute Name=Last Name; Old Value=L; New Value=; ${tail}`,
      ]);
    });

    it('foreign ids and cookies are an update of the lead and no activity', async () => {
      await fixture.one({ Id: 7, ForeignSysPersonId: 'F' }, { at: LATER });
      expect(await lead(7)).toMatchObject({ updatedAt: LATER });
      await fixture.one({ Id: 9 }, { cookie: 'token:c', at: LATER });
      expect(await lead(9)).toMatchObject({ updatedAt: LATER });
      expect(await fixture.activities()).toEqual([]);
    });
  });

  describe('companies', () => {
    const companies = async () => (await fixture.all('Company')).map(({ name }) => name);
    const companyNamed = async (wanted: string) =>
      (await fixture.all('Company')).find(({ name }) => name === wanted)?.id;

    it('the field Company links to the one company of that name', async () => {
      await fixture.one({ Id: 7, attributes: { Company: ' acme ' } });
      await fixture.one({ Id: 9, attributes: { Company: 'Umbrella' } });
      const { leadId } = await fixture.one({ Email: 'n@example.com', attributes: { Company: 'UMBRELLA' } });
      expect(await companies()).toEqual(['ACME', 'Umbrella']);
      const companyId = await companyNamed('Umbrella');
      expect(await lead(7)).toMatchObject({ companyId: 3, values: { Company: 'ACME' } });
      expect(await lead(9)).toMatchObject({ companyId, values: { Company: 'Umbrella' } });
      expect(await lead(leadId)).toMatchObject({ companyId, values: { Company: 'Umbrella' } });
    });

    it('another name links anew and renames nothing; a blank one unlinks', async () => {
      await fixture.one({ Id: 7, attributes: { Company: 'ACME' } });
      await fixture.one({ Id: 7, attributes: { Company: 'Other' } });
      expect(await companies()).toEqual(['ACME', 'Other']);
      expect(await lead(7)).toMatchObject({ companyId: await companyNamed('Other') });
      await fixture.one({ Id: 7, attributes: { Company: ' ' } });
      expect(await lead(7)).toMatchObject({ companyId: null });
      expect((await lead(7))?.values).not.toHaveProperty('Company');
    });

    it('a company association makes a company for a lead that has none', async () => {
      await fixture.one({ Id: 7, attributes: { FSPID: 'P7' } });
      await fixture.one({ Id: 9, attributes: { FSPID: 'P9' } });
      const key = (value: string) => ({
        type: 'Opportunity',
        associationList: {
          mObjAssociation: [{ mObjType: 'Company', externalKey: { name: 'FSPID', value } }],
        },
      });
      const results = await fixture.objects([key('P7'), key('P7'), key('P9')]);
      expect(results.map(({ status }) => status)).toEqual(['CREATED', 'CREATED', 'CREATED']);
      const [, first, second] = await fixture.all('Company');
      expect(await companies()).toEqual(['ACME', `Company ${first?.id}`, `Company ${second?.id}`]);
      expect(await lead(7)).toMatchObject({ companyId: first?.id });
      const ids = (await fixture.all('Opportunity')).map(({ values }) => values.get('CompanyId'));
      expect(ids).toEqual([first?.id, first?.id, second?.id]);
    });

    it('a company association tells of the company that it gave a lead', async () => {
      await fixture.one({ Id: 7, attributes: { FSPID: 'P7' } });
      const told = (await fixture.activities()).length;
      const externalKey = { name: 'FSPID', value: 'P7' };
      const associationList = { mObjAssociation: [{ mObjType: 'Company', externalKey }] };
      await fixture.objects([{ type: 'Opportunity', associationList }]);
      const [, made] = await fixture.all('Company');
      expect((await fixture.activities()).slice(told)).toEqual([
        `7 ChangeDataValue Company Name Attribute Name=Company Name; Old Value=; New Value=${made?.name}; Reason=SOAP API; Lead ID=7`,
      ]);
    });

    it('a refused row leaves no company behind', async () => {
      await fixture.one({ Id: 7, attributes: { FSPID: 'P7' } });
      const association = { mObjType: 'Company', externalKey: { name: 'FSPID', value: 'P7' } };
      const [result] = await fixture.objects([
        {
          type: 'Opportunity',
          attribList: { attrib: [{ name: 'CompanyId', value: '3' }] },
          associationList: { mObjAssociation: [association] },
        },
      ]);
      expect(result?.status).toBe('FAILED');
      expect(await companies()).toEqual(['ACME']);
      expect(await lead(7)).toMatchObject({ companyId: null });
    });
  });

  it('a lead is the PersonId and association of a role at once, by any field', async () => {
    const { leadId } = await fixture.one({
      Email: 'n@example.com',
      attributes: { FSPID: 'P', Company: 'ACME' },
    });
    const association = (mObjType: string, name: string, value: string) => ({
      mObjType,
      externalKey: { name, value },
    });
    const [opportunity] = await fixture.objects([
      { type: 'Opportunity', associationList: { mObjAssociation: [association('Company', 'FSPID', 'P')] } },
    ]);
    const roleWith = (person: object) => ({
      type: 'OpportunityPersonRole',
      attribList: { attrib: [{ name: 'Role', value: JSON.stringify(person) }] },
      associationList: {
        mObjAssociation: [{ mObjType: 'Opportunity', id: opportunity?.id as number }, person],
      },
    });
    const results = await fixture.objects([
      roleWith(association('Lead', 'FSPID', 'P')),
      roleWith(association('Lead', 'Email', 'n@example.com')),
      roleWith({ mObjType: 'Lead', id: leadId }),
    ] as never);
    expect(results.map(({ status }) => status)).toEqual(['CREATED', 'CREATED', 'CREATED']);
    const roles = await fixture.all('OpportunityPersonRole');
    expect(roles.map(({ values }) => values.get('PersonId'))).toEqual([leadId, leadId, leadId]);
  });

  describe('workspaces', () => {
    beforeEach(async () => {
      await open({ undefinedNames: 'create' });
      const sent = { Email: 'eu@example.com', ForeignSysPersonId: 'E' };
      european = (await fixture.one(sent, { workspace: 'Europe North' })).leadId;
    });
    let european: number;
    const workspaceOf = async (id: number) =>
      (await fixture.all('Lead')).find((each) => each.id === id)?.workspaceId;

    it('a new lead gets the named one', async () => {
      const [workspace] = await fixture.all('Workspace');
      expect(workspace).toMatchObject({ name: 'Europe North' });
      expect(await workspaceOf(european)).toBe(workspace?.id);
      const { leadId } = await fixture.one({ Email: 'eu2@example.com' }, { workspace: 'EUROPE NORTH' });
      expect(await workspaceOf(leadId)).toBe(workspace?.id);
      const other = await fixture.one({ Email: 'd@example.com' }, { workspace: 'default' });
      expect(await workspaceOf(other.leadId)).toBeNull();
    });

    it('a lead of another one is refused if found by Id, foreign id or cookie, and updated if found by Email', async () => {
      expect(await fixture.fault({ Id: european }, { workspace: 'Default' })).toBe(
        `20106 Lead ${european} is in the workspace "Europe North", and targetWorkspace is Default`,
      );
      expect(await fixture.fault({ ForeignSysPersonId: 'E' }, { workspace: 'default' })).toMatch(/^20106/);
      expect(await fixture.fault({ Id: 7 }, { workspace: 'Europe North' })).toMatch(/^20106/);
      expect((await fixture.one({ Email: 'eu@example.com' }, { workspace: 'default' })).leadId).toBe(
        european,
      );
    });

    it.each([undefined, '', ' '])('without a name (%j) a lead is updated where it is', async (workspace) => {
      expect(
        (await fixture.one({ Id: european }, { ...(workspace === undefined ? {} : { workspace }) })).leadId,
      ).toBe(european);
    });

    it('an unknown one is 20110', async () => {
      await open({});
      expect(await fixture.fault({ Email: 'n@example.com' }, { workspace: 'Mars' })).toMatch(
        /^20110 targetWorkspace "Mars"/,
      );
      expect(await fixture.leads()).toHaveLength(2);
    });
  });

  it('a call is in the journal with its lead', async () => {
    const { leadId } = await fixture.one({ Email: 'n@example.com' });
    await fixture.one({ Id: 7, attributes: { FirstName: 'z' } });
    const at = BENCH_TIME.toISOString();
    expect(await fixture.store.journal.newest(2)).toMatchObject([
      {
        operation: 'syncLead',
        at,
        rows: [{ type: 'Lead', id: 7, status: 'UPDATED', changed: ['FirstName'] }],
      },
      { operation: 'syncLead', at, rows: [{ type: 'Lead', id: leadId, status: 'CREATED' }] },
    ]);
  });
});
