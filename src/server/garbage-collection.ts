import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 treat what a call makes as short-lived. It moves sites in the code whose objects often outlive a small
 * collection to the old generation. A message being carried out always does outlive it, and would from then on,
 * with its whole text, stay until a full collection, and be copied about until then.
 */
export function expectShortLives(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
