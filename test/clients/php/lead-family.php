<?php
// Makes the calls that it is given, and prints their results as JSON. A selector says of which type it is.
$results = array();
foreach ($data as list($operation, $params)) {
  if (isset($params->leadSelector)) {
    $type = $params->leadSelector->type;
    unset($params->leadSelector->type);
    $params->leadSelector = new SoapVar(
      $params->leadSelector, SOAP_ENC_OBJECT, $type, 'http://www.marketo.com/mktows/'
    );
  }
  $results[] = call($plain, $user, $secret, $operation, $params);
}
echo json_encode($results, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
