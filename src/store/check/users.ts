import type { UserRow } from '../store.ts';
import { type CheckResult, createFindings } from './report.ts';
import type { CheckSource } from './source.ts';
import { isTime } from './values.ts';

/** Tries to decrypt a user's secret. Resolves to the problem, or to undefined. */
export type OpenUser = (user: UserRow) => Promise<string | undefined>;

/**
 * Checks that every user can be read and, with `open`, that the secret can be decrypted. Secrets do not leave this
 * function.
 */
export async function checkUsers(source: CheckSource, open: OpenUser | undefined): Promise<CheckResult> {
  const findings = createFindings('users');
  const users = await source.users();
  findings.examined('users', users.length);
  for (const user of users) {
    const where = `api_user ${JSON.stringify(user.userId)}`;
    const remedy = 'add the user again with "mktows users add"';
    if (!isTime(user.createdAt)) {
      findings.fault({ where, found: 'an invalid time', expected: 'when the user was added', remedy });
    }
    const problem = await open?.(user);
    if (problem !== undefined) {
      findings.fault({ where, found: problem, expected: 'a secret that the key decrypts', remedy });
    }
  }
  if (open !== undefined) findings.examined('secrets decrypted', users.length);
  return findings.result();
}
