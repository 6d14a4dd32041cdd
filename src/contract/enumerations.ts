/** The enumerations of the API's schema, with their values in schema order (docs/wire.md#wsdl). */
export const enumerations = {
  ActivityType: [
    'VisitWebpage',
    'FillOutForm',
    'ClickLink',
    'SendEmail',
    'EmailDelivered',
    'EmailBounced',
    'UnsubscribeEmail',
    'OpenEmail',
    'ClickEmail',
    'NewLead',
    'ChangeDataValue',
    'LeadAssigned',
    'NewSFDCOpprtnty',
    'Wait',
    'RunSubflow',
    'RemoveFromFlow',
    'PushLeadToSales',
    'CreateTask',
    'ConvertLead',
    'ChangeScore',
    'ChangeOwner',
    'AddToList',
    'RemoveFromList',
    'SFDCActivity',
    'EmailBouncedSoft',
    'PushLeadUpdatesToSales',
    'DeleteLeadFromSales',
    'SFDCActivityUpdated',
    'SFDCMergeLeads',
    'MergeLeads',
    'ResolveConflicts',
    'AssocWithOpprtntyInSales',
    'DissocFromOpprtntyInSales',
    'UpdateOpprtntyInSales',
    'DeleteLead',
    'SendAlert',
    'SendSalesEmail',
    'OpenSalesEmail',
    'ClickSalesEmail',
    'AddtoSFDCCampaign',
    'RemoveFromSFDCCampaign',
    'ChangeStatusInSFDCCampaign',
    'ReceiveSalesEmail',
    'InterestingMoment',
    'RequestCampaign',
    'SalesEmailBounced',
    'ChangeLeadPartition',
    'ChangeRevenueStage',
    'ChangeRevenueStageManually',
    'ComputeDataValue',
    'ChangeStatusInProgression',
    'ChangeFieldInProgram',
    'EnrichWithDatacom',
    'ChangeSegment',
    'ResolveRuleset',
    'SmartCampaignTest',
    'SmartCampaignTestTrigger',
  ],
  ComparisonEnum: ['EQ', 'NE', 'LT', 'LE', 'GT', 'GE'],
  ForeignSysType: ['CUSTOM', 'SFDC', 'NETSUITE'],
  ImportToListModeEnum: ['UPSERTLEADS', 'LISTONLY'],
  ImportToListStatusEnum: ['PROCESSING', 'COMPLETE', 'FAILED', 'CANCELED'],
  LeadKeyRef: [
    'IDNUM',
    'COOKIE',
    'EMAIL',
    'LEADOWNEREMAIL',
    'SFDCACCOUNTID',
    'SFDCCONTACTID',
    'SFDCLEADID',
    'SFDCLEADOWNERID',
    'SFDCOPPTYID',
  ],
  LeadMergeStatusEnum: ['MERGED', 'FAILED'],
  LeadSyncStatus: ['CREATED', 'UPDATED', 'FAILED'],
  ListKeyType: ['MKTOLISTNAME', 'MKTOSALESUSERID', 'SFDCLEADOWNERID'],
  ListOperationType: ['ADDTOLIST', 'ISMEMBEROFLIST', 'REMOVEFROMLIST'],
  MObjStatusEnum: ['CREATED', 'UPDATED', 'DELETED', 'FAILED', 'UNCHANGED', 'SKIPPED'],
  MObjectTypeEnum: ['Opportunity', 'OpportunityLeadRole', 'Program'],
  ReqCampSourceType: ['MKTOWS', 'SALES'],
  SyncOperationEnum: ['UPSERT', 'INSERT', 'UPDATE'],
  SyncStatusEnum: ['CREATED', 'UPDATED', 'DELETED', 'FAILED'],
} as const;

export type EnumerationName = keyof typeof enumerations;

/** A value of the named enumeration. */
export type EnumerationValue<Name extends EnumerationName> = (typeof enumerations)[Name][number];

/** The result of one mObject (docs/behaviour.md#1-a-call-of-syncmobjects). */
export type MObjStatus = EnumerationValue<'MObjStatusEnum'>;

/** The three modes of syncMObjects (docs/behaviour.md#3-operation-and-result). */
export type SyncOperation = EnumerationValue<'SyncOperationEnum'>;

/** The types of activities, as filters spell them. */
export type ActivityType = EnumerationValue<'ActivityType'>;

/** The result of one row of any operation. */
export type RowStatus = MObjStatus | EnumerationValue<'LeadMergeStatusEnum'>;
