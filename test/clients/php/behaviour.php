<?php
// Calls that the sample does not make; prints the answers as JSON.
$opportunity = (object) array('type' => 'Opportunity', 'attribList' => attributes(array('Name' => 'Zoë 漢字 😀 <&>')));
$shared = attributes(array('Stage' => 'shared'));
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
  'nothingToMerge' => call($plain, $user, $secret, 'mergeLeads', array(
    'winningLeadKeyList' => array(),
    'losingLeadKeyLists' => array(),
  )),
);
echo json_encode($results);
