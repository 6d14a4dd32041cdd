import { describe, expect, test } from 'vitest';
import { SoapFault } from '../../src/contract/faults.ts';
import type { DecodedCall } from '../../src/wire/call-decoder.ts';
import { inflateBody } from '../../src/wire/content-coding.ts';
import { decode } from './decoding.ts';
import { readRecorded, recordedNames } from './recorded.ts';

async function decodeRecorded(name: string): Promise<DecodedCall> {
  const { headers, body } = readRecorded(name);
  const bytes = await inflateBody(body, headers['content-encoding'], 1_000_000);
  return decode(bytes, { contentType: headers['content-type'] });
}

const attribs = (...pairs: [string, string?][]) => ({
  attrib: pairs.map(([name, value]) => (value === undefined ? { name } : { name, value })),
});
const opportunity = (...pairs: [string, string?][]) => ({
  type: 'Opportunity',
  attribList: attribs(...pairs),
});
const sync = (operation: string, ...mObject: object[]) => ({
  operation: 'syncMObjects',
  params: { mObjectList: { mObject }, operation },
});

const q1 = sync('INSERT', opportunity(['Name', 'Q1 2014']));
const insert = sync('INSERT', opportunity(['Name', 'Q1 2014'], ['Amount', '2000'], ['Probability', '80%']));
const role = sync('INSERT', {
  type: 'OpportunityPersonRole',
  attribList: attribs(['OpportunityId', '64'], ['PersonId', '19'], ['Role', 'Influencer/Champion']),
});
const program = sync('UPDATE', {
  type: 'Program',
  id: 1970,
  typeAttribList: {
    typeAttrib: [
      { attrType: 'Cost', attrList: attribs(['Month', '2013-06'], ['Amount', '2000'], ['Id', '153']) },
    ],
  },
});
const upsert = sync('UPSERT', {
  ...opportunity(['Name', 'A']),
  externalKey: { name: 'ExtId', value: 'X-1' },
  associationList: {
    mObjAssociation: [
      { mObjType: 'Company', id: 5 },
      { mObjType: 'Company', externalKey: { name: 'K', value: 'V' } },
    ],
  },
});
const unicode = sync('INSERT', opportunity(['Name', 'Zoë <b>&"\'é 漢字 😀\ttab\nnl  sp ']));
const webinar = { stringItem: ['Webinar'] };

const expected: Record<string, object> = {
  'curl-bom': q1,
  'curl-cdata': sync('INSERT', opportunity(['Name', 'a <b> Q1 2014 c'])),
  'curl-charrefs': sync(
    'INSERT',
    opportunity(['Name', 'aQ1 2014#x20;Q1 2014#233;Q1 2014#x1F600;Q1 2014amp;Q1 2014lt;']),
  ),
  'curl-chunked': q1,
  'curl-comments-ws-pi': q1,
  'curl-latin1-decl': sync('INSERT', opportunity(['Name', 'Zoë'])),
  'curl-nil-value': sync('INSERT', opportunity(['Name'])),
  'curl-order-swapped': sync('INSERT', opportunity(['Name', 'v'])),
  'curl-plain': q1,
  'curl-qualified-children': sync('INSERT', opportunity(['Name', 'v'])),
  'curl-unknown-element': sync('INSERT', opportunity(['Name', 'x'])),
  'node-null-value': sync('INSERT', opportunity(['Name', 'x'], ['Stage'], ['Type', ''])),
  'node-oppty-insert': insert,
  'node-program-update': program,
  'node-role-insert': role,
  'node-unicode': unicode,
  'node-upsert-externalkey': upsert,
  'php-bad-signature': sync('UPDATE', { type: 'Program', id: 1970 }),
  'php-compression-deflate': sync('INSERT', opportunity(['Name', 'A'])),
  'php-compression-gzip': sync('INSERT', opportunity(['Name', 'A'])),
  'php-delete': {
    operation: 'deleteMObjects',
    params: { mObjectList: { mObject: [{ type: 'Opportunity', id: 64 }] } },
  },
  'php-describe': { operation: 'describeMObject', params: { objectName: 'Opportunity' } },
  'php-empty-list': sync('INSERT'),
  'php-get': { operation: 'getMObjects', params: { type: 'Opportunity', id: 64 } },
  'php-getChannels': { operation: 'getChannels', params: { tag: { values: webinar } } },
  'php-getTags': {
    operation: 'getTags',
    params: { tagList: { tag: [{ type: 'Channel', values: webinar }] } },
  },
  'php-int-bool-values': sync('UPDATE', {
    ...opportunity(['Amount', '2000.5'], ['IsWon', '1'], ['IsClosed', ''], ['Quantity', '3']),
    id: 64,
  }),
  'php-list': { operation: 'listMObjects', params: {} },
  'php-mixed-status': sync(
    'UPDATE',
    { ...opportunity(['Name', 'A']), id: 64 },
    { type: 'Bogus' },
    { type: 'Opportunity', id: 99999999 },
  ),
  'php-null-value': sync('INSERT', opportunity(['Name', 'x'], ['Stage', ''], ['Type', ''])),
  'php-oppty-insert': insert,
  'php-program-update': program,
  'php-role-insert': role,
  'php-same-object-twice': sync('INSERT', opportunity(['Name', 'same']), opportunity(['Name', 'same'])),
  'php-shared-attrib': sync(
    'INSERT',
    opportunity(['Name', 'same'], ['Stage', 'S']),
    opportunity(['Name', 'same'], ['Stage', 'S']),
  ),
  'php-shared-attriblist': sync('INSERT', opportunity(['Name', 'same']), opportunity(['Name', 'same'])),
  'php-unicode': unicode,
  'php-upsert-externalkey': upsert,
};

describe('what a real client sent is read', () => {
  test.each(recordedNames.filter((name) => name !== 'php-soap12'))('%s', async (name) => {
    const { operation, params, authentication, unreadable } = await decodeRecorded(name);
    expect({ operation, params }).toEqual(expected[name]);
    expect(authentication).toEqual({
      mktowsUserId: 'demo17_1_809934544BFABAE58E5D27',
      requestSignature: expect.stringMatching(/^[0-9a-f]{40}$/),
      requestTimestamp: expect.stringMatching(/^2026-11-23T/),
    });
    expect(unreadable.size).toBe(0);
  });

  test('php-soap12, as a VersionMismatch', async () => {
    const refused = decodeRecorded('php-soap12');
    await expect(refused).rejects.toBeInstanceOf(SoapFault);
    await expect(refused).rejects.toMatchObject({ code: 20012, form: 'VersionMismatch' });
  });
});
