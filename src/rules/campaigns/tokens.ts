import type { Received } from '../../contract/messages.ts';
import type { RowResult } from '../sync.ts';

/** The value of a token of a program, e.g. `['{{my.x}}', 'y']`. */
export type Token = readonly [name: string, value: string];

/** Returns the tokens of a programTokenList, in the order sent; those without a name are left out. */
export const readTokens = (list: Received<'ArrayOfAttrib'> | null | undefined): readonly Token[] =>
  (list?.attrib ?? []).flatMap(({ name = '', value }) =>
    name.trim() === '' ? [] : [[name.trim(), value ?? ''] as const],
  );

/** Returns the row of a call in the journal that used a campaign: with its tokens. */
export const campaignRow = (id: number, name: string, tokens: readonly Token[]): RowResult => ({
  row: { sentType: 'Campaign', id, echoedKey: undefined },
  outcome: {
    status: 'UPDATED',
    id,
    name,
    changed: tokens.map(([token]) => token),
    before: tokens.map(() => null),
    after: tokens.map(([, value]) => value),
  },
});
