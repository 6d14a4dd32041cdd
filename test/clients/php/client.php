<?php
// What the scripts share: how calls are signed and sent. Placeholders are filled in by the test.
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
    return isset($answer->result) ? $answer->result : $answer->leadActivityList;
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

$plain = new SoapClient($endpoint . '?WSDL', array('location' => $endpoint));
