import { SoapFault } from '../contract/faults.ts';
import { StoreError } from '../store/store.ts';
import { BodyRefusal } from './request-bodies.ts';

/** Returns the fault for an error. It never contains the text of an unexpected error. */
export function faultFor(error: unknown, callId: string): SoapFault {
  if (error instanceof SoapFault) return error;
  if (error instanceof BodyRefusal) return bodyFault(error);
  if (error instanceof StoreError) return storeFault(error, callId);
  return new SoapFault(20011, `The server failed unexpectedly; ${unknown(callId)}`, {
    internal: 'unexpected error',
    outcomeUnknown: true,
    cause: error,
  });
}

function bodyFault({ reason, message, cause }: BodyRefusal): SoapFault {
  switch (reason) {
    case 'too large':
      return new SoapFault(20012, `${message}; send fewer mObjects in a call`);
    case 'small chunks':
      return new SoapFault(20012, `${message}; send larger ones`);
    case 'no room':
      return new SoapFault(20024, `${message}; send this call again when others are answered`);
    case 'broken off':
      return new SoapFault(20012, message, { internal: (cause as Error).message });
  }
}

function storeFault(error: StoreError, callId: string): SoapFault {
  const { outcomeUnknown } = error;
  const message = outcomeUnknown
    ? `The store failed while it committed; ${unknown(callId)}`
    : 'The store failed; nothing of this call was applied, and it can be sent again';
  return new SoapFault(20011, message, { internal: error.message, outcomeUnknown, cause: error });
}

/** `docs/errors.md` explains how to find out. */
const unknown = (callId: string) =>
  'it is not known whether this call was applied. Look at the objects before sending it again, ' +
  `or in the server's journal for call ${callId}`;
