import { KeyError } from '../access/key.ts';
import { TokenError } from '../admin/token.ts';
import { BulkError } from '../bulk/errors.ts';
import { printable } from '../server/printable.ts';
import { StoreError } from '../store/store.ts';

/** A command failed for a reason that the user can fix. `lines`: one line of standard error each. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly lines: readonly string[];

  constructor(...lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/**
 * Returns the error message of a failed command as printable lines. Unexpected errors are bugs and keep their stack.
 */
export const linesOf = (error: unknown): readonly string[] =>
  reasonsFor(error).flatMap((reason) => reason.split('\n').map(printable));

function reasonsFor(error: unknown): readonly string[] {
  if (error instanceof CommandFailure || error instanceof BulkError) return error.lines;
  if (error instanceof StoreError || error instanceof KeyError || error instanceof TokenError)
    return [error.message];
  if (isSystemError(error)) return [systemReason(error)];
  return [`unexpected error, please report it: ${error instanceof Error ? error.stack : String(error)}`];
}

interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
  readonly address?: string;
  readonly port?: number;
}

const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && 'syscall' in error && 'code' in error;

function systemReason({ code, path, address, port, message }: SystemError): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} of ${address} is in use by another program: choose another with --port, or 0 for any free one`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `this machine has no address ${address ?? ''}: choose another with --host (${code})`;
    case 'EACCES':
      return port === undefined
        ? `no permission for ${path ?? message}`
        : `no permission to listen on port ${port}: choose one above 1023 with --port`;
    case 'ENOENT':
      return `there is no file ${path ?? message}`;
    case 'EISDIR':
      return `${path ?? 'the path'} is a folder, expected a file`;
    default:
      return message;
  }
}
