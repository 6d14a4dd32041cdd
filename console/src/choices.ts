/** What the admin API takes, for the choices in forms. A test compares these lists with the API's own. */

export const operations = [
  'syncMObjects',
  'getMObjects',
  'deleteMObjects',
  'describeMObject',
  'listMObjects',
  'getTags',
  'getChannels',
  'syncLead',
  'syncMultipleLeads',
  'getLead',
  'getMultipleLeads',
  'getLeadActivity',
  'getLeadChanges',
  'mergeLeads',
  'listOperation',
  'importToList',
  'getImportToListStatus',
  'getCampaignsForSource',
  'requestCampaign',
  'scheduleCampaign',
  'syncCustomObjects',
  'getCustomObjects',
  'deleteCustomObjects',
];

export const faultCodes = [
  '20011',
  '20012',
  '20013',
  '20014',
  '20015',
  '20016',
  '20017',
  '20019',
  '20022',
  '20023',
  '20024',
  '20101',
  '20102',
  '20103',
  '20104',
  '20105',
  '20106',
  '20107',
  '20108',
  '20109',
  '20110',
  '20111',
  '20113',
  '20122',
  '20123',
];

export const dataTypes = [
  'string',
  'text',
  'phone',
  'url',
  'email',
  'integer',
  'float',
  'currency',
  'boolean',
  'date',
  'datetime',
];

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'];

export const bodiesToKeep = ['off', 'failed', 'all'];
