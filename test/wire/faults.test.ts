import { describe, expect, test } from 'vitest';
import { faultCodes, faults, SoapFault } from '../../src/contract/faults.ts';
import { decodeAnswer } from '../../src/wire/answer-decoder.ts';
import { encodeFault } from '../../src/wire/fault.ts';
import { faultOf } from './decoding.ts';

const faultText = (faultcode: string, faultstring: string, message: string, code: number) =>
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body><SOAP-ENV:Fault>' +
  `<faultcode>${faultcode}</faultcode><faultstring>${faultstring}</faultstring>` +
  '<detail><ns1:serviceException xmlns:ns1="http://www.marketo.com/mktows/"><name>mktServiceException</name>' +
  `<message>${message}</message><code>${code}</code></ns1:serviceException></detail>` +
  '</SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>\n';

describe('a fault is written', () => {
  test('byte for byte as published', () => {
    expect(encodeFault(new SoapFault(20014))).toBe(
      faultText('SOAP-ENV:Client', '20014 - Authentication failed', 'Authentication failed (20014)', 20014),
    );
  });

  test('with the message that says more than the short text', () => {
    expect(encodeFault(new SoapFault(20110, 'operation is "X"'))).toBe(
      faultText('SOAP-ENV:Client', '20110 - Input error', 'operation is "X" (20110)', 20110),
    );
  });

  test("as the server's where it is the server's", () => {
    expect(encodeFault(new SoapFault(20011))).toBe(
      faultText('SOAP-ENV:Server', '20011 - Internal Error', 'Internal Error (20011)', 20011),
    );
  });

  test('as Bad Request for malformed XML, with a detail all the same', () => {
    expect(encodeFault(new SoapFault(20012, 'unclosed', { form: 'malformed' }))).toBe(
      faultText('SOAP-ENV:Client', 'Bad Request', 'unclosed (20012)', 20012),
    );
  });

  test.each(['VersionMismatch', 'MustUnderstand'] as const)('as %s of SOAP 1.1', (form) => {
    expect(encodeFault(new SoapFault(20012, 'no', { form }))).toBe(
      faultText(`SOAP-ENV:${form}`, '20012 - Request Not Understood', 'no (20012)', 20012),
    );
  });

  test('escaped', () => {
    expect(encodeFault(new SoapFault(20110, 'a < b & "c" > \u0000\r'))).toContain(
      '<message>a &lt; b &amp; "c" &gt; \ufffd&#13; (20110)</message>',
    );
  });

  test('without what is for the log only', () => {
    const text = encodeFault(
      new SoapFault(20014, undefined, { internal: 'unknown user', cause: new Error('why') }),
    );
    expect(text).not.toMatch(/unknown user|why/);
  });

  test.each(faultCodes)('so that it is read back: %i', (code) => {
    expect(decodeAnswer('syncMObjects', Buffer.from(encodeFault(new SoapFault(code, 'text'))))).toEqual({
      kind: 'fault',
      faultcode: `SOAP-ENV:${faults[code].blame}`,
      faultstring: `${code} - ${faults[code].short}`,
      code,
      message: `text (${code})`,
    });
  });
});

describe('a fault of other writers is read', () => {
  const read = (fault: string) =>
    decodeAnswer(
      'getTags',
      Buffer.from(
        `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:k="http://www.marketo.com/mktows/"><e:Body><e:Fault>${fault}</e:Fault></e:Body></e:Envelope>`,
      ),
    );

  test('with other prefixes', () => {
    const detail =
      '<detail><k:serviceException><name>n</name><message>m</message><code>20103</code></k:serviceException></detail>';
    expect(read(`<faultcode> e:Client </faultcode><faultstring>s</faultstring>${detail}`)).toEqual({
      kind: 'fault',
      faultcode: 'e:Client',
      faultstring: 's',
      code: 20103,
      message: 'm',
    });
  });

  test('without prefixes in the detail', () => {
    const detail = '<detail><serviceException><message>m</message><code>1</code></serviceException></detail>';
    expect(read(detail)).toMatchObject({ code: 1, message: 'm' });
  });

  test('without a detail, by its faultstring', () => {
    expect(
      read('<faultcode>e:Client</faultcode><faultstring>20014 - Authentication failed</faultstring>'),
    ).toMatchObject({
      code: 20014,
      message: '20014 - Authentication failed',
    });
    expect(read('<faultstring>Bad Request</faultstring>')).toMatchObject({
      code: undefined,
      message: 'Bad Request',
    });
  });
});

describe('what is no answer is refused', () => {
  test.each([
    [
      'of another operation',
      '<k:successGetChannels/>',
      'The answer is "successGetChannels"; successGetTags or a Fault was expected',
    ],
    [
      'of a Fault that is not of SOAP',
      '<Fault/>',
      'The answer is "Fault"; successGetTags or a Fault was expected',
    ],
  ])('%s', (_, body, message) => {
    const text = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:k="http://www.marketo.com/mktows/"><e:Body>${body}</e:Body></e:Envelope>`;
    expect(faultOf(() => decodeAnswer('getTags', Buffer.from(text)))).toMatchObject({ code: 20012, message });
  });

  test('that is no XML', () => {
    expect(faultOf(() => decodeAnswer('getTags', Buffer.from('Bad Gateway'))).form).toBe('malformed');
  });
});
