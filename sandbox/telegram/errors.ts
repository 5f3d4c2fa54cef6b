// The refusals of the Bot API: a status, a description in the server's own words, and sometimes parameters.

export interface ResponseParameters {
  retry_after?: number;
  migrate_to_chat_id?: number;
}

export class ApiError extends Error {
  readonly code: number;
  readonly parameters: ResponseParameters | undefined;

  constructor(code: number, description: string, parameters?: ResponseParameters) {
    super(description);
    this.name = 'ApiError';
    this.code = code;
    this.parameters = parameters;
  }
}

/** The server lower-cases the first letter, except of codes such as `MESSAGE_TOO_LONG`. */
function afterPrefix(message: string): string {
  const second = message.charAt(1);
  if (second === '_' || (second >= 'A' && second <= 'Z')) return message;
  return message.charAt(0).toLowerCase() + message.slice(1);
}

export function badRequest(message: string, parameters?: ResponseParameters): ApiError {
  return new ApiError(400, `Bad Request: ${afterPrefix(message)}`, parameters);
}

/** A 403; one whose text is only `[A-Z0-9_]` goes out as a 400, as the real server does. */
export function forbidden(message: string): ApiError {
  if (/^[A-Z0-9_]+$/.test(message)) return badRequest(message);
  return new ApiError(403, `Forbidden: ${afterPrefix(message)}`);
}

export function conflict(message: string): ApiError {
  return new ApiError(409, `Conflict: ${message}`);
}

export function notFound(message?: string): ApiError {
  return new ApiError(404, message === undefined ? 'Not Found' : `Not Found: ${message}`);
}

export function unauthorized(message?: string): ApiError {
  return new ApiError(401, message === undefined ? 'Unauthorized' : `Unauthorized: ${message}`);
}

export function tooManyRequests(retryAfterSeconds: number): ApiError {
  return new ApiError(429, `Too Many Requests: retry after ${retryAfterSeconds}`, { retry_after: retryAfterSeconds });
}
