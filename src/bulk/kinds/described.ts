import type { CallOptions } from '../../client/call.ts';
import type { Client } from '../../client/client.ts';
import { type DataType, dataTypes } from '../../contract/fields.ts';
import type { DescribedField } from '../columns.ts';

/** Returns the fields that a server describes for a type. */
export async function describedFields(
  client: Client,
  type: string,
  options: CallOptions,
): Promise<DescribedField[]> {
  const { fields } = await client.describeMObject(type, options);
  return fields.map(({ name, displayName, dataType, size }) => ({
    name,
    displayName,
    dataType: isDataType(dataType) ? dataType : 'text',
    size,
  }));
}

const isDataType = (name: string): name is DataType => (dataTypes as readonly string[]).includes(name);
