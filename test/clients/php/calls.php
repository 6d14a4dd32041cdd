<?php
// Makes the calls that it is given, and prints their results as JSON.
$results = array();
foreach ($data as list($operation, $params)) {
  $results[] = call($plain, $user, $secret, $operation, $params);
}
echo json_encode($results, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
