/**
 * Who is logged in. The access token lives in this module's memory and nowhere else: a reload asks
 * for a new login, and no script that reads the browser's storage finds it.
 */
import { createStore } from 'zustand/vanilla';
import type { Login } from './types';

export type Session =
  | { readonly state: 'out'; readonly notice: string | null }
  | {
      readonly state: 'in';
      readonly email: string;
      readonly accountId: string;
      readonly expiresAt: number;
    };

export const sessionStore = createStore<Session>(() => ({ state: 'out', notice: null }));

let token: string | null = null;
let expiry: ReturnType<typeof setTimeout> | undefined;

/** Begin a session with what a login gave. */
export function beginSession(email: string, login: Login): void {
  clearTimeout(expiry);
  token = login.accessToken;
  const lifetimeMs = login.expiresIn * 1000;
  expiry = setTimeout(() => {
    endSession('Your session ended. Log in again.');
  }, lifetimeMs);
  sessionStore.setState(
    { state: 'in', email, accountId: login.accountId, expiresAt: Date.now() + lifetimeMs },
    true,
  );
}

/** Forget the token; `notice` says why, if the user did not ask for it. */
export function endSession(notice: string | null = null): void {
  clearTimeout(expiry);
  token = null;
  sessionStore.setState({ state: 'out', notice }, true);
}

/** Return the access token, or null. For the data door only. */
export function readToken(): string | null {
  return token;
}
