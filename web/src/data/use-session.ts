import { useStore } from 'zustand';
import { type Session, sessionStore } from './session';

/** Return who is logged in, and follow it. */
export function useSession(): Session {
  return useStore(sessionStore);
}
