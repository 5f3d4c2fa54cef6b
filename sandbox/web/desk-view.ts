// The desk as the page sees it: three chats, the newsroom, and every change told as it happens.
import type { Message } from 'grammy/types';
import { type Desk, topicNamed } from '../desk.ts';
import type { EmulatorEvent } from '../telegram/events.ts';
import { type MessageView, messageView } from './chat-view.ts';

const chatNames = ['reader', 'editor', 'channel'] as const;
type ChatName = (typeof chatNames)[number];

interface ChatInfo {
  name: ChatName;
  title: string;
  subtitle: string;
  /** A person may write here; a channel is only read. */
  canWrite: boolean;
  isBlocked: boolean;
  commands: { command: string; description: string }[];
}

interface NewsroomInfo {
  siteUrl: string;
  remaining: number;
  last?: { headline: string; topic: string; url: string };
}

interface State {
  chats: { info: ChatInfo; messages: MessageView[] }[];
  newsroom: NewsroomInfo;
}

export type Change =
  | { type: 'state'; state: State }
  | { type: 'message'; chat: ChatName; message: MessageView }
  | { type: 'delete'; chat: ChatName; id: number }
  | { type: 'info'; info: ChatInfo }
  | { type: 'newsroom'; newsroom: NewsroomInfo };

export function stateOf(desk: Desk): State {
  return {
    chats: chatNames.map((name) => ({
      info: infoOf(desk, name),
      messages: desk[name].messages().map((message) => viewOf(desk, name, message)),
    })),
    newsroom: newsroomOf(desk),
  };
}

/** Tells `hear` the whole state, and then each change of it; returns how to stop. */
export function watch(desk: Desk, hear: (change: Change) => void): () => void {
  const known = new Map(chatNames.map((name) => [name, JSON.stringify(infoOf(desk, name))]));
  hear({ type: 'state', state: stateOf(desk) });

  const stopPublished = desk.onPublished(() => hear({ type: 'newsroom', newsroom: newsroomOf(desk) }));
  const stopEvents = desk.telegram.on((event) => {
    const change = changeOf(desk, event);
    if (change) hear(change);
    if (event.type !== 'member' && event.type !== 'commands') return;
    for (const name of chatNames) {
      const info = infoOf(desk, name);
      const text = JSON.stringify(info);
      if (known.get(name) === text) continue;
      known.set(name, text);
      hear({ type: 'info', info });
    }
  });
  return () => {
    stopPublished();
    stopEvents();
  };
}

function changeOf(desk: Desk, event: EmulatorEvent): Change | undefined {
  if (event.type !== 'message' && event.type !== 'edit' && event.type !== 'delete') return undefined;
  const chat = chatNames.find((name) => desk[name].id === event.chatId);
  if (chat === undefined) return undefined;
  return event.type === 'delete'
    ? { type: 'delete', chat, id: event.message.message_id }
    : { type: 'message', chat, message: viewOf(desk, chat, event.message) };
}

function viewOf(desk: Desk, name: ChatName, message: Message): MessageView {
  const ownerId = name === 'channel' ? undefined : desk[name].id;
  return messageView(message, { ownerId, articles: desk.newsroom.published() });
}

function infoOf(desk: Desk, name: ChatName): ChatInfo {
  if (name === 'channel') {
    const { title, username = '' } = desk.channel;
    const subtitle = `قناة \u2068@${username}\u2069 ينشر فيها البوت`;
    return { name, title, subtitle, canWrite: false, isBlocked: false, commands: [] };
  }
  const person = desk[name];
  return {
    name,
    title: person.user.first_name,
    subtitle: name === 'reader' ? 'قارئة تتابع مواضيع تختارها' : 'محررة تدير غرفة الأخبار',
    canWrite: true,
    isBlocked: person.isBlocked,
    commands: person.commands(),
  };
}

function newsroomOf({ newsroom }: Desk): NewsroomInfo {
  const last = newsroom.published().at(-1);
  return {
    siteUrl: newsroom.origin,
    remaining: newsroom.remaining(),
    ...(last ? { last: { headline: last.headline, topic: topicNamed(last.topic), url: last.url } } : {}),
  };
}
