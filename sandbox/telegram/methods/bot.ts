// The methods about the bot itself: who it is, its updates and webhook, its card, its commands, its files.
import { findChat } from '../addressing.ts';
import { badRequest, conflict } from '../errors.ts';
import { codePoints } from '../entity.ts';
import { isRecord, textIn, type Params } from '../params.ts';
import type { BotCommandEntry, CommandScope } from '../profile.ts';
import type { World } from '../world.ts';
import { Described, type Call, type Methods } from './method.ts';

function readAllowed(params: Params): string[] | undefined {
  const given = params.json('allowed_updates', "Can't parse allowed updates JSON object");
  return Array.isArray(given) ? given.map(String) : undefined;
}

async function getUpdates({ world, params, signal }: Call): Promise<unknown> {
  if (world.webhook.url !== '') {
    throw conflict(
      "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  }
  world.updates.allow(readAllowed(params));
  return await world.updates.poll(
    params.integer('offset'),
    params.integer('limit', 100),
    params.integer('timeout'),
    signal,
  );
}

function setWebhook({ world, params }: Call): unknown {
  const given = params.string('url').trim();
  if (given === '') return deleteWebhook({ world, params });
  const url = URL.parse(given);
  if (!url) throw badRequest('invalid webhook URL specified');
  if (url.protocol !== 'https:' && !(world.isLocal && url.protocol === 'http:')) {
    throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  }
  if (!world.isLocal && !['', '80', '88', '443', '8443'].includes(url.port)) {
    throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
  }
  const secret = params.string('secret_token');
  if (secret.length > 256) throw badRequest('secret token is too long');
  if (/[^A-Za-z0-9_-]/.test(secret)) throw badRequest('secret token contains unallowed characters');
  world.updates.allow(readAllowed(params));
  if (params.boolean('drop_pending_updates')) world.updates.clear();
  const same = world.webhook.url === given;
  const maxConnections = Math.min(Math.max(params.integer('max_connections', 40), 1), 100);
  world.webhook.set({ url: given, secret, maxConnections });
  world.updates.endLongPoll('terminated by setWebhook request');
  return new Described(true, same ? 'Webhook is already set' : 'Webhook was set');
}

function deleteWebhook({ world, params }: Pick<Call, 'world' | 'params'>): unknown {
  if (params.boolean('drop_pending_updates')) world.updates.clear();
  const was = world.webhook.url;
  world.webhook.set(undefined);
  return new Described(true, was === '' ? 'Webhook is already deleted' : 'Webhook was deleted');
}

function getWebhookInfo({ world }: Call): unknown {
  const allowed = world.updates.allowed;
  return {
    url: world.webhook.url,
    has_custom_certificate: false,
    pending_update_count: world.updates.pending,
    ...world.webhook.info,
    ...(allowed ? { allowed_updates: allowed } : {}),
  };
}

function readLanguage(params: Params): string {
  const language = params.string('language_code');
  if (language !== '' && !/^[a-z]{2}$/.test(language)) throw badRequest('Invalid language code specified');
  return language;
}

const plainScopes = ['default', 'all_private_chats', 'all_group_chats', 'all_chat_administrators'];
const chatScopes = ['chat', 'chat_administrators', 'chat_member'];

function readScope(world: World, params: Params): CommandScope {
  const given = params.json('scope', "Can't parse BotCommandScope JSON object");
  if (given === undefined) return { type: 'default' };
  const type = isRecord(given) ? textIn(given, 'type') : '';
  if (!isRecord(given) || ![...plainScopes, ...chatScopes].includes(type)) {
    throw badRequest("can't parse BotCommandScope: Unsupported type specified");
  }
  if (plainScopes.includes(type)) return { type };
  const chat = findChat(world, params.with(given));
  if (type !== 'chat' && chat.person) throw badRequest("can't specify the scope in a private chat");
  if (type !== 'chat_member') return { type, chatId: chat.id };
  return { type, chatId: chat.id, userId: Number(given['user_id']) };
}

function readCommands(params: Params): BotCommandEntry[] {
  const given = params.json('commands', "Can't parse commands JSON object");
  if (!Array.isArray(given)) throw badRequest('Expected an Array of BotCommand');
  if (given.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  return given.map((value: unknown) => {
    if (!isRecord(value)) throw badRequest("can't parse BotCommand: expected an Object");
    const command = textIn(value, 'command').replace(/^\//, '').trim();
    const description = textIn(value, 'description').trim();
    if (command === '') throw badRequest('Command must be non-empty');
    if (codePoints(command) > 32) throw badRequest('Command length must not exceed 32');
    if (description === '') throw badRequest('Command description must be non-empty');
    if (codePoints(description) > 256) throw badRequest('Command description length must not exceed 256');
    if (!/^[a-z0-9_]+$/.test(command)) throw badRequest('BOT_COMMAND_INVALID');
    return { command, description };
  });
}

function setMyCommands({ world, params }: Call): unknown {
  const commands = readCommands(params);
  world.profile.setCommands(readScope(world, params), readLanguage(params), commands);
  world.events.emit({ type: 'commands' });
  return true;
}

function deleteMyCommands({ world, params }: Call): unknown {
  world.profile.setCommands(readScope(world, params), readLanguage(params), []);
  world.events.emit({ type: 'commands' });
  return true;
}

const texts = [
  { method: 'Name', kind: 'name', most: 64 },
  { method: 'Description', kind: 'description', most: 512 },
  { method: 'ShortDescription', kind: 'short_description', most: 120 },
] as const;

const textMethods: Methods = Object.fromEntries(
  texts.flatMap(({ method, kind, most }) => [
    [
      `setMy${method}`,
      ({ world, params }: Call): unknown => {
        const text = params.string(kind);
        if (codePoints(text) > most) throw badRequest(`${kind.toUpperCase()}_TOO_LONG`);
        world.profile.setText(kind, readLanguage(params), text);
        return true;
      },
    ],
    [
      `getMy${method}`,
      ({ world, params }: Call): unknown => {
        const fallback = kind === 'name' ? world.bot.first_name : '';
        return { [kind]: world.profile.text(kind, readLanguage(params)) ?? fallback };
      },
    ],
  ]),
);

function setChatMenuButton({ world, params }: Call): unknown {
  const chatId = params.has('chat_id') ? findChat(world, params).id : 0;
  const button = params.json('menu_button', "Can't parse menu button JSON object") ?? { type: 'default' };
  if (!isRecord(button) || !['commands', 'web_app', 'default'].includes(textIn(button, 'type'))) {
    throw badRequest("can't parse MenuButton: Unsupported type specified");
  }
  world.profile.setMenuButton(chatId, button);
  return true;
}

function getFile({ world, params }: Call): unknown {
  const id = params.string('file_id');
  if (id === '') throw badRequest('file_id is empty');
  const file = world.files.file(id);
  if (!file) throw badRequest('invalid file_id');
  if (file.bytes.length > 20 * 1024 * 1024) throw badRequest('File is too big');
  return { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.size, file_path: file.path };
}

export const botMethods: Methods = {
  getMe: ({ world }) => world.bot,
  logOut: () => true,
  close: () => true,
  getUpdates,
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
  setMyCommands,
  deleteMyCommands,
  getMyCommands: ({ world, params }) => world.profile.commands(readScope(world, params), readLanguage(params)),
  ...textMethods,
  setChatMenuButton,
  getChatMenuButton: ({ world, params }) =>
    world.profile.menuButton(params.has('chat_id') ? findChat(world, params).id : 0),
  setMyDefaultAdministratorRights: () => true,
  getFile,
};
