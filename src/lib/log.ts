// JSON-line logging: a constant message and fields, with secrets struck out.

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

type LogFields = Record<string, unknown>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

interface LogOptions {
  level: LogLevel;
  now: () => Date;
  write: (line: string) => void;
  /** Strings that must never appear in a line (the bot token, a database password). */
  secrets?: readonly string[];
}

export function createLog({ level, now, write, secrets = [] }: LogOptions): Log {
  const threshold = logLevels.indexOf(level);

  const line =
    (lineLevel: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(lineLevel) < threshold) return;
      const entry = { time: now().toISOString(), level: lineLevel, message, ...fields };
      write(redact(JSON.stringify(entry, serializeError), secrets));
    };

  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

/** `text` with each secret, and anything shaped like a bot token, replaced by `***`. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let result = text;
  for (const secret of secrets) if (secret !== '') result = result.replaceAll(secret, '***');
  return result.replaceAll(/(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}/g, '***');
}

function serializeError(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return typeof value === 'bigint' ? String(value) : value;
  return {
    name: value.name,
    message: value.message,
    ...(value.stack ? { stack: value.stack.split('\n').slice(1, 6).join('\n') } : {}),
    ...(value.cause === undefined ? {} : { cause: value.cause }),
  };
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
