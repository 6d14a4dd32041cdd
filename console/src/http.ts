import type { Session } from './api.ts';

const ROOT = '/api/v1';

export interface Mistake {
  readonly path: string;
  readonly message: string;
}

/** A refused request. `status` 0: the server could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** Every mistake in what was sent, with its place. */
  readonly mistakes: readonly Mistake[];

  constructor(status: number, message: string, mistakes: readonly Mistake[] = []) {
    super(message);
    this.status = status;
    this.mistakes = mistakes;
  }
}

export type Query = Readonly<
  Record<string, string | number | boolean | readonly string[] | null | undefined>
>;

/** Required by the server with every request of a cookie's session that changes something. */
let csrf = '';

/** Returns the path with the query's values that are set. */
export function withQuery(path: string, query: Query = {}): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) words.append(name, String(one));
  }
  const text = words.toString();
  return text === '' ? path : `${path}?${text}`;
}

async function request<Answer>(
  method: string,
  path: string,
  { body, signal }: { body?: unknown; signal?: AbortSignal | undefined } = {},
): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && csrf !== '') headers['x-csrf-token'] = csrf;
  let response: Response;
  try {
    response = await fetch(`${ROOT}${path}`, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'The server does not answer. Is it still running?');
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Answer;
  throw await problemOf(response);
}

/** Reads problem details (RFC 9457). */
async function problemOf(response: Response): Promise<ApiError> {
  const { status } = response;
  const text = await response.text().catch(() => '');
  try {
    const problem = JSON.parse(text) as { detail?: string; title?: string; errors?: Mistake[] };
    const message = problem.detail ?? problem.title ?? `The server answered ${status}`;
    return new ApiError(status, message, problem.errors);
  } catch {
    return new ApiError(status, text.slice(0, 400) || `The server answered ${status}`);
  }
}

export const get = <Answer>(path: string, query?: Query, signal?: AbortSignal): Promise<Answer> =>
  request('GET', withQuery(path, query), { signal });

/** Sends a request that changes something. */
export const send = <Answer = unknown>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> => request(method, path, { body });

/** Returns the session of the cookie. Throws `ApiError` 401 without one. */
export async function readSession(): Promise<Session> {
  const session = await request<Session>('GET', '/session');
  csrf = session.csrf;
  return session;
}

/** Begins a session with the admin token, or with the one-time code of `mktows open`. */
export async function logIn(proof: { token: string } | { code: string }): Promise<Session> {
  const session = await request<Session>('POST', '/session', { body: proof });
  csrf = session.csrf;
  return session;
}

export async function logOut(): Promise<void> {
  await request('DELETE', '/session');
  csrf = '';
}

/** The time after which a refused stream is asked for again, in milliseconds. */
const ASK_AGAIN = 5000;

/**
 * Subscribes to calls as they are answered. `onMissed`: some were not sent, or the server refuses the stream, since the
 * session has ended or too many are open. Returns how to end that.
 */
export function streamCalls(
  onCall: (data: string) => void,
  onState: (open: boolean) => void,
  onMissed: () => void,
): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function open(): void {
    source = new EventSource(`${ROOT}/calls/stream`);
    source.addEventListener('call', ({ data }) => onCall(data));
    source.addEventListener('missed', onMissed);
    source.addEventListener('open', () => onState(true));
    source.addEventListener('error', () => {
      onState(false);
      // Browsers ask again by themselves only if the connection broke.
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, ASK_AGAIN);
      onMissed();
    });
  }
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

export const path = (...parts: readonly (string | number)[]): string =>
  `/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
