/** Closes a union: a case that was forgotten is a compile error, and a loud stop at run time. */
export function assertNever(value: never): never {
  throw new Error(`a case was forgotten: ${JSON.stringify(value)}`);
}
