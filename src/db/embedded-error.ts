// The one error of the embedded Postgres: a sentence that says what is wrong and what to do about it.

export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError';
}

export const useServerInstead = 'Set DATABASE_URL to a Postgres server (14 or newer) to do without the embedded one.';

/** The code of a system error (`ENOENT`) or of an answer of Postgres (`57P03`). */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
