import { describe, expectTypeOf, it } from 'vitest';
import type { Message, Received } from '../../src/contract/messages.ts';

// Held by tsc: at run time these tests do nothing.

describe('Message: the type of what is sent', () => {
  it('has each required element', () => {
    expectTypeOf<Message<'Attrib'>>().toEqualTypeOf<{ name: string; value: string }>();
    // @ts-expect-error: `value` is required.
    ({ name: 'Amount' }) satisfies Message<'Attrib'>;
  });

  it('has null for what is nil, and leaves out what is optional', () => {
    expectTypeOf<Message<'MObjStatus'>['id']>().toEqualTypeOf<number | null>();
    expectTypeOf<Message<'MObjStatus'>['error']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Message<'Attribute'>['attrType']>().toEqualTypeOf<string | null | undefined>();
    // @ts-expect-error: `id` can be null, but is not left out.
    ({ status: 'CREATED' }) satisfies Message<'MObjStatus'>;
    // @ts-expect-error: what is optional is not null.
    ({ id: 1, status: 'CREATED', error: null }) satisfies Message<'MObjStatus'>;
  });

  it('has a list for what is repeated', () => {
    expectTypeOf<Message<'ArrayOfAttrib'>>().toEqualTypeOf<{ attrib: Message<'Attrib'>[] }>();
  });

  it('has the values of an enumeration, and no others', () => {
    expectTypeOf<'CREATED'>().toExtend<Message<'MObjStatus'>['status']>();
    expectTypeOf<'created'>().not.toExtend<Message<'MObjStatus'>['status']>();
  });

  it('names the extension of an abstract type', () => {
    expectTypeOf<Message<'LeadSelector'>['$type']>().toExtend<string>();
    expectTypeOf<
      Extract<Message<'LeadSelector'>, { $type: 'LastUpdateAtSelector' }>
    >().branded.toEqualTypeOf<{
      $type: 'LastUpdateAtSelector';
      latestUpdatedAt?: string | null;
      oldestUpdatedAt: string;
    }>();
  });

  it('has no element that is not declared', () => {
    // @ts-expect-error: there is no such element.
    ({ name: 'a', value: 'b', valve: 'c' }) satisfies Message<'Attrib'>;
  });
});

describe('Received: the type of what arrives', () => {
  it('may lack every element but lists', () => {
    expectTypeOf<Received<'Attrib'>>().toEqualTypeOf<{ name?: string; value?: string }>();
    expectTypeOf<Received<'ArrayOfAttrib'>>().toEqualTypeOf<{ attrib: Received<'Attrib'>[] }>();
  });

  it('has null only for what may be nil', () => {
    expectTypeOf<Received<'MObjStatus'>['id']>().toEqualTypeOf<number | null | undefined>();
    expectTypeOf<Received<'MObjStatus'>['error']>().toEqualTypeOf<string | undefined>();
  });

  it('takes each complete message', () => {
    expectTypeOf<Message<'ParamsSyncMObjects'>>().toExtend<Received<'ParamsSyncMObjects'>>();
    expectTypeOf<Received<'ParamsSyncMObjects'>>().not.toExtend<Message<'ParamsSyncMObjects'>>();
  });

  it('lacks elements of messages within it as well', () => {
    expectTypeOf<NonNullable<Received<'MObject'>['externalKey']>>().toEqualTypeOf<Received<'Attrib'>>();
  });
});
