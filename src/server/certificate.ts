import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { fileProblem } from './file-problem.ts';
import type { Logger } from './log.ts';

/** PEM files of a server: the certificate with its chain, and its key. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** The interval at which the files are checked for changes, in milliseconds. */
const CHECK_EVERY = 2_000;

/** Reads certificate and key. Throws a one-line `Error` if one cannot be read or they do not match. */
export function readCertificate({ cert, key }: CertificateFiles): SecureContextOptions {
  const options = { cert: textOf(cert, '--tls-cert'), key: textOf(key, '--tls-key') };
  try {
    createSecureContext(options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'
        ? 'the key belongs to another certificate'
        : `expected PEM files (${message})`;
    throw new Error(`cannot use the certificate ${cert} with the key ${key}: ${reason}`);
  }
  return options;
}

function textOf(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`cannot read ${option} ${path}: ${fileProblem(path, error)}`);
  }
}

/**
 * Reloads the certificate whenever its files change; new connections use it. Keeps the old one if the new one is
 * invalid, as it is between the replacement of both files. Returns a function that stops this.
 */
export function followCertificate(server: Server, files: CertificateFiles, logger: Logger): () => void {
  const paths = [files.cert, files.key];
  function reload(): void {
    try {
      server.setSecureContext(readCertificate(files));
      logger.info({ cert: files.cert }, 'the certificate was read again');
    } catch (error) {
      logger.warn({ err: error }, 'the certificate changed and cannot be used: the one before stays');
    }
  }
  // Polling also notices a changed symbolic link, as in folders that Kubernetes mounts.
  for (const path of paths) watchFile(path, { interval: CHECK_EVERY, persistent: false }, reload);
  return () => {
    for (const path of paths) unwatchFile(path, reload);
  };
}
