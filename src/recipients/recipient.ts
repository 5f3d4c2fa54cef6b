// Who gets news: subscribers (private chats), channels and groups.

export type RecipientKind = 'subscriber' | 'channel' | 'group';

/** active · stopped (by the reader) · blocked (the bot, by the reader) · disabled (we may not post there). */
export type RecipientState = 'active' | 'stopped' | 'blocked' | 'disabled';

export interface Recipient {
  recipientId: number;
  kind: RecipientKind;
  chatId: number | null;
  username: string | null;
  title: string | null;
  language: string | null;
  state: RecipientState;
  stateReason: string | null;
}

/** What the Bot API takes as chat_id: the number, or @name while only that is known. */
export function chatOf(recipient: Pick<Recipient, 'chatId' | 'username'>): number | string {
  return recipient.chatId ?? `@${recipient.username ?? ''}`;
}
