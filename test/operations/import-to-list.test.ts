import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Received } from '../../src/contract/messages.ts';
import type { MObjectSettings } from '../../src/rules/settings.ts';
import { overAllStores } from '../store/test-engines.ts';
import { type ListFixture, openListFixture } from './list-fixture.ts';

const base: Received<'ParamsImportToList'> = {
  programName: 'spring show',
  importFileHeader: 'Email Address,First Name',
  importFileRows: { stringItem: [] },
  importListMode: 'UPSERTLEADS',
  listName: 'guests',
};

await overAllStores((source) => {
  let fixture: ListFixture;
  const open = async (settings: Partial<MObjectSettings>) => {
    await fixture.store.close();
    fixture = await openListFixture(source, settings);
  };
  beforeEach(async () => {
    fixture = await openListFixture(source);
  });
  afterEach(() => fixture.store.close());

  const params = (rows: readonly string[], changed: Received<'ParamsImportToList'> = {}) => ({
    ...base,
    importFileRows: { stringItem: [...rows] },
    ...changed,
  });
  const run = async (...given: Parameters<typeof params>) =>
    (await fixture.call('importToList', params(...given))).answer.result.importStatus;
  const fault = (...given: Parameters<typeof params>) => fixture.fault('importToList', params(...given));
  const status = async (listName = 'Guests') =>
    (await fixture.call('getImportToListStatus', { programName: 'Spring Show', listName })).answer.result;
  const lead = async (id: number) => {
    const found = (await fixture.all('Lead')).find((each) => each.id === id);
    return found && { email: found.email, ...Object.fromEntries(found.values.entries()) };
  };

  describe('UPSERTLEADS', () => {
    it('updates the newest lead of an address, creates others, and adds both', async () => {
      expect(await run(['Ann@example.com,Anna', 'new@example.com,Newt'])).toBe('PROCESSING');
      const created = (await fixture.all('Lead')).at(-1)?.id ?? 0;
      expect(await lead(4)).toEqual({ email: 'ANN@example.com', FirstName: 'Anna' });
      expect(await lead(1)).toEqual({ email: 'ann@example.com', FirstName: 'Ann' });
      expect(await lead(created)).toEqual({ email: 'new@example.com', FirstName: 'Newt' });
      expect(await fixture.members(22)).toEqual([4, created]);
      expect(await fixture.activities()).toEqual([
        '4 ChangeDataValue First Name Attribute Name=First Name; Old Value=; New Value=Anna; Reason=SOAP API; Lead ID=4',
        '4 AddToList Spring Show.Guests List ID=22; Source=List import; Lead ID=4',
        `${created} NewLead - Source Type=List import; Source Info=List import; List Name=Spring Show.Guests; Created Date=2026-11-23; Lead ID=${created}`,
        `${created} AddToList Spring Show.Guests List ID=22; Source=List import; Lead ID=${created}`,
      ]);
    });

    it('a later row sees the lead that an earlier one created', async () => {
      await run(['new@example.com,A', 'NEW@example.com,B']);
      const [, , , , created, none] = await fixture.all('Lead');
      expect(none).toBeUndefined();
      expect(await lead(created?.id ?? 0)).toMatchObject({ FirstName: 'B' });
      expect(await status()).toMatchObject({ estimatedRows: 2, rowsImported: 2 });
    });

    it('a missing or empty cell keeps the value', async () => {
      await run(['ann@example.com,Anna']);
      await run(['ann@example.com', 'ann@example.com,']);
      expect(await lead(4)).toMatchObject({ FirstName: 'Anna' });
    });

    it('a header of over 1,000 columns is refused', async () => {
      const importFileHeader = ['Email Address', ...Array.from({ length: 1000 }, (_, n) => `my.${n}`)].join();
      expect(await fault([], { importFileHeader })).toBe(
        '20110 importFileHeader: has 1001 columns; expected at most 1000',
      );
    });

    it('a row without address, with too many cells or a bad value fails alone', async () => {
      const importFileHeader = 'Lead Score,email address';
      await run(['5,bob@example.com', '6,', 'x,cyd@example.com', '7,a@example.com,9', '"7'], {
        importFileHeader,
      });
      expect(await fixture.members(22)).toEqual([2]);
      expect(await status()).toEqual({
        status: 'COMPLETE',
        startedTime: null,
        endedTime: null,
        estimatedTime: null,
        estimatedRows: 5,
        rowsImported: 1,
        rowsFailed: 4,
        rowsIgnored: 0,
        importSummary: [
          '5 rows: 1 imported, 4 failed, 0 ignored',
          'row 2: has no e-mail address',
          'row 3: 20106 - LeadScore: "x"; expected a whole number, such as 80 or 80%',
          'row 4: has 3 cells; the header has 2',
          'row 5: a quote is opened and not closed',
        ].join('\n'),
      });
    });
  });

  it('cells are CSV: quotes are kept apart, blanks around cells and quotes dropped', async () => {
    const importFileHeader = ' First Name , "Last Name","Email Address" ';
    await run(['" Ann, "" B " , Lee,bob@example.com', '"two\nlines",x,cyd@example.com'], {
      importFileHeader,
    });
    expect(await lead(2)).toMatchObject({ FirstName: ' Ann, " B ', LastName: 'Lee' });
    expect(await lead(3)).toMatchObject({ FirstName: 'two\nlines' });
  });

  it('LISTONLY adds leads that exist, and writes nothing else', async () => {
    await run(['bob@example.com,Bobby', 'x@example.com,X', 'bob@example.com,B', 'y'], {
      importListMode: 'LISTONLY',
    });
    expect(await fixture.members(22)).toEqual([2]);
    expect(await lead(2)).toEqual({ email: 'bob@example.com' });
    expect(await fixture.all('Lead')).toHaveLength(4);
    expect(await status()).toMatchObject({
      estimatedRows: 4,
      rowsImported: 2,
      rowsFailed: 0,
      rowsIgnored: 2,
    });
  });

  it('clearList empties the list first', async () => {
    await run(['ann@example.com,A', 'bob@example.com,B']);
    await run(['bob@example.com,B', 'cyd@example.com,C'], { clearList: true });
    expect(await fixture.members(22)).toEqual([2, 3]);
    const moves = (await fixture.activities()).flatMap((text) => /^\d+ (Add|Remove)/.exec(text)?.[0] ?? []);
    expect(moves).toEqual(['4 Add', '2 Add', '4 Remove', '2 Remove', '2 Add', '3 Add']);
  });

  it('without rows it only clears, and is an import of 0 rows', async () => {
    await run(['ann@example.com,A']);
    await run([], { clearList: true });
    expect(await fixture.members(22)).toEqual([]);
    expect(await status()).toMatchObject({ status: 'COMPLETE', estimatedRows: 0, rowsImported: 0 });
  });

  it('more rows than one transaction takes are all imported, and counted together', async () => {
    const rows = Array.from({ length: 1201 }, (_, index) => `lead${index}@example.com,N${index}`);
    await run([...rows.slice(0, 700), ',', ...rows.slice(700)]);
    await run([rows.slice(5).join('\n')], { clearList: true });
    expect(await fixture.members(22)).toHaveLength(1196);
    expect(await fixture.all('ListImport')).toMatchObject([
      {
        rows: 1202,
        imported: 1201,
        failed: 1,
        summary: expect.stringContaining('row 701: has no e-mail address'),
      },
      { rows: 1196, imported: 1196, failed: 0 },
    ]);
  });

  describe('tokens', () => {
    const campaign = { importFileHeader: 'Email Address,my.x,{{my.y}}', campaignName: 'blast' };
    it('are kept with the import', async () => {
      await run(['ann@example.com,1,2', 'bob@example.com,,3'], campaign);
      expect(await fixture.all('ListImport')).toMatchObject([
        {
          campaignId: 54,
          tokens: [
            ['{{my.x}}', '1'],
            ['{{my.y}}', '2'],
            ['{{my.y}}', '3'],
          ],
        },
      ]);
    });

    it('need a campaign, which is a batch campaign of the program', async () => {
      expect(await fault([], { ...campaign, campaignName: null })).toContain(
        '20110 importFileHeader: the column "my.x"',
      );
      expect(await fault([], { ...campaign, campaignName: 'Follow up' })).toContain('20113 ');
      expect(await fault([], { ...campaign, campaignName: 'Welcome' })).toContain(
        '20110 campaignName: "Welcome" is a trigger',
      );
    });
  });

  describe('refusals', () => {
    it.each(['programName', 'importFileHeader', 'importFileRows', 'importListMode', 'listName'] as const)(
      'a missing %s is 20109',
      async (name) => {
        const { [name]: _, ...others } = base;
        expect(await fixture.fault('importToList', others)).toContain(`20109 ${name} is missing`);
      },
    );

    it('an unknown program is 20110, a list of another program or of none 20111', async () => {
      expect(await fault([], { programName: 'Nowhere' })).toContain('20110 programName');
      expect(await fault([], { programName: 'Web.Site' })).toContain('20111 ');
    });

    it('with an open schema an unknown list and an unknown column are created', async () => {
      await open({ undefinedNames: 'create', unknownFields: 'create' });
      await run(['bob@example.com,red'], { listName: 'Fresh', importFileHeader: 'Email,Colour' });
      const list = (await fixture.all('StaticList')).at(-1);
      expect(list).toMatchObject({ name: 'Fresh', programId: 101 });
      expect(await fixture.members(list?.id ?? 0)).toEqual([2]);
      expect(await lead(2)).toMatchObject({ Colour: 'red' });
    });

    it.each([
      ['Email Address,Pants', 'Lead has no field "Pants"'],
      ['Email Address,First Name,firstname', 'the column "firstname" is there twice'],
      ['email,Email Address', 'the column "Email Address" is there twice'],
      ['First Name', 'no column has the address'],
      ['Email Address,', 'column 2 has no name'],
      ['"Email Address', 'a quote is opened'],
      ['Email Address\nFirst Name', 'has several lines'],
    ])('the header %j is 20110', async (importFileHeader, text) => {
      expect(await fault(['bob@example.com'], { importFileHeader, clearList: true })).toContain(
        `20110 importFileHeader: ${text}`,
      );
      expect(await fixture.all('ListImport')).toEqual([]);
    });
  });

  describe('getImportToListStatus', () => {
    it('finds a list without its program if the name is unique', async () => {
      await run(['ann@example.com,A']);
      const { answer } = await fixture.call('getImportToListStatus', { listName: 'GUESTS' });
      expect(answer.result).toMatchObject({ status: 'COMPLETE', estimatedRows: 1 });
      expect(await fixture.fault('getImportToListStatus', { listName: 'Both' })).toContain('20111 ');
    });

    it('is 20110 before any import, 20111 for an unknown list, 20109 without one', async () => {
      const ask = (named: Received<'ParamsGetImportToListStatus'>) =>
        fixture.fault('getImportToListStatus', named);
      expect(await ask({ programName: 'Spring Show', listName: 'Both' })).toBe(
        '20110 Nothing has been imported into the list Spring Show.Both',
      );
      expect(await ask({ programName: 'Nowhere', listName: 'Both' })).toContain('20110 programName');
      expect(await ask({ programName: 'Spring Show', listName: 'None' })).toContain('20111 ');
      expect(await ask({})).toContain('20109 listName is missing');
    });
  });

  it('the journal has each row', async () => {
    await run(['ann@example.com,A', 'new@example.com,N', ',x']);
    const [entry] = await fixture.store.journal.newest(1);
    expect(entry).toMatchObject({ operation: 'importToList', mode: 'UPSERTLEADS' });
    expect(entry?.rows).toMatchObject([
      { type: 'Lead', id: 4, status: 'UPDATED' },
      { type: 'Lead', status: 'CREATED' },
      { type: 'Lead', id: null, status: 'FAILED', because: 'has no e-mail address' },
    ]);
  });
});
