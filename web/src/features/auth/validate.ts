/** What can be said about an e-mail and a password before they are sent. */

export const PASSWORD_MIN = 10;

export function emailProblem(email: string): string | null {
  if (email.trim() === '') return 'Enter your email.';
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim())
    ? null
    : 'An email looks like name@host.example.';
}

export function passwordProblem(password: string, isNew: boolean): string | null {
  if (password === '') return isNew ? 'Choose a password.' : 'Enter your password.';
  if (isNew && [...password].length < PASSWORD_MIN) {
    return `A password has at least ${PASSWORD_MIN} characters.`;
  }
  return null;
}
