/** A remote value is never just a value: it is on its way, failed, or there. */
import { ApiError } from './problems';

export type Loadable<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: ApiError; readonly retry: () => void }
  | { readonly state: 'ready'; readonly value: T; readonly isStale: boolean };

export const LOADING = { state: 'loading' } as const;

export function ready<T>(value: T, isStale = false): Loadable<T> {
  return { state: 'ready', value, isStale };
}

interface QueryLike {
  readonly data: unknown;
  readonly error: unknown;
  readonly isError: boolean;
  readonly refetch: () => unknown;
}

/** Return a query's state as a Loadable; old data outlives a failed refresh and is called stale. */
export function fromQuery<Q extends QueryLike>(query: Q): Loadable<NonNullable<Q['data']>> {
  const { data } = query;
  if (data !== undefined && data !== null) return ready(data, query.isError);
  if (!query.isError) return LOADING;
  return { state: 'failed', error: ApiError.from(query.error), retry: () => query.refetch() };
}
