<?php
// Each of the MObject operations as PHP programs call it; prints the answers as JSON.
$ask = function ($operation, $params = array()) use ($plain, $user, $secret) {
  return call($plain, $user, $secret, $operation, $params);
};
$get = function ($type, $more = array()) use ($ask) {
  return $ask('getMObjects', array('type' => $type) + $more);
};
$where = function ($attrName, $comparison, $attrValue) {
  return array('attrName' => $attrName, 'comparison' => $comparison, 'attrValue' => $attrValue);
};
$all = function (...$criteria) {
  return array('mObjCriteriaList' => array('mObjCriteria' => $criteria));
};
$of = function ($mObjType, $pointer) {
  return array('mObjAssociationList' => array('mObjAssociation' => array('mObjType' => $mObjType) + $pointer));
};
$key = function ($name, $value) {
  return array('externalKey' => array('name' => $name, 'value' => $value));
};
$insert = function ($count, $values) use ($ask) {
  $objects = array();
  for ($i = 0; $i < $count; $i++) {
    $objects[] = array('type' => 'Opportunity', 'attribList' => attributes($values));
  }
  return $ask('syncMObjects', array('mObjectList' => array('mObject' => $objects), 'operation' => 'INSERT'));
};
$delete = function (...$objects) use ($ask) {
  return $ask('deleteMObjects', array('mObjectList' => array('mObject' => $objects)));
};
$tooMany = array('mObjectList' => array('mObject' => array_fill(0, 101, array('type' => 'Opportunity', 'id' => 1))));

$insert(100, array('Stage' => 'many'));
$insert($data->many - 100, array('Stage' => 'many'));
$pages = array();
$params = array('type' => 'Opportunity') + $all($where('Stage', 'EQ', 'many'));
do {
  $page = $ask('getMObjects', $params);
  $pages[] = array_map(function ($mObject) { return $mObject->id; }, $page->mObjectList->mObject);
  $params = array('type' => 'Opportunity', 'streamPosition' => $page->newStreamPosition);
} while ($page->hasMore);
$behind = $ask('getMObjects', $params);
$insert(1, array('FSOpportunityID' => 'D-1'));

echo json_encode(array(
  'list' => $ask('listMObjects', new stdClass()),
  'describe' => $ask('describeMObject', array('objectName' => 'Opportunity')),
  'opportunity' => $get('Opportunity', array('id' => 64)),
  'program' => $get('Program', array('id' => 1970)),
  'programInBrief' => $get('Program', array('id' => 1970, 'includeDetails' => false)),
  'pages' => $pages,
  'behindTheEnd' => $behind,
  'byCriteria' => $get('Opportunity', $all(
    $where('Amount', 'GE', '9.00'),
    $where('Amount', 'LT', 10),
    $where('Created At', 'EQ', '2026-11-23T12:00:00Z')
  )),
  'byKey' => $get('Opportunity', $key('FSOpportunityID', 'F-64')),
  'byCompany' => $get('Opportunity', $of('Company', array('id' => 1))),
  'byCompanyKey' => $get('Opportunity', $of('Company', $key('cAccountFSID', 'C123'))),
  'byLead' => $get('Opportunity', $of('Lead', array('id' => 19))),
  'rolesOfOpportunity' => $get('OpportunityPersonRole', $of('Opportunity', array('id' => 64))),
  'rolesOfLead' => $get('OpportunityPersonRole', $of('Lead', $key('FSPID', '12346'))),
  'byNothing' => $get('Opportunity', $all($where('Amount', 'GT', 9))),
  'delete' => $delete(
    array('type' => 'Opportunity', 'id' => 65),
    array('type' => 'Opportunity') + $key('FSOpportunityID', 'D-1'),
    array('type' => 'Opportunity', 'id' => 65),
    array('type' => 'Program', 'id' => 1970)
  ),
  'deleted' => $get('Opportunity', array('id' => 65)),
  'tags' => $ask('getTags'),
  'someTags' => $ask('getTags', array(
    'tagList' => array('tag' => array('type' => 'Region', 'values' => array('stringItem' => array('South')))),
  )),
  'channels' => $ask('getChannels'),
  'someChannels' => $ask('getChannels', array('tag' => array('values' => array('stringItem' => 'Blog')))),
  'badObjectName' => $ask('describeMObject', array('objectName' => 'Program')),
  'emptyType' => $get(''),
  'badCriterion' => $get('Opportunity', $all($where('Nmae', 'EQ', 'x'))),
  'badPosition' => $get('Opportunity', array('streamPosition' => 'x')),
  'tooManyToDelete' => $ask('deleteMObjects', $tooMany),
  'tooManyToSync' => $ask('syncMObjects', $tooMany + array('operation' => 'INSERT')),
), JSON_THROW_ON_ERROR);
