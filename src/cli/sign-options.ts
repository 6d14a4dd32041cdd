import { type OptionDeclarations, option, optionalOption, switchOption } from './option.ts';
import * as value from './option-values.ts';
import { endpointOptions } from './sync-options.ts';

const { user, secret } = endpointOptions;

export const signOptions = {
  user,
  secret,
  timestamp: optionalOption('--timestamp <time>', value.text, 'the time to sign (default: now)'),
  xml: switchOption('--xml', 'print the SOAP header instead of its parts'),
} as const satisfies OptionDeclarations;

export const explainOptions = {
  user: optionalOption('--user <id>', value.text, 'the user id that was sent'),
  secret,
  timestamp: optionalOption('--timestamp <time>', value.text, 'the requestTimestamp that was sent'),
  signature: optionalOption('--signature <hex>', value.text, 'the requestSignature that was sent'),
  at: optionalOption('--at <time>', value.text, 'the time when the server received it (default: now)'),
  maxAge: option('--max-age <minutes>', value.positive(525_600), '60', 'as of serve'),
  maxAhead: option('--max-ahead <minutes>', value.positive(525_600), '10', 'as of serve'),
} as const satisfies OptionDeclarations;
