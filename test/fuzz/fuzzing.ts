import { pino } from 'pino';
import type { MObjectSettings } from '../../src/rules/settings.ts';
import { seedLeadFamily } from '../clients/seeded-leads.ts';
import { seededInstance, startSeededServer } from '../clients/seeded-server.ts';
import { createChance } from './chance.ts';
import { countChanges } from './change-count.ts';
import { statusesIn, wrongIn } from './claims.ts';
import { createHttpExchange } from './http-exchange.ts';
import { type Judged, judged } from './judged-answer.ts';
import { mutatedRequest } from './mutated-request.ts';
import { createPositions } from './positions.ts';
import { type FuzzRequest, structuredRequest } from './structured-request.ts';

export interface Fuzzing {
  readonly seed: number;
  /** Numbers of the first request and of the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Heard after each block, with all that came out so far. */
  readonly progress?: (done: number, outcomes: ReadonlyMap<string, number>) => void;
}

/** So many requests go to one server with a database of its own: what is stored stays small, and a failure near. */
export const BLOCK = 20_000;
/** So many requests are under way at once. */
const AT_ONCE = 16;
/** Over so many connections a round is sent: with fewer than requests, some are sent ahead of earlier answers. */
const CONNECTIONS = [AT_ONCE, AT_ONCE, 5, 1];
/** Processor time of this process for a round of requests, client and server together, in milliseconds. */
const LONGEST_ROUND = 2_000;
/** Memory of this process, in bytes. */
const MOST_MEMORY = 1.5 * 2 ** 30;

const keyField = { name: 'ExtId', dataType: 'string' };
const instance = {
  ...seededInstance,
  fields: { ...seededInstance.fields, OpportunityPersonRole: [keyField] },
};

/** The settings of a block's server: the usual ones in the first. */
function settingsOf(seed: number, block: number): MObjectSettings {
  const chance = createChance(seed, -1 - block);
  const usual = block === 0;
  return {
    emptyValues: usual ? 'keep' : chance.oneOf(['keep', 'clear']),
    unknownFields: usual ? 'fail' : chance.oneOf(['fail', 'create', 'ignore']),
    externalKeys: usual ? 'known' : chance.oneOf(['known', 'any']),
    undefinedNames: usual ? 'fail' : chance.oneOf(['fail', 'create']),
    deleteRoles: usual ? 'keep' : chance.oneOf(['keep', 'cascade']),
    longRanges: usual ? 'allow' : chance.oneOf(['allow', 'refuse']),
    timeZone: usual ? 'UTC' : chance.oneOf(['UTC', 'America/Los_Angeles', 'Asia/Kathmandu']),
  };
}

/**
 * Sends random requests to a server and looks at every answer (`judged-answer.ts`), at what was stored meanwhile, at
 * the time it took and at the memory. Resolves to how often each outcome and each row's status came. Rejects with an
 * error that says which request it was and how to send it again.
 */
export async function fuzz({ seed, from, to, progress }: Fuzzing): Promise<ReadonlyMap<string, number>> {
  const outcomes = new Map<string, number>();
  for (let start = from; start < to; start = (Math.floor(start / BLOCK) + 1) * BLOCK) {
    const end = Math.min(to, (Math.floor(start / BLOCK) + 1) * BLOCK);
    await fuzzBlock(seed, start, end, outcomes);
    progress?.(end - from, outcomes);
  }
  return outcomes;
}

async function fuzzBlock(
  seed: number,
  from: number,
  to: number,
  outcomes: Map<string, number>,
): Promise<void> {
  const errors: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void errors.push(line) });
  const settings = settingsOf(seed, Math.floor(from / BLOCK));
  const server = await startSeededServer(instance, { logger, settings });
  await seedLeadFamily(server.store);
  const changes = countChanges(server.store.description.location);
  const exchange = createHttpExchange(server.url, AT_ONCE);
  const positions = createPositions();

  async function sendRound(first: number): Promise<void> {
    const requests: FuzzRequest[] = [];
    for (let number = first; number < Math.min(to, first + AT_ONCE); number++) {
      const circumstances = { chance: createChance(seed, number), positions };
      requests.push(
        circumstances.chance.happens(0.6) ? structuredRequest(circumstances) : mutatedRequest(circumstances),
      );
    }
    const connections = createChance(seed, -1 - BLOCK - first).oneOf(CONNECTIONS);
    const before = changes.read();
    const began = process.cpuUsage();
    const answers = await Promise.allSettled(
      requests.map(async (request, index) => judged(await exchange.send(request, index % connections))),
    );
    const { user, system } = process.cpuUsage(began);
    const failed = answers.findIndex(({ status }) => status === 'rejected');
    const round = { seed, number: first, requests };
    if (failed >= 0) {
      const { reason } = answers[failed] as PromiseRejectedResult;
      const found = requests.slice(failed, failed + 1);
      throw finding(`${reason}\n${errors.join('')}`, { seed, number: first + failed, requests: found });
    }
    if ((user + system) / 1000 > LONGEST_ROUND) throw finding(`it took ${(user + system) / 1000} ms`, round);
    const all = answers.map((answer) => (answer as PromiseFulfilledResult<Judged>).value);
    const wrong = wrongIn(
      all.map(({ claims }) => claims),
      before,
      changes.read(),
      settings,
    );
    if (wrong !== undefined) throw finding(wrong, round);
    for (const { outcome, claims, position } of all) {
      for (const name of [outcome, ...statusesIn(claims)]) outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
      if (position !== undefined) positions.add(position.requestType, position.text);
    }
  }

  try {
    for (let first = from; first < to; first += AT_ONCE) await sendRound(first);
    const { rss } = process.memoryUsage();
    if (rss > MOST_MEMORY)
      throw new Error(`${rss} bytes of memory are in use after request ${to} of seed ${seed}`);
  } finally {
    await exchange.close();
    changes.close();
    await server.remove();
  }
}

interface Round {
  readonly seed: number;
  readonly number: number;
  readonly requests: readonly FuzzRequest[];
}

function finding(what: string, { seed, number, requests }: Round): Error {
  const shown = requests.map(({ path, headers, body }) => {
    const text =
      body.length > 4_000
        ? `${body.toString('latin1', 0, 4_000)}… (${body.length} bytes)`
        : body.toString('latin1');
    return `POST ${path} ${JSON.stringify(headers)}\n${JSON.stringify(text)}`;
  });
  const start = Math.floor(number / BLOCK) * BLOCK;
  const again = `MKTOWS_FUZZ_SEED=${seed} MKTOWS_FUZZ_FROM=${start} MKTOWS_FUZZ_REQUESTS=${number + AT_ONCE - start} npm run test:fuzz`;
  return new Error(`Request ${number} of seed ${seed}: ${what}\nAgain: ${again}\n${shown.join('\n')}`);
}
