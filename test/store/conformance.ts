import { afterEach, beforeEach, describe } from 'vitest';
import { applyCases } from './cases-apply.ts';
import { declaredCases } from './cases-declared.ts';
import { idCases } from './cases-ids.ts';
import { journalCases } from './cases-journal.ts';
import { keyModelCases } from './cases-key-model.ts';
import { keyCases } from './cases-keys.ts';
import { listCases } from './cases-list.ts';
import { recordCases } from './cases-records.ts';
import { schemaCases } from './cases-schema.ts';
import { userCases } from './cases-users.ts';
import type { OpenedStore, StoreEngine } from './fixture.ts';

export type { OpenedStore, StoreEngine };

/** What the cases of one topic run on: `opened` is an empty store, made anew for each case. */
export interface CaseContext {
  readonly engine: StoreEngine;
  opened(): OpenedStore;
}

/** Holds an engine to the contract in src/store/store.ts, as far as the engine claims to keep it. */
export function contractCases(engine: StoreEngine): void {
  let opened: OpenedStore;
  beforeEach(async () => {
    opened = await engine.open();
  });
  afterEach(() => opened.cleanup());
  const context: CaseContext = { engine, opened: () => opened };

  describe('apply', () => applyCases(context));
  describe('records', () => recordCases(context));
  describe('every declared type', () => declaredCases(context));
  describe('lists', () => listCases(context));
  describe('external keys', () => keyCases(context));
  describe('external keys, against a naive model', () => keyModelCases(context));
  describe('new ids', () => idCases(context));
  describe('schema', () => schemaCases(context));
  describe('journal', () => journalCases(context));
  describe('users', () => userCases(context));
}
