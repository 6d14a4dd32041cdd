<?php
// Calls that the sample does not make; prints one line of JSON for each. Placeholders are filled in by the test.
$endpoint = 'ENDPOINT';
$user = 'USER';
$secret = 'SECRET';

function call($client, $user, $secret, $operation, $params) {
  $timestamp = date(DATE_W3C);
  $header = new SoapHeader('http://www.marketo.com/mktows/', 'AuthenticationHeader', array(
    'mktowsUserId' => $user,
    'requestSignature' => hash_hmac('sha1', $timestamp . $user, $secret),
    'requestTimestamp' => $timestamp,
  ));
  try {
    $answer = $client->__soapCall($operation, array($params), null, $header);
    return $answer->result;
  } catch (SoapFault $fault) {
    return array(
      'faultcode' => $fault->faultcode,
      'faultstring' => $fault->faultstring,
      'detail' => isset($fault->detail) ? $fault->detail->serviceException : null,
    );
  }
}

function attributes($values) {
  $list = new stdClass();
  $list->attrib = array();
  foreach ($values as $name => $value) {
    $list->attrib[] = (object) array('name' => $name, 'value' => $value);
  }
  return $list;
}

$opportunity = (object) array('type' => 'Opportunity', 'attribList' => attributes(array('Name' => 'Zoë 漢字 😀 <&>')));
$shared = attributes(array('Stage' => 'shared'));
$plain = new SoapClient($endpoint . '?WSDL', array('location' => $endpoint));
$gzip = new SoapClient($endpoint . '?WSDL', array(
  'location' => $endpoint,
  'compression' => SOAP_COMPRESSION_ACCEPT | SOAP_COMPRESSION_GZIP | 9,
));
$deflate = new SoapClient($endpoint . '?WSDL', array(
  'location' => $endpoint,
  'compression' => SOAP_COMPRESSION_ACCEPT | SOAP_COMPRESSION_DEFLATE | 9,
));
$soap12 = new SoapClient($endpoint . '?WSDL', array('location' => $endpoint, 'soap_version' => SOAP_1_2));
$sync = function ($client, $operation, $objects, $key = null) use ($user, $secret) {
  $params = array('mObjectList' => $objects, 'operation' => $operation);
  return call($client, $user, $key === null ? $secret : $key, 'syncMObjects', $params);
};

$results = array(
  'functions' => count($plain->__getFunctions()),
  'unicode' => $sync($plain, 'INSERT', array($opportunity)),
  'sameObjectTwice' => $sync($plain, 'INSERT', array($opportunity, $opportunity)),
  'sharedList' => $sync($plain, 'INSERT', array(
    (object) array('type' => 'Opportunity', 'attribList' => $shared),
    (object) array('type' => 'Opportunity', 'attribList' => $shared),
  )),
  'nullAndNumbers' => $sync($plain, 'INSERT', array((object) array(
    'type' => 'Opportunity',
    'attribList' => attributes(array('Name' => null, 'Amount' => 12.5, 'Probability' => 7, 'IsWon' => true)),
  ))),
  'notFound' => $sync($plain, 'UPDATE', array((object) array('type' => 'Opportunity'))),
  'failed' => $sync($plain, 'UPDATE', array((object) array('type' => 'Bogus'))),
  'gzip' => $sync($gzip, 'INSERT', array_fill(0, 50, clone $opportunity)),
  'deflate' => $sync($deflate, 'INSERT', array($opportunity)),
  'badSignature' => $sync($plain, 'INSERT', array($opportunity), 'wrong'),
  'tooMany' => $sync($plain, 'INSERT', array_fill(0, 101, $opportunity)),
  'soap12' => $sync($soap12, 'INSERT', array($opportunity)),
  'notCarriedOut' => call($plain, $user, $secret, 'mergeLeads', array(
    'winningLeadKeyList' => array(),
    'losingLeadKeyLists' => array(),
  )),
);
echo json_encode($results);
