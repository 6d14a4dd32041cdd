import type { Backend, Place } from '../backend.ts';
import { SoapFault } from '../contract/faults.ts';
import type { Received } from '../contract/messages.ts';
import { readSignedText, writeSignedText } from './signed-text.ts';

/** The query in a stream position: the parameters of getMObjects without the position itself. */
export type CarriedQuery = Omit<Received<'ParamsGetMObjects'>, 'streamPosition'>;

/** The query and the place where the stream continues; no place after the last page. */
export interface StreamPosition {
  readonly query: CarriedQuery;
  readonly after: Place;
  readonly atEnd: boolean;
}

const VERSION = 1;
const PURPOSE = 'stream position';

type Sign = Backend['sign'];

/**
 * Encodes a stream position as opaque text. It contains the whole query, since clients resend only type and position
 * (docs/behaviour.md#stream-positions), and is signed against modification. It is valid as long as the database
 * exists.
 */
export async function writeStreamPosition(position: StreamPosition, sign: Sign): Promise<string> {
  return writeSignedText(
    PURPOSE,
    JSON.stringify([VERSION, position.query, position.after, position.atEnd]),
    sign,
  );
}

/** Decodes a stream position. Rejects with fault 20122 if the text was not created by `writeStreamPosition`. */
export async function readStreamPosition(text: string, sign: Sign): Promise<StreamPosition> {
  const signed = await readSignedText(PURPOSE, text, sign);
  if (signed === undefined) throw badPosition('was not issued by this instance, or was modified');
  const [version, query, after, atEnd] = JSON.parse(signed) as [number, CarriedQuery, Place, boolean];
  if (version !== VERSION) throw badPosition('is of another version of this server; start again without it');
  return { query, after, atEnd };
}

/** Returns the fault for an unusable stream position. */
export const badPosition = (why: string): SoapFault => new SoapFault(20122, `streamPosition ${why}`);
