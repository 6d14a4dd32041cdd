import { SoapFault } from '../contract/faults.ts';
import { StoreError } from '../store/store.ts';

/** The fault with which a call ends that failed with this error. No text of an unexpected error gets into it. */
export function faultFor(error: unknown, callId: string): SoapFault {
  if (error instanceof SoapFault) return error;
  if (error instanceof StoreError) return storeFault(error, callId);
  return new SoapFault(20011, `The server failed unexpectedly; ${unknown(callId)}`, {
    internal: 'unexpected error',
    outcomeUnknown: true,
    cause: error,
  });
}

function storeFault(error: StoreError, callId: string): SoapFault {
  const { outcomeUnknown } = error;
  const message = outcomeUnknown
    ? `The store failed while it committed; ${unknown(callId)}`
    : 'The store failed; nothing of this call was applied, and it can be sent again';
  return new SoapFault(20011, message, { internal: error.message, outcomeUnknown, cause: error });
}

/** What `docs/errors.md` tells how to find out. */
const unknown = (callId: string) =>
  'it is not known whether this call was applied. Look at the objects before sending it again, ' +
  `or in the server's journal for call ${callId}`;
