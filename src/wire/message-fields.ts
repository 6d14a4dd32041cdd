import type { CompiledType } from './compiled-type.ts';

/** A message that is being read: fields by their names in the schema. */
export type Fields = Record<string, unknown>;

/** Returns an empty message of the type. */
export function createMessage(type: CompiledType): Fields {
  const message: Fields = type.discriminated ? { $type: type.name } : {};
  for (const name of type.arrays) message[name] = [];
  return message;
}
