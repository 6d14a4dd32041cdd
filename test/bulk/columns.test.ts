import { describe, expect, it } from 'vitest';
import { type ColumnOptions, createColumns } from '../../src/bulk/columns.ts';
import { readMapping } from '../../src/bulk/mapping.ts';
import { standardFields } from '../../src/contract/fields.ts';

const custom = { name: 'FSOpportunityID', displayName: null, dataType: 'string', size: 255 } as const;

function columns(options: Partial<ColumnOptions> = {}) {
  return createColumns({
    type: 'Opportunity',
    fields: [...standardFields.Opportunity, custom],
    targets: ['Company'],
    map: new Map(),
    externalKey: undefined,
    unknown: 'fail',
    ...options,
  });
}

function meaning(header: string, options?: Partial<ColumnOptions>): unknown {
  const column = columns(options).find(header);
  if ('problem' in column) return column.problem;
  if (column.kind === 'field') return column.field.name;
  if (column.kind === 'key') return `key ${column.name}`;
  return column.kind === 'association' ? `${column.target}.${column.key ?? 'id'}` : column.kind;
}

describe('columns', () => {
  it.each([
    ['CloseDate', 'CloseDate'],
    ['Close Date', 'CloseDate'],
    ['close_date', 'CloseDate'],
    ['Is Won', 'IsWon'],
    ['Opportunity Name', 'Name'],
    ['Probability (%)', 'Probability'],
    ['Account', 'CompanyId'],
    ['SFDC Created Date', 'ExternalCreatedDate'],
    ['id', 'id'],
    ['updatedAt', 'skipped'],
    ['Company.id', 'Company.id'],
    ['company.cAccountFSID', 'Company.cAccountFSID'],
  ])('are found by %s', (header, found) => {
    expect(meaning(header)).toBe(found);
  });

  it('are found by their exact name where others have the same letters', () => {
    const alike = ['Deal-Size', 'Deal Size', 'dealsize'].map((name) => ({ ...custom, name }));
    const fields = [...standardFields.Opportunity, ...alike];
    expect(alike.map(({ name }) => meaning(name, { fields }))).toEqual(alike.map(({ name }) => name));
  });

  it('are what --map says', () => {
    const map = new Map([
      readMapping('Deal size=Amount'),
      readMapping('Owner='),
      readMapping('Acct=Company.Code'),
    ]);
    expect(['Deal size', 'OWNER', 'Acct'].map((header) => meaning(header, { map }))).toEqual([
      'Amount',
      'skipped',
      'Company.Code',
    ]);
  });

  it('that are unknown are reported with the closest name', () => {
    expect(meaning('Clsoe Date')).toBe(
      'column "Clsoe Date": Opportunity has no such field; did you mean CloseDate? Then --map "Clsoe Date=CloseDate"; ' +
        '--map "Clsoe Date=" leaves the column out, --unknown skip all such columns',
    );
    expect(meaning('Owner', { unknown: 'skip' })).toBe('skipped');
    expect(meaning('Owner', { unknown: 'send' })).toBe('Owner');
  });

  it('leave the id of another system to --external-key', () => {
    expect(meaning('Opportunity ID')).toContain('whose ids are these?');
    const map = new Map([readMapping('Opportunity ID=FSOpportunityID')]);
    expect(meaning('Opportunity ID', { map, externalKey: 'Opportunity ID' })).toBe('key FSOpportunityID');
    expect(meaning('Opportunity ID', { map, externalKey: 'FSOpportunityID' })).toBe('key FSOpportunityID');
    expect(meaning('Opportunity ID', { externalKey: 'Opportunity ID' })).toContain('say which one holds it');
  });

  it('are refused if two of them have the same header, or one has none', () => {
    expect(columns().problemsOf(['Name', 'name', ''])).toEqual([
      'two columns are headed "name"; rename one of them in the file',
      'a column has no header; give it one in the file, or remove the column',
    ]);
  });

  it('are refused if two of them are the same field', () => {
    expect(columns().problemsOf(['Name', 'Opportunity Name'])).toEqual([
      'the columns "Name" and "Opportunity Name" are both Name; leave one out, as in --map "Opportunity Name="',
    ]);
  });

  it('that options name must be there', () => {
    const map = new Map([readMapping('Stgae=Stage')]);
    expect(columns({ map, externalKey: 'Key' }).problemsOf(['Name', 'Stage'])).toEqual([
      '--map: there is no column "Stgae"; did you mean "Stage"?',
      '--external-key: there is no column "Key", and no column holds such a field of Opportunity',
    ]);
  });
});
