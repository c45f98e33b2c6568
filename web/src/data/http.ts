/** One request to the exchange: JSON in, JSON or an ApiError out. Nothing else calls fetch. */
import { ApiError, type ProblemDocument } from './problems';
import { endSession, readToken } from './session';

const TIMEOUT_MS = 10_000;

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly signal?: AbortSignal;
  /** Whether the caller's token goes along. */
  readonly isPrivate?: boolean;
}

/** Return the answer's JSON. Raises ApiError; a 401 of a private call ends the session. */
export async function request<T>(path: string, options: Request = {}): Promise<T> {
  const { method = 'GET', body, isPrivate = false } = options;
  const headers = new Headers({ Accept: 'application/json' });
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  const token = isPrivate ? readToken() : null;
  if (token !== null) headers.set('Authorization', `Bearer ${token}`);

  const response = await send(path + queryText(options.query), {
    method,
    headers,
    signal: AbortSignal.any([
      AbortSignal.timeout(TIMEOUT_MS),
      ...(options.signal ? [options.signal] : []),
    ]),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.ok) return parse(text) as T;
  if (response.status === 401 && token !== null) endSession('Your session ended. Log in again.');
  const problem = parse(text) as ProblemDocument;
  const retryAfter = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  throw new ApiError({
    kind: 'refused',
    status: response.status,
    problem: { traceId: response.headers.get('X-Trace-Id') ?? '', ...problem },
    ...(Number.isNaN(retryAfter) ? {} : { retryAfterS: retryAfter }),
  });
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    throw ApiError.unreachable(
      isLate
        ? `The exchange took longer than ${TIMEOUT_MS / 1000} s.`
        : 'The exchange cannot be reached.',
    );
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function queryText(query: Request['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}
