/** What the exchange answers when it does not do what was asked, and what the line does to us. */

import type { components } from './schema';

export type FieldProblem = components['schemas']['FieldError'];
/** What an answer may hold that should be a problem document: a proxy's own page holds nothing. */
export type ProblemDocument = Partial<components['schemas']['ProblemDocument']>;

/** `unreachable`: no answer, so nobody knows what was done. `refused`: the exchange said no. */
export type ApiErrorKind = 'refused' | 'unreachable';

interface ApiErrorParts {
  readonly kind: ApiErrorKind;
  readonly status: number;
  readonly problem: ProblemDocument;
  readonly retryAfterS?: number;
}

export class ApiError extends Error {
  readonly kind: ApiErrorKind;
  readonly status: number;
  readonly code: string;
  readonly reason: string;
  readonly title: string;
  readonly traceId: string;
  readonly fields: readonly FieldProblem[];
  readonly retryAfterS: number | null;

  constructor({ kind, status, problem, retryAfterS }: ApiErrorParts) {
    super(problem.detail ?? problem.title ?? `The exchange answered ${status}.`);
    this.name = 'ApiError';
    this.kind = kind;
    this.status = status;
    this.code = problem.code ?? '';
    this.reason = problem.reason ?? '';
    this.title = problem.title ?? '';
    this.traceId = problem.traceId ?? '';
    this.fields = problem.errors ?? [];
    this.retryAfterS = retryAfterS ?? null;
  }

  /** Return any thrown thing as an ApiError. */
  static from(thrown: unknown): ApiError {
    if (thrown instanceof ApiError) return thrown;
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    return new ApiError({ kind: 'refused', status: 0, problem: { detail } });
  }

  /** Return the error of a request that got no answer within its time. */
  static unreachable(detail: string): ApiError {
    return new ApiError({ kind: 'unreachable', status: 0, problem: { detail } });
  }

  /** Return the message for `field`, if the exchange named it. */
  forField(field: string): string | null {
    return this.fields.find((problem) => problem.field === field)?.message ?? null;
  }

  /** Whether the command may have been done although this error came back. */
  get isOutcomeUnknown(): boolean {
    return this.kind === 'unreachable' || this.code === 'SYSTEM_002' || this.code === 'SYSTEM_007';
  }
}
