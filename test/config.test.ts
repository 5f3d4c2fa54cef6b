import { describe, expect, test } from 'vitest';
import { type Config, ConfigError, parseConfig } from '../src/config.ts';
import { isCron } from '../src/schedule.ts';
import { languages } from '../src/world.ts';

const parse = (env: Record<string, string>): Config => parseConfig(env, { languages, isCron });

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parse(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const defaults: Config = {
  botToken: undefined,
  ownerIds: [],
  databaseUrl: undefined,
  dataDir: './data',
  postgresBinDir: undefined,
  telegramApiRoot: 'https://api.telegram.org',
  roles: ['bot', 'collect', 'deliver'],
  webhookUrl: undefined,
  webhookSecret: undefined,
  collectCron: '* * * * *',
  feedIntervalSeconds: 300,
  freshHours: 12,
  defaultLanguage: 'ar',
  timeZone: 'Asia/Damascus',
  allowPrivateNetwork: false,
  paid: undefined,
  summaryBaseUrl: undefined,
  summaryModel: undefined,
  summaryApiKey: undefined,
  summaryDailyTokens: 500_000,
  http: undefined,
  logLevel: 'info',
};

describe('the defaults', () => {
  test('hold where nothing is set', () => {
    expect(parse({})).toEqual(defaults);
  });

  test('hold where a line of .env was left empty, or has only blanks', () => {
    const names =
      'BOT_TOKEN OWNER_IDS DATABASE_URL DATA_DIR ROLES WEBHOOK_URL COLLECT_CRON TIME_ZONE HTTP_PORT HTTP_HOST LOG_LEVEL';
    expect(parse(Object.fromEntries(names.split(' ').map((name) => [name, ' '])))).toEqual(defaults);
  });
});

describe('what is set', () => {
  test.each<[env: Record<string, string>, config: Partial<Config>]>([
    [{ BOT_TOKEN: ' 123456:ABC-DEF ' }, { botToken: '123456:ABC-DEF' }],
    [{ OWNER_IDS: '1234' }, { ownerIds: [1234] }],
    [{ OWNER_IDS: '1234, 5678,1234 ' }, { ownerIds: [1234, 5678] }],
    [{ OWNER_IDS: '7000000001' }, { ownerIds: [7_000_000_001] }],
    [{ DATABASE_URL: 'postgres://me:secret@db/news' }, { databaseUrl: 'postgres://me:secret@db/news' }],
    [{ DATABASE_URL: 'postgresql://me@/news?host=/run' }, { databaseUrl: 'postgresql://me@/news?host=/run' }],
    [{ DATA_DIR: '/srv/nashra' }, { dataDir: '/srv/nashra' }],
    [{ POSTGRES_BIN_DIR: '/usr/lib/postgresql/17/bin' }, { postgresBinDir: '/usr/lib/postgresql/17/bin' }],
    [{ TELEGRAM_API_ROOT: 'http://127.0.0.1:8081/' }, { telegramApiRoot: 'http://127.0.0.1:8081' }],
    [
      { ROLES: 'deliver', DATABASE_URL: 'postgres://db/n' },
      { roles: ['deliver'], databaseUrl: 'postgres://db/n' },
    ],
    [{ ROLES: 'Deliver, bot,collect bot' }, { roles: ['bot', 'collect', 'deliver'] }],
    [
      { WEBHOOK_URL: 'https://news.example/hook', HTTP_PORT: '80' },
      { webhookUrl: 'https://news.example/hook', http: { port: 80, host: '127.0.0.1' } },
    ],
    [
      { WEBHOOK_URL: 'http://10.0.0.1:3000/', ALLOW_PRIVATE_NETWORK: 'yes', HTTP_PORT: '80' },
      {
        webhookUrl: 'http://10.0.0.1:3000/',
        allowPrivateNetwork: true,
        http: { port: 80, host: '127.0.0.1' },
      },
    ],
    [{ WEBHOOK_SECRET: 'a-secret_of-16-signs' }, { webhookSecret: 'a-secret_of-16-signs' }],
    [{ COLLECT_CRON: '*/5 * * * *' }, { collectCron: '*/5 * * * *' }],
    [{ COLLECT_CRON: '*/10 * * * * *' }, { collectCron: '*/10 * * * * *' }],
    [{ FEED_INTERVAL_SECONDS: '1' }, { feedIntervalSeconds: 1 }],
    [{ FEED_INTERVAL_SECONDS: '86400' }, { feedIntervalSeconds: 86_400 }],
    [{ DEFAULT_LANGUAGE: 'en' }, { defaultLanguage: 'en' }],
    [{ TIME_ZONE: 'Europe/Berlin' }, { timeZone: 'Europe/Berlin' }],
    [{ ALLOW_PRIVATE_NETWORK: 'TRUE' }, { allowPrivateNetwork: true }],
    [{ ALLOW_PRIVATE_NETWORK: 'no' }, { allowPrivateNetwork: false }],
    [{ PAID_STARS_PER_DAY: '500' }, { paid: { perSecond: 1000, starsPerDay: 500 } }],
    [{ PAID_STARS_PER_DAY: '1', PAID_PER_SECOND: '250' }, { paid: { perSecond: 250, starsPerDay: 1 } }],
    [{ PAID_STARS_PER_DAY: '0', PAID_PER_SECOND: '250' }, { paid: undefined }],
    [{ HTTP_PORT: '8080' }, { http: { port: 8080, host: '127.0.0.1' } }],
    [{ HTTP_PORT: '8080', HTTP_HOST: '0.0.0.0' }, { http: { port: 8080, host: '0.0.0.0' } }],
    [{ HTTP_HOST: '0.0.0.0' }, { http: undefined }],
    [{ LOG_LEVEL: 'Debug' }, { logLevel: 'debug' }],
  ])('%j counts', (env, config) => {
    expect(parse(env)).toEqual({ ...defaults, ...config });
  });
});

describe('a wrong value', () => {
  test.each([
    ['BOT_TOKEN', 'token'],
    ['BOT_TOKEN', '123456:ABC DEF'],
    ['BOT_TOKEN', 'https://api.telegram.org/bot123456:ABC'],
    ['OWNER_IDS', 'layla'],
    ['OWNER_IDS', '@layla'],
    ['OWNER_IDS', '1234,-100'],
    ['OWNER_IDS', '0'],
    ['OWNER_IDS', '12345678901234567'],
    ['DATABASE_URL', 'mysql://me@db/news'],
    ['DATABASE_URL', 'db.example'],
    ['DATABASE_URL', 'postgres://me@db/ news'],
    ['TELEGRAM_API_ROOT', 'api.telegram.org'],
    ['TELEGRAM_API_ROOT', 'file:///etc/passwd'],
    ['ROLES', 'bot,sender'],
    ['ROLES', ','],
    ['WEBHOOK_URL', 'http://news.example/hook'],
    ['WEBHOOK_URL', 'https://news.example:3000/hook'],
    ['WEBHOOK_URL', 'news.example'],
    ['WEBHOOK_SECRET', 'short'],
    ['WEBHOOK_SECRET', 'with a blank and long enough'],
    ['COLLECT_CRON', 'often'],
    ['COLLECT_CRON', '* * * *'],
    ['COLLECT_CRON', '61 * * * *'],
    ['COLLECT_CRON', '* * * * * * *'],
    ['FEED_INTERVAL_SECONDS', '0'],
    ['FEED_INTERVAL_SECONDS', '-5'],
    ['FEED_INTERVAL_SECONDS', '1.5'],
    ['FEED_INTERVAL_SECONDS', '5m'],
    ['FEED_INTERVAL_SECONDS', '86401'],
    ['DEFAULT_LANGUAGE', 'fr'],
    ['TIME_ZONE', 'Mars/Base'],
    ['ALLOW_PRIVATE_NETWORK', 'perhaps'],
    ['PAID_STARS_PER_DAY', '0.5'],
    ['PAID_STARS_PER_DAY', '1000001'],
    ['PAID_PER_SECOND', '29'],
    ['PAID_PER_SECOND', '1001'],
    ['SUMMARY_DAILY_TOKENS', 'many'],
    ['HTTP_PORT', '0'],
    ['HTTP_PORT', '65536'],
    ['HTTP_PORT', ':8080'],
    ['LOG_LEVEL', 'loud'],
  ])('%s=%s is the one problem, in a sentence that names the variable', (name, value) => {
    const [problem, ...others] = problemsOf({ [name]: value });
    expect(problem).toMatch(new RegExp(`^${name} must be .+\\.$`));
    expect(others).toEqual([]);
  });

  test('says what was read, so that a typo shows', () => {
    expect(problemsOf({ TIME_ZONE: 'Asia/Damascos' })).toEqual([
      'TIME_ZONE must be an IANA time zone, like Asia/Damascus, not "Asia/Damascos".',
    ]);
  });

  test('is never repeated where it is a secret', () => {
    const env = {
      BOT_TOKEN: 'my wrong token',
      DATABASE_URL: 'mysql://me:my-password@db/news',
      WEBHOOK_SECRET: 'my own',
    };
    const message = new ConfigError(problemsOf(env)).message;
    expect(message).toContain('BOT_TOKEN');
    expect(message).toContain('DATABASE_URL');
    expect(message).not.toContain('wrong');
    expect(message).not.toContain('my-password');
    expect(message).not.toContain('my own');
  });
});

test.each([{ SUMMARY_MODEL: 'small' }, { SUMMARY_BASE_URL: 'https://api.example/v1' }])(
  'an endpoint and its model go together: %o',
  (env) => expect(problemsOf(env)).toEqual(['SUMMARY_BASE_URL and SUMMARY_MODEL go together: set both, or neither.']),
);

test('a process that leaves work to others needs a database that they can reach too', () => {
  const [problem, ...others] = problemsOf({ ROLES: 'bot,deliver' });
  expect(problem).toMatch(/^ROLES .+ DATABASE_URL/);
  expect(others).toEqual([]);
});

test('a webhook needs a port, in a process that answers people', () => {
  const env = { WEBHOOK_URL: 'https://news.example/hook', DATABASE_URL: 'postgres://db/n' };
  expect(problemsOf(env)).toEqual(['WEBHOOK_URL needs an HTTP_PORT, at which what Telegram brings there arrives.']);
  expect(problemsOf({ ...env, ROLES: 'deliver' })).toEqual([]);
});

test('all problems come in one message, one a line', () => {
  const env = {
    BOT_TOKEN: 'nonsense',
    OWNER_IDS: 'me',
    COLLECT_CRON: 'often',
    FEED_INTERVAL_SECONDS: '0',
    TIME_ZONE: 'Mars/Base',
    HTTP_PORT: 'eighty',
  };
  expect(() => parse(env)).toThrow(ConfigError);
  const problems = problemsOf(env);
  expect(new Set(problems.map((problem) => problem.split(' ', 1)[0]))).toEqual(new Set(Object.keys(env)));
  expect(problems).toHaveLength(Object.keys(env).length);
  expect(new ConfigError(problems).message.split('\n')).toHaveLength(1 + problems.length);
});
