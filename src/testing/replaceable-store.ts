import type { JournalEntry } from '../rules/facts.ts';
import type { Store } from '../store/store.ts';

/** A store in whose place another one can be put while a server uses it. */
export interface ReplaceableStore extends Store {
  /** Puts another store in its place, and closes the former one once its calls have ended. */
  replace(next: Store): Promise<void>;
}

/** `decided` is told of the journal entry of each call that may change something, once it is written. */
export function replaceableStore(first: Store, decided: (entry: JournalEntry) => void): ReplaceableStore {
  let store = first;
  return {
    get description() {
      return store.description;
    },
    users: {
      list: () => store.users.list(),
      find: (userId) => store.users.find(userId),
      add: (user) => store.users.add(user),
      put: (user) => store.users.put(user),
      replace: (user, before) => store.users.replace(user, before),
      remove: (userId) => store.users.remove(userId),
    },
    callCounts: null,
    access: null,
    journal: {
      note: (entry) => store.journal.note(entry),
      newest: (...range) => store.journal.newest(...range),
      find: (...wanted) => store.journal.find(...wanted),
      after: (...range) => store.journal.after(...range),
      entry: (number) => store.journal.entry(number),
      countSince: (at) => store.journal.countSince(at),
      prune: (...range) => store.journal.prune(...range),
    },
    browsing: {
      page: (query) => store.browsing.page(query),
      count: (type) => store.browsing.count(type),
      keys: (type, id) => store.browsing.keys(type, id),
      mentions: (...range) => store.browsing.mentions(...range),
      totals: (query) => store.browsing.totals(query),
    },
    bodies: {
      add: (body) => store.bodies.add(body),
      find: (callId) => store.bodies.find(callId),
      which: (callIds) => store.bodies.which(callIds),
      shrink: (bytes) => store.bodies.shrink(bytes),
      prune: (at) => store.bodies.prune(at),
    },
    traffic: {
      put: (rows) => store.traffic.put(rows),
      read: (...range) => store.traffic.read(...range),
      prune: (...range) => store.traffic.prune(...range),
    },
    rewinding: {
      snapshots: () => store.rewinding.snapshots(),
      take: (...snapshot) => store.rewinding.take(...snapshot),
      restore: (name) => store.rewinding.restore(name),
      remove: (name) => store.rewinding.remove(name),
      reset: (...what) => store.rewinding.reset(...what),
    },
    async apply(wanted, decide) {
      let entry: JournalEntry | null = null;
      const answer = await store.apply(wanted, (facts) => {
        const decision = decide(facts);
        if (!('more' in decision)) entry = decision.journal;
        return decision;
      });
      if (entry !== null) decided(entry);
      return answer;
    },
    find: (...query) => store.find(...query),
    list: (query) => store.list(query),
    count: (...filter) => store.count(...filter),
    secret: () => store.secret(),
    schema: () => store.schema(),
    lastSchema: () => store.lastSchema(),
    contents: () => store.contents(),
    ping: () => store.ping(),
    close: () => store.close(),
    async replace(next) {
      const former = store;
      store = next;
      await former.close();
    },
  };
}
