// The tables as code sees them, by hand: camelCase here, snake_case in Postgres, instants as Date.
import type { ColumnType, Generated, JSONColumnType } from 'kysely';

type WithDefault<T> = ColumnType<T, T | undefined, T>;
type Json<T extends object> = JSONColumnType<T>;

export interface Database {
  topic: TopicTable;
  feed: FeedTable;
  feedTopic: FeedTopicTable;
  feedCategory: FeedCategoryTable;
  article: ArticleTable;
  articleSource: ArticleSourceTable;
  story: StoryTable;
  storyArticle: StoryArticleTable;
  storyTopic: StoryTopicTable;
  recipient: RecipientTable;
  subscription: SubscriptionTable;
  delivery: DeliveryTable;
  broadcast: BroadcastTable;
  pace: PaceTable;
  conversation: ConversationTable;
  stageRun: StageRunTable;
}

/** What people follow. */
interface TopicTable {
  topicId: Generated<number>;
  slug: string;
  /** Language → name. */
  name: Json<Record<string, string>>;
  /** Language → keywords. */
  keywords: Json<Record<string, string[]>>;
  /** The order in which readers see the topics. */
  position: number;
}

/** A URL we poll. */
interface FeedTable {
  feedId: Generated<number>;
  url: string;
  /** Where it was before it moved for good; the newsroom file may still say so. */
  formerUrls: WithDefault<string[]>;
  title: string | null;
  language: string | null;
  state: WithDefault<'active' | 'paused'>;
  etag: string | null;
  lastModified: string | null;
  nextCheckAt: Date;
  checkedAt: Date | null;
  succeededAt: Date | null;
  /** When the feed's first successful round ended; null until then. */
  firstRoundAt: Date | null;
  failureCount: WithDefault<number>;
  /** The name of the last FetchOutcome, and its reason in words. */
  outcome: string | null;
  outcomeReason: string | null;
}

/** Topics that every article of a feed has. */
interface FeedTopicTable {
  feedId: number;
  topicId: number;
}

/** The feed's own categories, and the topics they stand for. */
interface FeedCategoryTable {
  feedId: number;
  category: string;
  topicId: number;
}

/** An entry, cleaned and stored once. */
interface ArticleTable {
  articleId: Generated<number>;
  /** Where people read it, as the feed gave it. */
  url: string | null;
  /** Its identity: without tracking parameters; null when the entry's link says nothing. */
  canonicalUrl: string | null;
  /** new: stored as the feed gave it · read: text and picture known · grouped: in a story · old: stored, never sent. */
  state: WithDefault<'new' | 'read' | 'grouped' | 'old'>;
  headline: string;
  kicker: string | null;
  /** Plain text, paragraphs separated by blank lines. */
  body: string;
  language: string;
  imageUrl: string | null;
  publishedAt: Date;
  /** What fetching the page gave, when the feed was not enough. */
  pageOutcome: string | null;
  claimedUntil: Date | null;
  createdAt: Date;
}

/** Which feeds gave an article, and under which identity. */
interface ArticleSourceTable {
  feedId: number;
  guid: string;
  articleId: number;
  categories: string[];
}

/** One event: its articles, headline and summary. */
interface StoryTable {
  storyId: Generated<number>;
  headline: string;
  kicker: string | null;
  summary: string;
  language: string;
  url: string | null;
  sourceName: string | null;
  imageUrl: string | null;
  /** Telegram's answer to the picture: untried, usable or refused. */
  imageState: WithDefault<'untried' | 'usable' | 'refused'>;
  publishedAt: Date;
  breaking: WithDefault<boolean>;
  createdAt: Date;
  /** When its deliveries were last planned; null when planning is due. */
  plannedAt: Date | null;
}

interface StoryArticleTable {
  articleId: number;
  storyId: number;
}

interface StoryTopicTable {
  storyId: number;
  topicId: number;
}

/** Who gets news: a subscriber (private chat), a channel or a group. */
interface RecipientTable {
  recipientId: Generated<number>;
  kind: 'subscriber' | 'channel' | 'group';
  /** Telegram's id; null while only the @name of a channel is known. */
  chatId: number | null;
  /** Without the @, lower case. */
  username: string | null;
  title: string | null;
  language: string | null;
  /** active · stopped (by /stop) · blocked (the bot, by the reader) · disabled (a chat we may not post to). */
  state: WithDefault<'active' | 'stopped' | 'blocked' | 'disabled'>;
  stateReason: string | null;
  /** When the chat may next be written to, and when it last was (the newest 20). */
  nextSendAt: Date | null;
  recentSentAt: WithDefault<Date[]>;
  createdAt: Date;
}

interface SubscriptionTable {
  recipientId: number;
  topicId: number;
  createdAt: Date;
}

/** One thing owed to one recipient, in one state: exactly one of story and broadcast. */
interface DeliveryTable {
  deliveryId: Generated<number>;
  recipientId: number;
  storyId: number | null;
  broadcastId: number | null;
  state: WithDefault<'planned' | 'sending' | 'unknown' | 'sent' | 'failed' | 'canceled'>;
  /** 1 broadcast · 2 article · 3 breaking. */
  priority: number;
  dueAt: Date;
  claimedUntil: Date | null;
  attempts: WithDefault<number>;
  /** How often the outcome was unknown. */
  unknownCount: WithDefault<number>;
  outcome: string | null;
  outcomeReason: string | null;
  messageId: number | null;
  /** Why this recipient: the topics that matched. */
  topicIds: number[];
  plannedAt: Date;
  closedAt: Date | null;
}

/** An editor's own message, copied to an audience. */
interface BroadcastTable {
  broadcastId: Generated<number>;
  editorId: number;
  fromChatId: number;
  messageIds: number[];
  /** everyone (readers and channels), readers, or topic. */
  audience: 'everyone' | 'readers' | 'topic';
  topicId: number | null;
  state: WithDefault<'running' | 'done' | 'stopped'>;
  stateReason: string | null;
  progressMessageId: number | null;
  createdAt: Date;
  closedAt: Date | null;
}

/** Hands out send slots to every process that shares the bot token. */
interface PaceTable {
  paceId: number;
  nextAt: Date;
  pausedUntil: Date | null;
}

/** Where editors are in their conversations. */
interface ConversationTable {
  key: string;
  state: Json<object>;
  updatedAt: Date;
}

/** The last run of each stage. */
interface StageRunTable {
  stage: string;
  startedAt: Date;
  finishedAt: Date | null;
  result: Json<object> | null;
}
