import { describe, expect, test } from 'vitest';
import { encodeAnswer } from '../../src/wire/answer.ts';
import { encodeCall } from '../../src/wire/call-encoder.ts';

const start =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="http://www.marketo.com/mktows/"';
const withXsi = `${start} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;
const end = '</SOAP-ENV:Body></SOAP-ENV:Envelope>\n';

describe('an answer', () => {
  test('has the prefixes of the published one, and unqualified children in order', () => {
    const text = encodeAnswer('syncMObjects', {
      result: {
        mObjStatusList: {
          mObjStatus: [
            { status: 'UPDATED', id: 1970 },
            { status: 'CREATED', externalKey: { value: 'v', name: 'n' }, id: 2 },
          ],
        },
      },
    });
    expect(text).toBe(
      `${start}><SOAP-ENV:Body><ns1:successSyncMObjects><result><mObjStatusList>` +
        '<mObjStatus><id>1970</id><status>UPDATED</status></mObjStatus>' +
        '<mObjStatus><id>2</id><externalKey><name>n</name><value>v</value></externalKey><status>CREATED</status></mObjStatus>' +
        `</mObjStatusList></result></ns1:successSyncMObjects>${end}`,
    );
  });

  test('writes a missing id as nil, and declares xsi then', () => {
    const text = encodeAnswer('syncMObjects', {
      result: { mObjStatusList: { mObjStatus: [{ id: null, status: 'FAILED', error: 'no' }] } },
    });
    expect(text).toBe(
      `${withXsi}><SOAP-ENV:Body><ns1:successSyncMObjects><result><mObjStatusList>` +
        '<mObjStatus><id xsi:nil="true"/><status>FAILED</status><error>no</error></mObjStatus>' +
        `</mObjStatusList></result></ns1:successSyncMObjects>${end}`,
    );
  });

  test('writes an empty list', () => {
    expect(encodeAnswer('syncMObjects', { result: { mObjStatusList: { mObjStatus: [] } } })).toBe(
      `${start}><SOAP-ENV:Body><ns1:successSyncMObjects><result><mObjStatusList/></result></ns1:successSyncMObjects>${end}`,
    );
  });

  test('escapes text', () => {
    const text = encodeAnswer('listMObjects', {
      result: { objects: ['a & b < c > d "e" \'f\' \r\n\t ]]>'] },
    });
    expect(text).toContain('<objects>a &amp; b &lt; c &gt; d "e" \'f\' &#13;\n\t ]]&gt;</objects>');
  });

  test('does not declare xsi for text that only looks like it', () => {
    expect(encodeAnswer('listMObjects', { result: { objects: [' xsi:nil="true"/>'] } })).not.toContain(
      'xmlns:xsi',
    );
  });

  test('replaces what XML cannot hold', () => {
    const text = encodeAnswer('listMObjects', { result: { objects: ['\u0000\u001b\ud800\ufffe', '😀'] } });
    expect(text).toContain('<objects>\ufffd\ufffd\ufffd\ufffd</objects><objects>😀</objects>');
  });
});

describe('a call', () => {
  const authentication = { mktowsUserId: 'u', requestSignature: 's', requestTimestamp: 't' };
  const header =
    '<SOAP-ENV:Header><ns1:AuthenticationHeader><mktowsUserId>u</mktowsUserId><requestSignature>s</requestSignature>' +
    '<requestTimestamp>t</requestTimestamp></ns1:AuthenticationHeader></SOAP-ENV:Header>';

  test('carries its authentication in Header', () => {
    expect(encodeCall('describeMObject', { objectName: 'Opportunity' }, authentication)).toBe(
      `${start}>${header}<SOAP-ENV:Body><ns1:paramsDescribeMObject><objectName>Opportunity</objectName></ns1:paramsDescribeMObject>${end}`,
    );
  });

  test('says by xsi:type which extension of an abstract type it sends', () => {
    const text = encodeCall(
      'getMultipleLeads',
      { leadSelector: { $type: 'StaticListSelector', staticListId: 1 } },
      authentication,
    );
    expect(text).toBe(
      `${withXsi}>${header}<SOAP-ENV:Body><ns1:paramsGetMultipleLeads>` +
        '<leadSelector xsi:type="ns1:StaticListSelector"><staticListId>1</staticListId></leadSelector>' +
        `</ns1:paramsGetMultipleLeads>${end}`,
    );
  });
});
