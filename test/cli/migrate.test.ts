import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runOn } from '../store/embedded-postgres.ts';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';
import { mktows, start } from './mktows.ts';

await overBothEngines((engine) => {
  let database: EngineDatabase;
  beforeEach(async () => {
    database = await engine.open(true);
  });
  afterEach(() => database.remove());
  const words = (...more: string[]) => ['migrate', '--create', '--database', database.url, ...more];
  const migrate = (...more: string[]) => mktows(words(...more));

  it('migrate --status says which steps are pending, and makes no database', async () => {
    for (let count = 0; count < 2; count += 1) {
      expect(await migrate('--status')).toEqual({
        status: 0,
        out: expect.stringMatching(/^1\tpending\trecords/),
        err: '',
      });
    }
  });

  it('migrate makes the steps, and says when they were made', async () => {
    const { out } = await migrate();
    expect(out).toMatch(/^1\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\trecords/);
    expect((await migrate('--status')).out).toBe(out);
  });

  it('several that migrate at once all end well, and each step is made once', async () => {
    const ended = await Promise.all(Array.from({ length: 4 }, () => start(words()).ended));
    const { out } = await migrate('--status');
    expect(ended).toEqual(ended.map(() => ({ status: 0, out, err: '' })));
  });

  if (engine.postgres === undefined) return;
  describe('a database of a newer version', () => {
    it.each(['migrate', 'migrate --status', 'serve --port 0'])(
      'is refused by mktows %s in one line, and left as it was',
      async (command) => {
        await migrate();
        await runOn(database.url, "INSERT INTO migration VALUES (999, 'from the future', now())");
        const env = { MKTOWS_USER: 'u', MKTOWS_SECRET: 'a secret of the tests' };
        const { status, out, err } = await start([...command.split(' '), '--database', database.url], { env })
          .ended;
        expect([status, out]).toEqual([1, '']);
        expect(err).toMatch(
          /^.*written by a newer version of mktows \(its schema version is 999.*upgrade mktows.*\n$/,
        );
        expect(await runOn(database.url, 'SELECT max(number) AS newest FROM migration')).toEqual([
          { newest: 999 },
        ]);
      },
    );
  });
});
