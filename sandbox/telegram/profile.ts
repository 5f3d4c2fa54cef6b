// The bot's own card: commands by scope and language, name, descriptions, menu button.

export interface BotCommandEntry {
  command: string;
  description: string;
}

export interface CommandScope {
  type: string;
  chatId?: number;
  userId?: number;
}

export interface CommandViewer {
  chatId: number;
  isPrivate: boolean;
  userId: number;
  isAdmin: boolean;
  language: string;
}

type Texts = 'name' | 'description' | 'short_description';

export class Profile {
  readonly #commands = new Map<string, BotCommandEntry[]>();
  readonly #texts = new Map<string, string>();
  readonly #menuButtons = new Map<number, unknown>();

  setCommands(scope: CommandScope, language: string, commands: BotCommandEntry[]): void {
    const key = commandKey(scope, language);
    if (commands.length === 0) this.#commands.delete(key);
    else this.#commands.set(key, commands);
  }

  commands(scope: CommandScope, language: string): BotCommandEntry[] {
    return this.#commands.get(commandKey(scope, language)) ?? [];
  }

  /**
   * The list a person sees in a chat: the narrowest scope wins, and in each scope the one in their language.
   * Who says so: Bot API, "Determining list of commands".
   */
  commandsSeenBy({ chatId, isPrivate, userId, isAdmin, language }: CommandViewer): BotCommandEntry[] {
    const scopes: CommandScope[] = isPrivate
      ? [{ type: 'chat', chatId }, { type: 'all_private_chats' }, { type: 'default' }]
      : [
          { type: 'chat_member', chatId, userId },
          ...(isAdmin ? [{ type: 'chat_administrators', chatId }] : []),
          { type: 'chat', chatId },
          ...(isAdmin ? [{ type: 'all_chat_administrators' }] : []),
          { type: 'all_group_chats' },
          { type: 'default' },
        ];
    for (const scope of scopes) {
      for (const candidate of [language, '']) {
        const commands = this.commands(scope, candidate);
        if (commands.length > 0) return commands;
      }
    }
    return [];
  }

  setText(kind: Texts, language: string, text: string): void {
    if (text === '') this.#texts.delete(`${kind} ${language}`);
    else this.#texts.set(`${kind} ${language}`, text);
  }

  text(kind: Texts, language: string): string | undefined {
    return this.#texts.get(`${kind} ${language}`) ?? this.#texts.get(`${kind} `);
  }

  /** `chatId` 0 is the button of all private chats. */
  setMenuButton(chatId: number, button: unknown): void {
    this.#menuButtons.set(chatId, button);
  }

  menuButton(chatId: number): unknown {
    return this.#menuButtons.get(chatId) ?? this.#menuButtons.get(0) ?? { type: 'default' };
  }
}

function commandKey({ type, chatId = 0, userId = 0 }: CommandScope, language: string): string {
  return [type, chatId, userId, language].join(' ');
}
