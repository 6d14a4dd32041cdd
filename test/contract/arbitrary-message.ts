import fc from 'fast-check';
import type { BuiltinName, ElementDeclaration, TypeDeclaration } from '../../src/contract/declarations.ts';
import { type EnumerationName, enumerations } from '../../src/contract/enumerations.ts';
import type { Message } from '../../src/contract/messages.ts';
import { type TypeName, types } from '../../src/contract/types.ts';

const declarations: Readonly<Record<string, TypeDeclaration>> = types;

/** A character that XML 1.0 can hold; those that need care while writing more often than chance has it. */
const xmlCharacter = fc.oneof(
  fc.constantFrom(...'&<>"\'\r\n\t ]%;#'),
  fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x7f, max: 0xd7ff }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0xe000, max: 0xfffd }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x10000, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
);

/** Text that XML 1.0 can hold. */
export const xmlText: fc.Arbitrary<string> = fc.string({ unit: xmlCharacter, maxLength: 30 });

const builtins: Readonly<Record<BuiltinName, fc.Arbitrary<unknown>>> = {
  string: xmlText,
  anySimpleType: xmlText,
  int: fc.integer({ min: -2147483648, max: 2147483647 }),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  integer: fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
  boolean: fc.boolean(),
  dateTime: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  base64Binary: fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
};

function anyValue(type: string): fc.Arbitrary<unknown> {
  if (type in builtins) return builtins[type as BuiltinName];
  if (type in enumerations) return fc.constantFrom(...enumerations[type as EnumerationName]);
  return messageOf(type);
}

function occurring({ type, occurs }: ElementDeclaration): fc.Arbitrary<unknown> {
  const value = anyValue(type);
  if (occurs === 'many') return fc.array(value, { maxLength: 3 });
  return occurs === 'nillable' || occurs === 'optionalNillable' ? fc.option(value, { nil: null }) : value;
}

const known = new Map<string, fc.Arbitrary<object>>();

function messageOf(typeName: string): fc.Arbitrary<object> {
  const before = known.get(typeName);
  if (before !== undefined) return before;
  const declaration = declarations[typeName];
  if (declaration === undefined) throw new Error(`No type is declared as "${typeName}"`);

  let message: fc.Arbitrary<object>;
  if (declaration.abstract) {
    const extensions = Object.keys(declarations).filter((name) => declarations[name]?.base === typeName);
    message = fc.oneof(...extensions.map(messageOf));
  } else {
    const written = declaration.elements.filter(({ occurs }) => occurs !== 'unlisted');
    const optional = new Set(
      written
        .filter(({ occurs }) => occurs === 'optional' || occurs === 'optionalNillable')
        .map(({ name }) => name),
    );
    const required = written.map(({ name }) => name).filter((name) => !optional.has(name));
    message = fc
      .record(Object.fromEntries(written.map((element) => [element.name, occurring(element)])), {
        requiredKeys: required,
        noNullPrototype: true,
      })
      .map((elements) => (declaration.base === undefined ? elements : { $type: typeName, ...elements }));
  }
  known.set(typeName, message);
  return message;
}

/** Any complete message of a type, derived from the contract. */
export function arbitraryMessage<Name extends TypeName>(typeName: Name): fc.Arbitrary<Message<Name>> {
  return messageOf(typeName) as fc.Arbitrary<Message<Name>>;
}
