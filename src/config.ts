// Reads the configuration from the environment, or says everything that is wrong with it in one message.
import { type LogLevel, logLevels } from './lib/log.ts';
import { timeZoneNamed } from './lib/time-zone.ts';

/** What a process does: answers people, collects and publishes what is new, or sends what is owed. */
const roles = ['bot', 'collect', 'deliver'] as const;
export type Role = (typeof roles)[number];

export interface Config {
  /** Undefined: only the parts that need no Telegram can run. */
  botToken: string | undefined;
  /** Telegram user ids of the newsroom's editors. */
  ownerIds: readonly number[];
  /** Undefined: the embedded Postgres, in `dataDir`. */
  databaseUrl: string | undefined;
  dataDir: string;
  /** Another Postgres' programs for the embedded database; undefined: those among the dependencies. */
  postgresBinDir: string | undefined;
  telegramApiRoot: string;
  /** What this process does, in the order of `roles`. */
  roles: readonly Role[];
  /** Where Telegram brings updates; undefined: they are fetched by long polling. */
  webhookUrl: string | undefined;
  /** What Telegram shows there to prove who it is; undefined: derived from the token (telegram/webhook.ts). */
  webhookSecret: string | undefined;
  collectCron: string;
  feedIntervalSeconds: number;
  /** Stories older than this are told in digests only. */
  freshHours: number;
  defaultLanguage: string;
  timeZone: string;
  allowPrivateNetwork: boolean;
  /** Messages beyond the free allowance (Telegram's paid broadcasts); undefined: none. */
  paid: { perSecond: number; starsPerDay: number } | undefined;
  /** Of a model for summaries, behind an OpenAI-compatible endpoint; undefined: none is asked. */
  summaryBaseUrl: string | undefined;
  summaryModel: string | undefined;
  summaryApiKey: string | undefined;
  /** On one day of the newsroom, all processes together. */
  summaryDailyTokens: number;
  /** Undefined: no health endpoint. */
  http: { port: number; host: string } | undefined;
  logLevel: LogLevel;
}

/** Several mistakes in the configuration, one a line. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['The configuration has errors:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigOptions {
  /** Languages that the locales cover completely. */
  languages: readonly string[];
  /** Whether a cron expression (five or six fields) is valid. */
  isCron: (expression: string) => boolean;
}

/** The variables that parseConfig reads; a test holds README and .env.example to this list. */
export const variables = [
  'BOT_TOKEN',
  'OWNER_IDS',
  'DATABASE_URL',
  'DATA_DIR',
  'POSTGRES_BIN_DIR',
  'TELEGRAM_API_ROOT',
  'ROLES',
  'WEBHOOK_URL',
  'WEBHOOK_SECRET',
  'COLLECT_CRON',
  'FEED_INTERVAL_SECONDS',
  'FRESH_HOURS',
  'DEFAULT_LANGUAGE',
  'TIME_ZONE',
  'ALLOW_PRIVATE_NETWORK',
  'PAID_STARS_PER_DAY',
  'PAID_PER_SECOND',
  'SUMMARY_BASE_URL',
  'SUMMARY_MODEL',
  'SUMMARY_API_KEY',
  'SUMMARY_DAILY_TOKENS',
  'HTTP_PORT',
  'HTTP_HOST',
  'LOG_LEVEL',
] as const;
type Variable = (typeof variables)[number];

/** Throws one ConfigError naming every wrong value; values of secrets are never repeated. */
export function parseConfig(env: Environment, { languages, isCron }: ConfigOptions): Config {
  const problems: string[] = [];
  const read = (name: Variable) => env[name]?.trim() || undefined;

  /** The parsed value of `name`, the fallback when unset, and a problem noted when `parse` finds nothing. */
  function parsed<T>(name: Variable, fallback: T, expected: string, parse: (text: string) => T | undefined): T {
    const text = read(name);
    if (text === undefined) return fallback;
    const value = parse(text);
    if (value !== undefined) return value;
    problems.push(`${name} must be ${expected}${secretVariables.has(name) ? '' : `, not ${JSON.stringify(text)}`}.`);
    return fallback;
  }

  const allowPrivateNetwork = parsed('ALLOW_PRIVATE_NETWORK', false, 'true or false', parseBoolean);
  const httpPort = parsed('HTTP_PORT', undefined, 'a port from 1 to 65535', integer(1, 65_535));
  const starsPerDay = parsed('PAID_STARS_PER_DAY', 0, 'whole Stars from 0 to 1000000', integer(0, 1_000_000));
  const paidPerSecond = parsed('PAID_PER_SECOND', 1000, 'messages from 30 to 1000', integer(30, 1000));
  const config: Config = {
    botToken: parsed('BOT_TOKEN', undefined, 'a token as BotFather gives it, like 123456:ABC-DEF…', (text) =>
      /^[^\s/]+:[^\s/]+$/.test(text) ? text : undefined,
    ),
    ownerIds: parsed('OWNER_IDS', [], 'Telegram user ids separated by commas, like 1234,5678', parseIds),
    databaseUrl: parsed('DATABASE_URL', undefined, 'a postgres:// URL', (text) =>
      // Not WHATWG's idea of a URL: a Unix socket has no host (postgres://user@/database?host=/directory).
      /^postgres(ql)?:\/\/\S*$/.test(text) ? text : undefined,
    ),
    dataDir: read('DATA_DIR') ?? './data',
    postgresBinDir: read('POSTGRES_BIN_DIR'),
    telegramApiRoot: parsed('TELEGRAM_API_ROOT', 'https://api.telegram.org', 'an http(s) URL', (text) =>
      /^https?:$/.test(parseUrl(text)?.protocol ?? '') ? text.replace(/\/+$/, '') : undefined,
    ),
    roles: parsed<readonly Role[]>(
      'ROLES',
      roles,
      `one or more of ${roles.join(', ')}, separated by commas`,
      parseRoles,
    ),
    webhookUrl: parsed(
      'WEBHOOK_URL',
      undefined,
      'an https URL on port 443, 80, 88 or 8443 (any http or https URL with ALLOW_PRIVATE_NETWORK)',
      (text) => (isWebhook(parseUrl(text), allowPrivateNetwork) ? text : undefined),
    ),
    webhookSecret: parsed('WEBHOOK_SECRET', undefined, '16 to 256 letters, digits, _ and -', (text) =>
      /^[\w-]{16,256}$/.test(text) ? text : undefined,
    ),
    collectCron: parsed('COLLECT_CRON', '* * * * *', 'a cron expression of five or six fields', (text) =>
      /^\S+(\s+\S+){4,5}$/.test(text) && isCron(text) ? text : undefined,
    ),
    feedIntervalSeconds: parsed('FEED_INTERVAL_SECONDS', 300, 'whole seconds from 1 to 86400', integer(1, 86_400)),
    freshHours: parsed('FRESH_HOURS', 12, 'whole hours from 1 to 168', integer(1, 168)),
    defaultLanguage: parsed('DEFAULT_LANGUAGE', 'ar', `one of ${languages.join(', ')}`, (text) =>
      languages.includes(text) ? text : undefined,
    ),
    timeZone: parsed('TIME_ZONE', 'Asia/Damascus', 'an IANA time zone, like Asia/Damascus', timeZoneNamed),
    allowPrivateNetwork,
    paid: starsPerDay === 0 ? undefined : { perSecond: paidPerSecond, starsPerDay },
    summaryBaseUrl: parsed('SUMMARY_BASE_URL', undefined, 'an http(s) URL', (text) =>
      /^https?:$/.test(parseUrl(text)?.protocol ?? '') ? text.replace(/\/+$/, '') : undefined,
    ),
    summaryModel: read('SUMMARY_MODEL'),
    summaryApiKey: read('SUMMARY_API_KEY'),
    summaryDailyTokens: parsed(
      'SUMMARY_DAILY_TOKENS',
      500_000,
      'a whole number from 0 to 1000000000',
      integer(0, 1_000_000_000),
    ),
    http: httpPort === undefined ? undefined : { port: httpPort, host: read('HTTP_HOST') ?? '127.0.0.1' },
    logLevel: parsed('LOG_LEVEL', 'info', `one of ${logLevels.join(', ')}`, (text) =>
      logLevels.find((level) => level === text.toLowerCase()),
    ),
  };
  if ((config.summaryBaseUrl === undefined) !== (config.summaryModel === undefined)) {
    problems.push('SUMMARY_BASE_URL and SUMMARY_MODEL go together: set both, or neither.');
  }
  // One process is alone with the embedded database (npm start), so it has to do everything.
  if (config.databaseUrl === undefined && config.roles.length < roles.length) {
    problems.push('ROLES shares the work among processes, which needs a DATABASE_URL: set it, or leave ROLES empty.');
  }
  if (config.webhookUrl !== undefined && config.roles.includes('bot') && config.http === undefined) {
    problems.push('WEBHOOK_URL needs an HTTP_PORT, at which what Telegram brings there arrives.');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

const secretVariables: ReadonlySet<Variable> = new Set([
  'BOT_TOKEN',
  'DATABASE_URL',
  'SUMMARY_BASE_URL',
  'SUMMARY_API_KEY',
  'WEBHOOK_SECRET',
]);

function integer(minimum: number, maximum: number) {
  return (text: string) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= minimum && value <= maximum ? value : undefined;
  };
}

function parseIds(text: string): number[] | undefined {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  const ids = parts.map((part) => (/^\d{1,16}$/.test(part) ? Number(part) : 0));
  return ids.every((id) => id > 0) ? [...new Set(ids)] : undefined;
}

function parseRoles(text: string): Role[] | undefined {
  const names = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((name) => name !== '');
  if (names.length === 0 || names.some((name) => !roles.some((role) => role === name))) return undefined;
  return roles.filter((role) => names.includes(role));
}

/** Telegram itself brings updates only over TLS and to these ports; a Bot API server of one's own to any. */
function isWebhook(url: URL | undefined, allowPrivateNetwork: boolean): boolean {
  if (url === undefined) return false;
  if (allowPrivateNetwork) return ['http:', 'https:'].includes(url.protocol);
  return url.protocol === 'https:' && ['', '80', '88', '8443'].includes(url.port);
}

function parseUrl(text: string): URL | undefined {
  return URL.parse(text) ?? undefined;
}

function parseBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(word)) return true;
  if (['false', '0', 'no', 'off'].includes(word)) return false;
  return undefined;
}
