import { API_PATH, CONSOLE_PATH } from '../admin/paths.ts';
import { printable } from '../server/printable.ts';
import type { RunningServer } from '../server/server.ts';
import type { StoreDescription } from '../store/store.ts';
import { packageVersion } from './version.ts';

/** A newly created user. Its secret is shown only once. */
export interface NewUser {
  readonly userId: string;
  readonly secret: string;
}

/** The admin API of a server. */
export interface AnnouncedAdmin {
  /** Scheme, host and port. */
  readonly url: string;
  /** The file of its token. */
  readonly tokenFile: string;
}

export interface Announced {
  readonly server: RunningServer;
  readonly description: StoreDescription;
  /** The ids of all users who may call. */
  readonly userIds: readonly string[];
  readonly newUser: NewUser | undefined;
  /** Undefined: there is none. */
  readonly admin: AnnouncedAdmin | undefined;
  /** Settings that differ from the default, as command-line options. */
  readonly settings: readonly string[];
}

/** Returns the first lines that a server prints: endpoint, store, durability, users and settings. */
export function announcement({ server, description, userIds, newUser, admin, settings }: Announced): string {
  const { engine, location, durability } = description;
  const lines: [label: string, text: string][] = [
    ['Endpoint', `${server.endpoint}${isWildcard(server.url) ? ' (any address of this machine)' : ''}`],
    ['WSDL', `${server.endpoint}?WSDL`],
    ['Version', `mktows ${packageVersion()}, Node ${process.versions.node}`],
    ['Store', `${engine} ${location}; ${durability}`],
    ['Users', userIds.join(', ')],
    ['Console', admin ? consoleAddress(admin) : 'off'],
    ['Admin', admin ? `${adminAddress(admin, API_PATH)}; token in ${admin.tokenFile}` : 'off'],
    ['Settings', settings.length === 0 ? 'default' : settings.join(' ')],
  ];
  if (newUser) {
    lines.push(['New user', newUser.userId], ['Secret', `${newUser.secret} (stored, not shown again)`]);
  }
  return lines.map(([label, text]) => `${label.padEnd(10)}${printable(text)}\n`).join('');
}

/**
 * Returns the same for programs that start a server, as one line of JSON: the actual port and endpoint, and the
 * secret of a newly created user, which is not shown again.
 */
export function announcementJson({ server, userIds, newUser, admin }: Announced): string {
  const { endpoint, url } = server;
  const line = {
    endpoint,
    wsdl: `${endpoint}?WSDL`,
    url,
    port: Number(new URL(url).port),
    userId: newUser?.userId ?? userIds[0],
    secret: newUser?.secret ?? null,
    version: packageVersion(),
    admin: admin === undefined ? null : { url: adminAddress(admin, API_PATH), tokenFile: admin.tokenFile },
  };
  return `${JSON.stringify(line)}\n`;
}

const isWildcard = (url: string) => ['0.0.0.0', '[::]'].includes(new URL(url).hostname);

/** Returns the URL of the console, and how to log in. */
export function consoleAddress(admin: AnnouncedAdmin): string {
  const { origin } = new URL(adminAddress(admin, '/'));
  const words = [
    ...(origin === 'http://127.0.0.1:8980' ? [] : ['--url', origin]),
    ...(admin.tokenFile === './mktows.db.admin-token' ? [] : ['--admin-token-file', quoted(admin.tokenFile)]),
  ];
  return `${origin}${CONSOLE_PATH}/ (to log in: ${['mktows open', ...words].join(' ')})`;
}

/** Quotes a word for a shell if it needs that. Those of Windows take double quotes only, and no name has one. */
function quoted(word: string): string {
  if (/^[\w./:@+-]+$/.test(word)) return word;
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Returns a URL of the admin API for programs on this machine. */
function adminAddress({ url }: AnnouncedAdmin, path: string): string {
  const address = new URL(path, url);
  if (isWildcard(url)) address.hostname = '127.0.0.1';
  return address.href;
}
