import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { OperationName } from '../../src/contract/operations.ts';
import { MKTOWS_NAMESPACE, requestElement } from '../../src/contract/operations.ts';
import { escapeText } from '../../src/wire/xml-text.ts';
import { type InfosetElement, infoset } from '../golden/infoset.ts';
import type { TestServer } from '../server/test-server.ts';
import { clientProgram } from './client-program.ts';
import { SECRET, USER_ID } from './seeded-server.ts';

const JARS = '/usr/share/java';
/** The parts of Debian's JAX-WS 2.3 that a client needs. */
const classPath = [
  'jaxws-api jaxws-rt jaxb-api jaxb-runtime jaxb-core jaxb-impl jws-api saaj-impl javax.activation stax-ex stax2-api',
  'woodstox-core streambuffer metro-policy mimepull FastInfoset istack-commons-runtime txw2 gmbal jaxws-ri-rt-jdk9',
]
  .flatMap((names) => names.split(' '))
  .map((name) => join(JARS, `${name}.jar`));

/** A jar with classes that were made for Marketo: an SDK of its. Without it they are made from our WSDL. */
const SDK = process.env.MKTOWS_JAVA_SDK;

/** Why tests with JAX-WS cannot run on this machine; undefined if they can. CI does not install it. */
export const javaMissing: string | undefined = (() => {
  const missing = 'wsimport and javac are not installed (apt-get install jaxws default-jdk-headless)';
  try {
    execFileSync('javac', ['-version'], { stdio: 'ignore' });
    execFileSync('wsimport', ['-version'], { stdio: 'ignore' });
    return existsSync(join(JARS, 'jaxws-rt.jar')) ? undefined : missing;
  } catch {
    return missing;
  }
})();
if (javaMissing !== undefined) console.warn(`Tests with Java are skipped: ${javaMissing}`);

/** Makes calls with JAX-WS, and resolves to what its classes hold of each answer, all values as texts. */
export async function runJava(
  { endpoint }: TestServer,
  calls: readonly (readonly [OperationName, object])[],
): Promise<unknown[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mktows-java-'));
  try {
    if (SDK === undefined) {
      const options = ['-quiet', '-XadditionalHeaders', '-p', 'com.marketo.mktows', '-d', folder];
      await run('wsimport', [...options, `${endpoint}?WSDL`]);
    }
    const path = [SDK ?? folder, ...classPath].join(delimiter);
    const lines = calls.map(([operation, params]) => `${operation} ${base64(requestXml(operation, params))}`);
    const printed = await run(
      'java',
      ['-cp', path, clientProgram('java/LeadFamily.java')],
      [endpoint, USER_ID, SECRET, ...lines, ''].join('\n'),
    );
    return printed.trimEnd().split('\n').map(readLine);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const base64 = (plain: string) => Buffer.from(plain).toString('base64');

async function run(program: string, words: readonly string[], input = ''): Promise<string> {
  const running = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  running.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    running.once('error', reject).once('close', resolve);
  });
  const [printed, errors, status] = await Promise.all([text(running.stdout), text(running.stderr), ended]);
  if (status !== 0) throw new Error(`${program} ended with status ${status}: ${errors}${printed}`);
  return printed;
}

/** The parameters of a call as XML. A selector says of which type it is. */
function requestXml(operation: OperationName, params: object): string {
  const namespaces = `xmlns:ns1="${MKTOWS_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;
  const element = `ns1:${requestElement(operation)}`;
  return `<${element} ${namespaces}>${elements(params)}</${element}>`;
}

const elements = (parts: object): string =>
  Object.entries(parts)
    .filter(([name]) => name !== 'type')
    .flatMap(([name, part]) => (Array.isArray(part) ? part : [part]).map((each) => written(name, each)))
    .join('');

function written(name: string, value: unknown): string {
  if (typeof value !== 'object' || value === null) return `<${name}>${escapeText(String(value))}</${name}>`;
  const type = 'type' in value ? ` xsi:type="ns1:${value.type}"` : '';
  return `<${name}${type}>${elements(value)}</${name}>`;
}

function readLine(line: string): unknown {
  if (line.startsWith('fault ')) return { faultstring: line.slice('fault '.length) };
  const { children = [] } = infoset(Buffer.from(line, 'base64').toString('utf8'));
  return plainValue(children[0] ?? { name: '' });
}

/** An element as a value: an object, a text, or null. Elements of one name are a list. */
function plainValue({ attributes = {}, text = '', children }: InfosetElement): unknown {
  if (attributes['{http://www.w3.org/2001/XMLSchema-instance}nil'] === 'true') return null;
  if (children === undefined) return text;
  const byName = Object.entries(Object.groupBy(children, ({ name }) => name));
  return Object.fromEntries(
    byName.map(([name, some = []]) => [
      name,
      some.length === 1 ? plainValue(some[0] as InfosetElement) : some.map(plainValue),
    ]),
  );
}
