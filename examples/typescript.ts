// Needs Node 24 or newer, and the package mktows.
import { createClient, MktowsFault, type SyncResult } from 'mktows/client';

const { MKTOWS_ENDPOINT: endpoint = '', MKTOWS_USER: userId = '', MKTOWS_SECRET: secret = '' } = process.env;
const client = createClient({ endpoint, userId, secret });

function printRow(what: string, row: SyncResult | undefined): void {
  console.log(`${what}: ${row?.status}, ${row?.status === 'FAILED' ? row.error : `id ${row?.id}`}`);
}

try {
  const rows = await client.syncMObjects('UPSERT', [
    {
      type: 'Opportunity',
      externalKey: { name: 'Name', value: 'Example 1' },
      attributes: { Amount: 2000, CloseDate: '2014-03-31' },
    },
    {
      type: 'Opportunity',
      externalKey: { name: 'Name', value: 'Example 2' },
      attributes: { Amount: 'a lot' },
    },
  ]);
  for (const [index, row] of rows.entries()) printRow(`Opportunity Example ${index + 1}`, row);

  const [role] = await client.syncMObjects('UPSERT', [
    {
      type: 'OpportunityPersonRole',
      attributes: { OpportunityId: rows[0]?.id ?? 0, PersonId: 19, Role: 'Influencer/Champion' },
    },
  ]);
  printRow('Role', role);
} catch (error) {
  if (!(error instanceof MktowsFault)) throw error;
  console.error(`fault: ${error.message}`);
  process.exitCode = 1;
}
