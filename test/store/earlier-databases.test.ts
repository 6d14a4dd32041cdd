import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookup } from '../../src/rules/lookups.ts';
import { migrationStatus } from '../../src/store/open.ts';
import { check, faultsOf } from './cases-check.ts';
import { copy, withStore } from './copy-fixture.ts';
import { type EarlierDatabase, earlierDatabases, filledWith, restore } from './earlier-databases.ts';
import { facts, wanted } from './fixture.ts';
import { plainContents } from './plain-contents.ts';
import { type EngineDatabase, overBothEngines, type TestEngine } from './test-engines.ts';

/**
 * What was filled in, as far as the schema version had a place for it: the journal got two columns later. Leads had no
 * times, so theirs are that of the database.
 */
async function contentsOf(engine: TestEngine, { name, version }: EarlierDatabase, url: string) {
  const [first] = await migrationStatus(url);
  const hasCallIds = version >= (engine.name === 'SQLite' ? 2 : 3);
  return {
    ...filledWith.contents,
    leads: filledWith.contents.leads?.map((lead) => ({
      ...lead,
      createdAt: first?.appliedAt,
      updatedAt: first?.appliedAt,
    })),
    secret: filledWith.databases[name]?.secret,
    journal: filledWith.contents.journal?.map((entry) =>
      hasCallIds ? entry : { ...entry, callId: '', outcomeUnknown: false },
    ),
  };
}

await overBothEngines((engine) => {
  const databases = earlierDatabases(engine.name);

  it('a database of every schema version is here', async () => {
    const database = await engine.open(true);
    const steps = await migrationStatus(database.url);
    await database.remove();
    expect(databases.map(({ version }) => version)).toEqual(steps.map(({ number }) => number));
  });

  describe.each(databases)('a database of schema version $version', (earlier) => {
    let database: EngineDatabase;
    beforeEach(async () => {
      database = await restore(engine, earlier);
    });
    afterEach(() => database.remove());

    it('has these migrations behind it', async () => {
      const applied = (await migrationStatus(database.url)).filter(({ appliedAt }) => appliedAt !== null);
      expect(applied.map(({ number }) => number)).toEqual(
        Array.from({ length: earlier.version }, (_, index) => index + 1),
      );
    });

    it('opens with all that it was filled with', async () => {
      expect(await withStore(database.url, plainContents)).toEqual(
        await contentsOf(engine, earlier, database.url),
      );
    });

    it('keeps every entry of the index of external keys, but those of leads', async () => {
      const entries = () =>
        database.query(
          "SELECT * FROM external_key WHERE object_type <> 'Lead' ORDER BY object_type, name, value, object_id",
        );
      const before = await entries();
      await withStore(database.url, async () => {});
      expect(before.length).toBeGreaterThan(20);
      expect(await entries()).toEqual(before);
    });

    it('has no fault after its migration', async () => {
      await withStore(database.url, async () => {});
      expect(faultsOf(await check(database.url))).toEqual([]);
    });

    it('gives out no id a second time', async () => {
      const given = await withStore(database.url, (store) =>
        store.apply(
          wanted({ newIds: { Opportunity: 1, OpportunityPersonRole: 1, Lead: 1 } }),
          ({ newIds }) => ({
            changes: { records: [], looseKeys: [], newFields: [] },
            answer: newIds,
            journal: null,
          }),
        ),
      );
      expect(given).toMatchObject({
        Opportunity: [filledWith.lastIds.Opportunity + 1],
        OpportunityPersonRole: [filledWith.lastIds.OpportunityPersonRole + 1],
        Lead: [filledWith.lastIds.Lead + 1],
      });
    });

    it('is copied with the checksums that it always had', async () => {
      const target = await engine.open(true);
      await withStore(database.url, async () => {});
      const sections = await copy(database.url, target.url);
      await target.remove();
      expect(sections.filter(({ verdict }) => verdict !== 'same')).toEqual([]);
      const checksums = Object.fromEntries(sections.map(({ section, checksum }) => [section, checksum]));
      expect(checksums).toEqual({
        ...filledWith.checksums,
        ...filledWith.databases[earlier.name]?.checksums,
      });
    });
  });

  describe('a database from before leads had fields', () => {
    const before = databases.find(({ version }) => version === (engine.name === 'SQLite' ? 6 : 4));
    let database: EngineDatabase;
    beforeEach(async () => {
      database = await restore(engine, before as EarlierDatabase);
      for (const statement of [
        `INSERT INTO company VALUES (8, 'ÖL AG', '{}')`,
        `UPDATE program SET name = 'ÉTÉ' WHERE id = 30`,
        `INSERT INTO field_definition (owner, folded_name, name, data_type) VALUES ('Lead', 'änderung', 'Änderung', 'integer')`,
        `INSERT INTO lead VALUES (30, 'ÉVA@Example.com', 8, '{"Übersicht":"x","ÄNDERUNG":"5"}')`,
        `INSERT INTO lead VALUES (31, NULL, NULL, '{"übersicht":"y","ЛИД":"z"}')`,
      ]) {
        await database.run(statement);
      }
    });
    afterEach(() => database.remove());

    it('is searched without regard to the case of any letter after its migration', async () => {
      const lookups = [
        lookup('Lead', 'email', 'éva@EXAMPLE.com'),
        lookup('Company', 'name', 'öl ag'),
        lookup('Program', 'name', 'Été'),
      ];
      const found = await withStore(database.url, (store) => facts(store, { lookups }));
      expect(lookups.map((each) => found.lookups.get(each))).toEqual([[30], [8], [30]]);
    });

    it('gives attributes the fields of their names, whatever the case of their letters', async () => {
      const { leads } = await withStore(database.url, plainContents);
      expect(leads).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ id: 30, values: { Übersicht: 'x', Änderung: 5 } }),
          expect.objectContaining({ id: 31, values: { Übersicht: 'y', ЛИД: 'z' } }),
        ]),
      );
    });

    it('has no fault after its migration', async () => {
      await withStore(database.url, async () => {});
      expect(faultsOf(await check(database.url))).toEqual([]);
    });
  });
});
