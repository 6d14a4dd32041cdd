import { DatabaseSync } from 'node:sqlite';
import { command, rowQuery, valueQuery } from '../../src/store/sqlite/statements.ts';
import type { LeadRow } from '../lead-work.ts';

export interface LeadStatus {
  readonly leadId: number;
  readonly status: 'CREATED' | 'UPDATED';
  readonly error: null;
}

type Values = Record<string, string | number>;

/**
 * Returns what does the leads of a call: the same work on the same tables as mktows does, written for this one call; a
 * statement for each step, one transaction, one row of the journal; WAL and synchronous FULL.
 */
export function createPlainLeads(file: string): (rows: readonly LeadRow[]) => LeadStatus[] {
  const db = new DatabaseSync(file, { timeout: 5000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  const newest = rowQuery<[string], [number, string]>(
    db,
    'SELECT id, custom FROM lead WHERE email_key = ? ORDER BY id DESC LIMIT 1',
  );
  const insert = command<[number, string, string, string, string, string]>(
    db,
    'INSERT INTO lead (id, created_at, updated_at, email, email_key, custom) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const update = command<[string, string, number]>(
    db,
    'UPDATE lead SET updated_at = ?, custom = ? WHERE id = ?',
  );
  const addActivity = command<[number, number, string, string, string | null, string]>(
    db,
    'INSERT INTO activity (id, lead_id, type, at, asset_name, attributes) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const lastId = valueQuery<[string], number>(db, 'SELECT last_id FROM counter WHERE type = ?');
  const raise = command<[string, number]>(
    db,
    'INSERT INTO counter (type, last_id) VALUES (?, ?) ON CONFLICT (type) DO UPDATE SET last_id = excluded.last_id',
  );
  const journal = command<[string, string]>(
    db,
    "INSERT INTO journal (at, user_id, operation, rows) VALUES (?, 'bench', 'syncMultipleLeads', ?)",
  );

  function work(rows: readonly LeadRow[]): LeadStatus[] {
    const now = new Date().toISOString();
    let lead = lastId.get('Lead') ?? 0;
    let activity = lastId.get('Activity') ?? 0;
    const entries: object[] = [];
    const note = (
      id: number,
      type: string,
      asset: string | null,
      attributes: (readonly (string | number | null)[])[],
    ) =>
      addActivity.run(
        ++activity,
        id,
        type,
        now,
        asset,
        JSON.stringify([...attributes, ['Lead ID', String(id)]]),
      );
    const statuses = rows.map(({ email, attributes }): LeadStatus => {
      const values: Values = { ...attributes, LeadScore: Number(attributes.LeadScore) };
      const key = email.trim().toLowerCase();
      const found = newest.get(key);
      if (found === undefined) {
        insert.run(++lead, now, now, email, key, JSON.stringify(values));
        const source = ['Source Type', 'Source Info'].map((name) => [name, 'Web service API']);
        note(lead, 'NewLead', null, [...source, ['Created Date', now.slice(0, 10)]]);
        entries.push({ type: 'Lead', id: lead, status: 'CREATED', name: email });
        return { leadId: lead, status: 'CREATED', error: null };
      }
      const [id, custom] = found;
      const stored: Values = JSON.parse(custom);
      const changed = Object.keys(values).filter((name) => stored[name] !== values[name]);
      if (changed.length > 0) update.run(now, JSON.stringify({ ...stored, ...values }), id);
      for (const name of changed) {
        note(id, 'ChangeDataValue', name, [
          ['Attribute Name', name],
          ['Old Value', String(stored[name])],
          ['New Value', String(values[name])],
          ['Reason', 'SOAP API'],
        ]);
      }
      const [before, after] = [stored, values].map((each) => changed.map((name) => each[name]));
      entries.push({ type: 'Lead', id, status: 'UPDATED', name: email, changed, before, after });
      return { leadId: id, status: 'UPDATED', error: null };
    });
    raise.run('Lead', lead);
    raise.run('Activity', activity);
    journal.run(now, JSON.stringify(entries));
    return statuses;
  }

  return (rows) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const statuses = work(rows);
      db.exec('COMMIT');
      return statuses;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
}
