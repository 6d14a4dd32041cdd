import {
  answerElement,
  MKTOWS_NAMESPACE,
  type OperationName,
  operationNames,
  operations,
  requestElement,
} from '../contract/operations.ts';
import { writeSchema } from './wsdl-schema.ts';
import { escapeAttribute, escapeText } from './xml-text.ts';

const opening = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  `<wsdl:definitions name="MktMktowsApiService" targetNamespace="${MKTOWS_NAMESPACE}"` +
    ` xmlns:tns="${MKTOWS_NAMESPACE}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"` +
    ' xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema">',
].join('\n');

/**
 * Writes request and answer message of an operation. The body's part comes first and the headers' after it, in one
 * message: suds and node-soap each look for them there.
 */
function messages(name: OperationName): string {
  const request = requestElement(name);
  const answer = answerElement(name);
  return [
    `  <wsdl:message name="${request}">`,
    `    <wsdl:part name="${request}" element="tns:${request}"/>`,
    '    <wsdl:part name="authentication" element="tns:AuthenticationHeader"/>',
    ...(operations[name].takesContext
      ? ['    <wsdl:part name="mktowsContext" element="tns:MktowsContextHeader"/>']
      : []),
    '  </wsdl:message>',
    `  <wsdl:message name="${answer}">`,
    `    <wsdl:part name="${answer}" element="tns:${answer}"/>`,
    '  </wsdl:message>',
  ].join('\n');
}

function portOperation(name: OperationName): string {
  return [
    `    <wsdl:operation name="${name}">`,
    `      <wsdl:documentation>${escapeText(operations[name].documentation)}</wsdl:documentation>`,
    `      <wsdl:input message="tns:${requestElement(name)}"/>`,
    `      <wsdl:output message="tns:${answerElement(name)}"/>`,
    '    </wsdl:operation>',
  ].join('\n');
}

function boundOperation(name: OperationName): string {
  const request = requestElement(name);
  const header = (part: string) =>
    `        <soap:header message="tns:${request}" part="${part}" use="literal"/>`;
  return [
    `    <wsdl:operation name="${name}">`,
    `      <soap:operation soapAction="${MKTOWS_NAMESPACE}${name}" style="document"/>`,
    '      <wsdl:input>',
    `        <soap:body parts="${request}" use="literal"/>`,
    header('authentication'),
    ...(operations[name].takesContext ? [header('mktowsContext')] : []),
    '      </wsdl:input>',
    '      <wsdl:output>',
    '        <soap:body use="literal"/>',
    '      </wsdl:output>',
    '    </wsdl:operation>',
  ].join('\n');
}

/** The last major API version with elements that the one before lacks. */
const LAST_ADDITION = 3;

/** By major API version. Those above the last that adds elements are alike. */
const beforeAddress = new Map<number, string>();

function writeBeforeAddress(version: number): string {
  return [
    opening,
    '  <wsdl:types>',
    writeSchema(version),
    '  </wsdl:types>',
    ...operationNames.map(messages),
    '  <wsdl:portType name="MktowsPort">',
    ...operationNames.map(portOperation),
    '  </wsdl:portType>',
    '  <wsdl:binding name="MktowsApiSoapBinding" type="tns:MktowsPort">',
    '    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>',
    ...operationNames.map(boundOperation),
    '  </wsdl:binding>',
    '  <wsdl:service name="MktMktowsApiService">',
    '    <wsdl:port name="MktowsApiSoapPort" binding="tns:MktowsApiSoapBinding">',
  ].join('\n');
}

/**
 * Returns the WSDL with all 23 operations: the official Java client refuses a port that lacks one. `address` is the URL
 * that clients call. `version`: the major API version.
 */
export function writeWsdl(address: string, version = 2): string {
  const known = Math.min(version, LAST_ADDITION);
  const before = beforeAddress.get(known) ?? writeBeforeAddress(known);
  beforeAddress.set(known, before);
  return [
    before,
    `      <soap:address location="${escapeAttribute(address)}"/>`,
    '    </wsdl:port>',
    '  </wsdl:service>',
    '</wsdl:definitions>',
    '',
  ].join('\n');
}
