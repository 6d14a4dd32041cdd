import type { DatabaseSync } from 'node:sqlite';
import { changesOf, sectionOf } from '../section-rows.ts';
import type { SectionName, SectionRows } from '../sections.ts';
import { StoreError } from '../store.ts';
import { bodyWriter } from './bodies.ts';
import { keptEntryWriter } from './journal.ts';
import { keyIndex } from './keys.ts';
import type { SchemaTables } from './schema.ts';
import { command } from './statements.ts';
import { trafficWriter } from './traffic.ts';
import { writer } from './write.ts';

/** Inserts the rows of a section, inside the current transaction. */
export function sectionWriter(db: DatabaseSync, schemas: SchemaTables) {
  const write = writer(db, keyIndex(db, schemas), schemas);
  const addUser = command<[string, Uint8Array, string]>(
    db,
    'INSERT INTO api_user (user_id, encrypted_secret, created_at) VALUES (?, ?, ?)',
  );
  const putSecret = command<[string, Uint8Array]>(
    db,
    'INSERT OR REPLACE INTO server_secret (name, value) VALUES (?, ?)',
  );
  const putCounter = command<[string, number]>(
    db,
    'INSERT OR REPLACE INTO counter (type, last_id) VALUES (?, ?)',
  );
  const clearJournalCounter = command(db, "DELETE FROM sqlite_sequence WHERE name = 'journal'");
  const putJournalCounter = command<[number]>(
    db,
    "INSERT INTO sqlite_sequence (name, seq) VALUES ('journal', ?)",
  );
  const addEntry = keptEntryWriter(db);
  const addBody = bodyWriter(db);
  const putTraffic = trafficWriter(db);

  function addKeyField({ type, name }: SectionRows['keyFields']): void {
    const field = schemas.current().schema.fields[type].find(name);
    if (field === undefined) throw new StoreError(`The key field ${name} of ${type} is not defined`);
    schemas.addKeyField(type, field);
  }

  function putCount({ counter, last }: SectionRows['counters']): void {
    if (last === 0) return;
    if (counter !== 'Journal') {
      putCounter.run(counter, last);
      return;
    }
    clearJournalCounter.run();
    putJournalCounter.run(last);
  }

  return <Name extends SectionName>(section: Name, rows: readonly SectionRows[Name][]): void => {
    const part = sectionOf(section, rows);
    const changes = changesOf(part);
    if (changes !== undefined) {
      write(changes);
      return;
    }
    switch (part.section) {
      case 'keyFields':
        part.rows.forEach(addKeyField);
        break;
      case 'users':
        for (const user of part.rows) addUser.run(user.userId, user.encryptedSecret, user.createdAt);
        break;
      case 'secrets':
        for (const { name, value } of part.rows) putSecret.run(name, value);
        break;
      case 'counters':
        part.rows.forEach(putCount);
        break;
      case 'journal':
        part.rows.forEach(addEntry);
        break;
      case 'bodies':
        part.rows.forEach(addBody);
        break;
      case 'traffic':
        part.rows.forEach(putTraffic);
        break;
    }
  };
}
