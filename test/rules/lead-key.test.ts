import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLeads } from '../../src/local/find-leads.ts';
import { createDraft } from '../../src/rules/draft.ts';
import {
  crmKeyForm,
  type LeadKeyType,
  leadKeyOf,
  leadKeysWanted,
  leadNotFound,
  leadsOf,
  newestLeadOf,
  readKeyType,
  readLeadKey,
} from '../../src/rules/leads/lead-key.ts';
import { type LeadFixture, openLeadFixture } from '../operations/lead-fixture.ts';
import { overAllStores } from '../store/test-engines.ts';

describe('reading a key', () => {
  it('no key is 20101, and so is one without a type', () => {
    expect(() => readLeadKey(undefined, new Map())).toThrow(/^20101 - leadKey is missing/);
    expect(() => readLeadKey({ keyValue: '5' }, new Map())).toThrow(/^20101 - keyType is missing/);
  });

  it('an unknown type is 20102 and names it', () => {
    const sent = { keyValue: '5' };
    const unreadable = new Map([[sent, [{ element: 'keyType', value: 'PHONE', expected: 'x' }]]]);
    expect(() => readLeadKey(sent, unreadable)).toThrow(/^20102 - keyType "PHONE"; expected one of IDNUM/);
    expect(() => readKeyType('PHONE')).toThrow(/^20102 - keyType "PHONE"/);
  });

  it.each([
    ['IDNUM', '5', '20103 - No lead found with IDNUM = 5'],
    ['EMAIL', '', '20103 - No lead found with EMAIL = '],
    ['LEADOWNEREMAIL', 'x', '20108 - No lead owner found with LEADOWNEREMAIL = x'],
    ['SFDCLEADOWNERID', 'x', '20108 - No lead owner found with SFDCLEADOWNERID = x'],
  ] as const)('the refusal of %s = "%s" names both as sent', (keyType, keyValue, message) => {
    expect(leadNotFound({ keyType, keyValue }).message).toBe(message);
  });

  it('SFDC ids of 18 characters are compared by their first 15', () => {
    expect(crmKeyForm('SFDCLEADID', ' 00Q5000000abcDEFGH ')).toBe(
      crmKeyForm('SFDCLEADID', '00Q5000000abcDE'),
    );
    expect(crmKeyForm('SFDCLEADID', '00q5000000abcDE')).not.toBe(crmKeyForm('SFDCLEADID', '00Q5000000abcDE'));
  });
});

await overAllStores((source) => {
  let fixture: LeadFixture;
  beforeEach(async () => {
    fixture = await openLeadFixture(source, {
      leads: [
        { id: 5, email: 'a@example.com' },
        { id: 6, email: 'A@Example.com' },
        { id: 7, email: 'b@example.com' },
        { id: 8 },
      ],
    });
    await fixture.one({ Id: 6 }, { cookie: 'id:x&token:c' });
    const crmKey = (id: number, leadId: number, type: string, value: string) => ({
      type: 'LeadCrmKey' as const,
      before: undefined,
      after: { id, leadId, type, value, key: crmKeyForm(type, value) },
    });
    await fixture.store.apply({ ids: {}, keys: [], newIds: {}, depth: 1 }, () => ({
      changes: {
        records: [
          crmKey(1, 7, 'SFDCACCOUNTID', '0015000000abcDEFGH'),
          crmKey(2, 5, 'SFDCACCOUNTID', '0015000000abcDE'),
          crmKey(3, 7, 'LEADOWNEREMAIL', 'Owner@Example.com'),
        ],
        looseKeys: [],
        newFields: [],
      },
      answer: null,
      journal: null,
    }));
  });
  afterEach(() => fixture.store.close());

  const cases: readonly [LeadKeyType, string, number[]][] = [
    ['IDNUM', ' 5 ', [5]],
    ['IDNUM', '9', []],
    ['IDNUM', 'abc', []],
    ['EMAIL', ' A@EXAMPLE.com', [6, 5]],
    ['EMAIL', '', []],
    ['EMAIL', ' ', []],
    ['EMAIL', 'c@example.com', []],
    ['COOKIE', 'token%3Ac', [6]],
    ['COOKIE', 'id:y&token:c', [6]],
    ['COOKIE', 'token:d', []],
    ['SFDCACCOUNTID', '0015000000abcDEFGH', [7, 5]],
    ['SFDCACCOUNTID', '0015000000abcDE', [7, 5]],
    ['SFDCLEADID', '0015000000abcDE', []],
    ['LEADOWNEREMAIL', 'owner@example.COM ', [7]],
  ];

  it.each(cases)('%s "%s" means the leads %j, newest first', async (keyType, keyValue, expected) => {
    const key = leadKeyOf(keyType, keyValue);
    const wanted = { ...leadKeysWanted([key]), keys: [], newIds: {}, depth: 10 };
    const found = await fixture.store.apply(wanted, (facts) => {
      const draft = createDraft(facts, 10);
      const answer: { all?: readonly number[]; newest?: number | undefined } = {};
      try {
        answer.all = leadsOf(draft, key);
        answer.newest = newestLeadOf(draft, key);
      } catch {
        // Asked again below.
      }
      const more = draft.missing();
      return more === undefined ? { changes: draft.changes(), answer, journal: null } : { more };
    });
    expect(found).toEqual({ all: expected, newest: expected[0] });
    expect((await findLeads(fixture.store, key, 10)).map(({ id }) => id)).toEqual(expected);
    expect((await findLeads(fixture.store, key, 1)).map(({ id }) => id)).toEqual(expected.slice(0, 1));
  });
});
