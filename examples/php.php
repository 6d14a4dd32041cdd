<?php
// Needs PHP with its SOAP extension.
$endpoint = getenv('MKTOWS_ENDPOINT');
$client = new SoapClient("$endpoint?WSDL", ['location' => $endpoint]);

function header_for(string $user, string $secret): SoapHeader {
  $time = date(DATE_W3C);
  return new SoapHeader('http://www.marketo.com/mktows/', 'AuthenticationHeader', [
    'mktowsUserId' => $user,
    'requestSignature' => hash_hmac('sha1', $time . $user, $secret),
    'requestTimestamp' => $time,
  ]);
}

function attributes(array $values): array {
  $attribs = [];
  foreach ($values as $name => $value) $attribs[] = ['name' => $name, 'value' => $value];
  return ['attrib' => $attribs];
}

function opportunity(string $name, array $values): array {
  return [
    'type' => 'Opportunity',
    'externalKey' => ['name' => 'Name', 'value' => $name],
    'attribList' => attributes($values),
  ];
}

/** Returns a status for each object, in the same order. */
function sync(SoapClient $client, string $operation, array $objects): array {
  $params = ['mObjectList' => ['mObject' => $objects], 'operation' => $operation];
  $header = header_for(getenv('MKTOWS_USER'), getenv('MKTOWS_SECRET'));
  $rows = $client->__soapCall('syncMObjects', [$params], null, $header)->result->mObjStatusList->mObjStatus;
  // SoapClient makes one element no array.
  return is_array($rows) ? $rows : [$rows];
}

function print_row(string $what, object $row): void {
  print "$what: $row->status, " . ($row->status === 'FAILED' ? $row->error : "id $row->id") . "\n";
}

try {
  $rows = sync($client, 'UPSERT', [
    opportunity('Example 1', ['Amount' => '2000', 'CloseDate' => '2014-03-31']),
    opportunity('Example 2', ['Amount' => 'a lot']),
  ]);
  foreach ($rows as $index => $row) print_row('Opportunity Example ' . ($index + 1), $row);

  $role = ['OpportunityId' => $rows[0]->id, 'PersonId' => '19', 'Role' => 'Influencer/Champion'];
  $roles = sync($client, 'UPSERT', [['type' => 'OpportunityPersonRole', 'attribList' => attributes($role)]]);
  print_row('Role', $roles[0]);
} catch (SoapFault $fault) {
  fwrite(STDERR, "fault: $fault->faultstring\n");
  exit(1);
}
