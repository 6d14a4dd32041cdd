import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { overAllStores } from '../store/test-engines.ts';
import { openSyncFixture, type SyncFixture } from './sync-fixture.ts';

await overAllStores((source) => {
  let fixture: SyncFixture;
  beforeEach(async () => {
    fixture = await openSyncFixture(source, {
      fields: {
        Opportunity: [{ name: 'newsletter', dataType: 'boolean', displayName: 'News', description: 'why' }],
        Lead: [{ name: 'FSPID', dataType: 'string', size: 255 }],
      },
    });
  });
  afterEach(() => fixture.store.close());

  async function describeType(objectName: string) {
    const { answer } = await fixture.call('describeMObject', { objectName });
    return answer.result.metadata;
  }

  /** The published captures, one field a line; the instance's own custom fields and a CRM connection's left out. */
  const captured = readFileSync(new URL('../contract/describe-fields.tsv', import.meta.url), 'utf8')
    .replace(/\n$/, '')
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .filter((cells) => cells[10] === 'False' && !cells[1]?.startsWith('Marketo Jigsaw'))
    .map(([object, name = '', ...rest]) => [object, name === 'Postal Code' ? 'PostalCode' : name, ...rest]);

  const flag = (value: boolean | null) => (value === null ? '' : value ? 'True' : 'False');

  describe('describeMObject', () => {
    it.each(['ActivityRecord', 'LeadRecord', 'Opportunity', 'OpportunityPersonRole'])(
      'says of %s what Marketo said, flag by flag',
      async (object) => {
        const { fieldList } = await describeType(object);
        const standard = fieldList.field.filter((field) => !field.isCustom);
        const rows = standard.map((field) => [
          object,
          field.name,
          field.displayName ?? '',
          field.sourceObject ?? '',
          field.dataType,
          field.size === null ? '' : String(field.size),
          flag(field.isReadonly),
          flag(field.isUpdateBlocked),
          flag(field.isName),
          flag(field.isPrimaryKey),
          flag(field.isCustom),
          flag(field.isDynamic),
          field.dynamicFieldRef ?? '',
          field.description ?? '',
        ]);
        expect(rows).toEqual(
          captured.filter((cells) => cells[0] === object).map((cells) => cells.slice(0, 14)),
        );
      },
    );

    it.each([
      ['ActivityRecord', true, 'Composite object composed of fields from Event, Campaign, Lead, and Company'],
      ['LeadRecord', true, 'Composite object composed of fields from Lead, LeadInterest, and Company'],
      ['Opportunity', false, 'Marketo Opportunity'],
      ['OpportunityPersonRole', false, 'Marketo Opportunity Person Role'],
    ])('describes %s as a whole', async (name, isVirtual, description) => {
      expect(await describeType(name)).toMatchObject({ name, description, isCustom: false, isVirtual });
    });

    it('shows a custom field among the others, in alphabetical order', async () => {
      const { fieldList, updatedAt } = await describeType('opportunity');
      const names = fieldList.field.map(({ name }) => name);
      expect(names.slice(names.indexOf('newsletter') - 1).slice(0, 3)).toEqual([
        'Name',
        'newsletter',
        'NextStep',
      ]);
      expect(fieldList.field.find(({ name }) => name === 'newsletter')).toEqual({
        name: 'newsletter',
        displayName: 'News',
        description: 'why',
        sourceObject: 'Opportunity',
        dataType: 'boolean',
        size: null,
        isReadonly: false,
        isUpdateBlocked: false,
        isName: null,
        isPrimaryKey: false,
        isCustom: true,
        isDynamic: false,
        dynamicFieldRef: null,
        updatedAt: '2026-11-23T12:00:00+00:00',
      });
      expect(updatedAt).toBe('2026-11-23T12:00:00+00:00');
    });

    it('shows a custom lead field as a dynamic one', async () => {
      const { fieldList } = await describeType('LeadRecord');
      expect(fieldList.field.find(({ name }) => name === 'FSPID')).toMatchObject({
        isCustom: true,
        isDynamic: true,
        dynamicFieldRef: 'leadAttributeList',
      });
    });

    it('refuses Program and anything else with 20110, and no name with 20109', async () => {
      await expect(describeType('Program')).rejects.toMatchObject({ code: 20110 });
      await expect(describeType('Bogus')).rejects.toMatchObject({
        code: 20110,
        message: expect.stringContaining('"Bogus"'),
      });
      await expect(fixture.call('describeMObject', {})).rejects.toMatchObject({ code: 20109 });
    });
  });

  it('listMObjects lists the four types that can be described', async () => {
    const { answer } = await fixture.call('listMObjects', {});
    expect(answer.result.objects).toEqual([
      'ActivityRecord',
      'LeadRecord',
      'Opportunity',
      'OpportunityPersonRole',
    ]);
  });
});
