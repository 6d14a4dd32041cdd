import { describe } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { contractCases } from './conformance.ts';
import type { OpenedStore } from './fixture.ts';
import { openReferenceStore } from './reference-store.ts';
import { overBothEngines, type TestEngine } from './test-engines.ts';

async function openEmpty(engine: TestEngine): Promise<OpenedStore> {
  const database = await engine.open();
  let store = await openStore(database.url);
  return {
    store,
    async reopen() {
      await store.close();
      store = await openStore(database.url);
      return store;
    },
    another: () => openStore(database.url),
    async cleanup() {
      await store.close();
      await database.remove();
    },
  };
}

await overBothEngines((engine) => {
  describe('the contract of stores', () =>
    contractCases({ open: () => openEmpty(engine), isDurable: true, isShared: true }));
});

const unclaimed = () => Promise.reject(new Error('the reference store does not claim that'));

describe('the contract of stores, kept by the reference store', () =>
  contractCases({
    async open() {
      const store = openReferenceStore();
      return { store, reopen: unclaimed, another: unclaimed, cleanup: store.close };
    },
    isDurable: false,
    isShared: false,
  }));
