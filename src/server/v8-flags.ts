import { setFlagsFromString } from 'node:v8';

/**
 * Raises the maximum semi-space size of threads started from now on to 16 MB. With the 8 MB of `mktows serve`, a
 * thread that only handles calls is 10 % slower. Does not affect running threads.
 */
export function growYoungGeneration(): void {
  setFlagsFromString('--max-semi-space-size=16');
}

/**
 * Disables pretenuring. V8 allocates objects in the old generation if those of the same code site often survive minor
 * collections. The message of a running call always does, so V8 would keep messages with all their text until a full
 * collection, and copy them until then.
 */
export function disablePretenuring(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
