import { CommandFailure } from './failure.ts';

/** The server that a command calls, and the user it calls as. */
export interface Endpoint {
  readonly endpoint: string;
  readonly userId: string;
  readonly secret: string;
}

/** Reads `endpointOptions`. Throws `CommandFailure` if user or secret are missing. */
export function endpointOf(values: {
  readonly endpoint: string;
  readonly user: string | undefined;
  readonly secret: string | undefined;
}): Endpoint {
  const { endpoint, user: userId, secret } = values;
  if (userId === undefined) throw new CommandFailure('who signs the calls? Say --user, or set MKTOWS_USER');
  if (secret === undefined) throw new CommandFailure(`the secret of ${userId} is missing: set MKTOWS_SECRET`);
  return { endpoint, userId, secret };
}
