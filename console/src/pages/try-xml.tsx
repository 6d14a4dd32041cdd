import { useId } from 'react';

export const xmlTemplate = `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="http://www.marketo.com/mktows/">
  <SOAP-ENV:Body>
    <ns1:paramsSyncMObjects>
      <mObjectList>
        <mObject>
          <type>Opportunity</type>
          <attribList>
            <attrib><name>Name</name><value>From the console</value></attrib>
            <attrib><name>Amount</name><value>2000</value></attrib>
          </attribList>
        </mObject>
      </mObjectList>
      <operation>INSERT</operation>
    </ns1:paramsSyncMObjects>
  </SOAP-ENV:Body>
</SOAP-ENV:Envelope>
`;

/** The call as XML. The server replaces its Header by one that it signs. */
export function TryXml({
  xml,
  onChange,
}: {
  readonly xml: string;
  readonly onChange: (xml: string) => void;
}) {
  const id = useId();
  return (
    <label className="field" htmlFor={id}>
      <span>Envelope; the server writes and signs the Header</span>
      <textarea
        id={id}
        rows={20}
        value={xml}
        spellCheck={false}
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  );
}
