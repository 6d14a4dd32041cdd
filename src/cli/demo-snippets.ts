/** The endpoint and user that a snippet calls. */
export interface SnippetTarget {
  readonly endpoint: string;
  readonly userId: string;
  readonly secret: string;
}

/** Returns a shell script that signs a call with openssl and sends it with curl. */
export const curlSnippet = ({ endpoint, userId, secret }: SnippetTarget): string => `\
ENDPOINT='${endpoint}'; USER_ID='${userId}'; SECRET='${secret}'
TIME=$(date -u +%Y-%m-%dT%H:%M:%SZ)
SIGNATURE=$(printf '%s' "$TIME$USER_ID" | openssl dgst -sha1 -hmac "$SECRET" | sed 's/^.* //')
curl -sS "$ENDPOINT" -H 'Content-Type: text/xml; charset=utf-8' --data-binary @- <<XML
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="http://www.marketo.com/mktows/">
  <SOAP-ENV:Header><ns1:AuthenticationHeader>
    <mktowsUserId>$USER_ID</mktowsUserId>
    <requestSignature>$SIGNATURE</requestSignature>
    <requestTimestamp>$TIME</requestTimestamp>
  </ns1:AuthenticationHeader></SOAP-ENV:Header>
  <SOAP-ENV:Body><ns1:paramsSyncMObjects>
    <mObjectList><mObject><type>Opportunity</type><attribList>
      <attrib><name>Name</name><value>From curl</value></attrib>
      <attrib><name>Amount</name><value>2000</value></attrib>
    </attribList></mObject></mObjectList>
    <operation>INSERT</operation>
  </ns1:paramsSyncMObjects></SOAP-ENV:Body>
</SOAP-ENV:Envelope>
XML
`;

/** Returns a PHP script that makes the same call with SoapClient and the WSDL. */
export const phpSnippet = ({ endpoint, userId, secret }: SnippetTarget): string => `\
<?php
$endpoint = '${endpoint}'; $userId = '${userId}'; $secret = '${secret}';
$time = date(DATE_W3C);
$signature = hash_hmac('sha1', $time . $userId, $secret);
$header = new SoapHeader('http://www.marketo.com/mktows/', 'AuthenticationHeader', [
  'mktowsUserId' => $userId, 'requestSignature' => $signature, 'requestTimestamp' => $time]);
$client = new SoapClient($endpoint . '?WSDL', ['location' => $endpoint]);
$opportunity = ['type' => 'Opportunity', 'attribList' => ['attrib' => [
  ['name' => 'Name', 'value' => 'From PHP'], ['name' => 'Amount', 'value' => '2000']]]];
print_r($client->__soapCall('syncMObjects',
  [['mObjectList' => ['mObject' => [$opportunity]], 'operation' => 'INSERT']], null, $header));
`;
