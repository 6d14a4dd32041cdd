import {
  builtinNames,
  type ElementDeclaration,
  type Occurrence,
  type TypeDeclaration,
} from '../contract/declarations.ts';
import { enumerations } from '../contract/enumerations.ts';
import { globalElements, MKTOWS_NAMESPACE } from '../contract/operations.ts';
import { types } from '../contract/types.ts';
import { escapeAttribute } from './xml-text.ts';

const builtin = new Set<string>(builtinNames);
const declarations: Readonly<Record<string, TypeDeclaration>> = types;

const occurrences: Readonly<Record<Exclude<Occurrence, 'unlisted'>, string>> = {
  one: '',
  optional: ' minOccurs="0"',
  nillable: ' nillable="true"',
  optionalNillable: ' minOccurs="0" nillable="true"',
  many: ' minOccurs="0" maxOccurs="unbounded"',
};

function element({ name, type, occurs }: ElementDeclaration): string[] {
  if (occurs === 'unlisted') return [];
  const prefix = builtin.has(type) ? 'xs' : 'tns';
  return [`          <xs:element name="${name}" type="${prefix}:${type}"${occurrences[occurs]}/>`];
}

function complexType(
  name: string,
  { elements: all, abstract, base }: TypeDeclaration,
  version: number,
): string {
  const elements = all.filter(({ since = 0 }) => since <= version);
  const sequence =
    elements.length === 0
      ? ['        <xs:sequence/>']
      : ['        <xs:sequence>', ...elements.flatMap(element), '        </xs:sequence>'];
  const content =
    base === undefined
      ? sequence
      : [
          `        <xs:complexContent><xs:extension base="tns:${base}">`,
          ...sequence,
          '        </xs:extension></xs:complexContent>',
        ];
  const isAbstract = abstract ? ' abstract="true"' : '';
  return [`      <xs:complexType name="${name}"${isAbstract}>`, ...content, '      </xs:complexType>'].join(
    '\n',
  );
}

function simpleType(name: string, values: readonly string[]): string {
  return [
    `      <xs:simpleType name="${name}">`,
    '        <xs:restriction base="xs:string">',
    ...values.map((value) => `          <xs:enumeration value="${escapeAttribute(value)}"/>`),
    '        </xs:restriction>',
    '      </xs:simpleType>',
  ].join('\n');
}

/**
 * Returns the schema of all messages: types by name, then the global elements. Local elements are unqualified
 * (docs/wire.md#wsdl). `version`: the major API version, whose elements it declares.
 */
export function writeSchema(version: number): string {
  const definitions = new Map([
    ...Object.entries(declarations).map(([name, type]): [string, string] => [
      name,
      complexType(name, type, version),
    ]),
    ...Object.entries(enumerations).map(([name, values]): [string, string] => [
      name,
      simpleType(name, values),
    ]),
  ]);
  return [
    `    <xs:schema targetNamespace="${MKTOWS_NAMESPACE}" elementFormDefault="unqualified" attributeFormDefault="unqualified">`,
    ...[...definitions.keys()].sort().map((name) => definitions.get(name)),
    ...[...globalElements].map(([name, type]) => `      <xs:element name="${name}" type="tns:${type}"/>`),
    '    </xs:schema>',
  ].join('\n');
}
