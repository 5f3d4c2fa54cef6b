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
  keywordSubscription: KeywordSubscriptionTable;
  subject: SubjectTable;
  chunk: ChunkTable;
  delivery: DeliveryTable;
  broadcast: BroadcastTable;
  correction: CorrectionTable;
  pace: PaceTable;
  paidUsage: PaidUsageTable;
  conversation: ConversationTable;
  stageRun: StageRunTable;
  topicModel: TopicModelTable;
  topicSuggestion: TopicSuggestionTable;
  summaryUsage: SummaryUsageTable;
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
  /** IANA: of dates that name no zone; null: the newsroom's. */
  timeZone: string | null;
  /** CSS: what of its pages is the article, and what never is. */
  keepSelectors: WithDefault<string[]>;
  dropSelectors: WithDefault<string[]>;
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
  authors: WithDefault<string[]>;
  /** The publisher's own section and tags. */
  section: string | null;
  tags: WithDefault<string[]>;
  imageUrl: string | null;
  imageCaption: string | null;
  imageCredit: string | null;
  publishedAt: Date;
  /** East of UTC, as the publisher wrote the date; null when it named no zone. */
  publishedOffsetMinutes: number | null;
  /** When the publisher says it was last changed. */
  modifiedAt: Date | null;
  /** When its page is looked at again for a correction or a withdrawal, and how often it was. */
  recheckAt: Date | null;
  recheckCount: WithDefault<number>;
  /** When its page first answered that it is gone (410), as far as it has done so ever since. */
  goneAt: Date | null;
  /** How often reading it broke. */
  readFailures: WithDefault<number>;
  /** Its last change only completed a text that was cut before: what is told anew is not called updated. */
  completed: WithDefault<boolean>;
  withdrawnAt: Date | null;
  /** Why, in English: by the publisher (410) or by an editor. */
  withdrawnBecause: string | null;
  /** What fetching the page gave, when the feed was not enough. */
  pageOutcome: string | null;
  claimedUntil: Date | null;
  createdAt: Date;
  /** It came after its feed had not been read for long. */
  isLate: WithDefault<boolean>;
}

/** Which feeds gave an article, and under which identity. */
interface ArticleSourceTable {
  feedId: number;
  guid: string;
  articleId: number;
  categories: string[];
  /** Of what the feed last said of it, so that a change is seen. */
  entryHash: string | null;
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
  /** Telegram's answer to the picture; while it is `trying`, until `imageUntil`, others wait for it. */
  imageState: WithDefault<'untried' | 'trying' | 'usable' | 'refused'>;
  imageUntil: Date | null;
  /** Telegram's name for the picture: sent by it, it is not fetched again. */
  imageFileId: string | null;
  publishedAt: Date;
  /** It came after its feed had not been read for long: it belongs to a backlog. */
  isLate: WithDefault<boolean>;
  breaking: WithDefault<boolean>;
  createdAt: Date;
  /** When its deliveries were last planned; null when planning is due. */
  plannedAt: Date | null;
  /** The first story of the thread that this one is a development of. */
  followsStoryId: number | null;
  /** Grows with everything that delivered copies should show. */
  revision: WithDefault<number>;
  /** The revision that brought its picture. */
  imageRevision: WithDefault<number>;
  /** When headline, summary or picture last changed after it was told. */
  correctedAt: Date | null;
  withdrawnAt: Date | null;
  /** What a search finds it by (lib/arabic.ts). */
  searchTerms: WithDefault<string[]>;
  /** Of the article's text that it was told from, so that only a change of it is told again. */
  toldHash: string | null;
  /** The summary in the article's own sentences, also where a model's is shown. */
  extract: WithDefault<string>;
  summarizedBy: WithDefault<'extract' | 'model'>;
  /** Whether a model's summary is awaited; until `modelUntil` the story is not planned. */
  modelState: 'waiting' | 'asking' | null;
  modelUntil: Date | null;
}

interface StoryArticleTable {
  articleId: number;
  storyId: number;
  /** new: it began the story · copy: the same text · same: the same event · follow-up: a development, told by itself. */
  relation: WithDefault<'new' | 'copy' | 'same' | 'follow-up'>;
  similarity: WithDefault<number>;
  /** What stories/similarity.ts compares; null for what is not compared. */
  fingerprint: JSONColumnType<object> | null;
  /** In the order in which articles were grouped, over all processes. */
  sequence: Generated<number>;
  addedAt: Date;
}

interface StoryTopicTable {
  storyId: number;
  topicId: number;
  why: 'feed' | 'category' | 'keyword' | 'model' | 'editor';
}

/** What was learnt from the newsroom's own labels. */
interface TopicModelTable {
  topicModelId: number;
  model: Json<object>;
  trainedAt: Date;
}

/** A topic that the model is not sure of: an editor decides. */
interface TopicSuggestionTable {
  storyId: number;
  topicId: number;
  confidence: number;
  state: WithDefault<'open' | 'accepted' | 'dismissed'>;
  createdAt: Date;
  decidedAt: Date | null;
  /** The editor's Telegram id. */
  decidedBy: number | null;
}

/** What a day's summaries by the model cost and gave. */
interface SummaryUsageTable {
  /** In the newsroom's zone, YYYY-MM-DD. */
  day: ColumnType<Date, string, string>;
  tokens: WithDefault<number>;
  accepted: WithDefault<number>;
  refused: WithDefault<number>;
  failed: WithDefault<number>;
}

/** A change that every delivered copy of a story should show. */
interface CorrectionTable {
  correctionId: Generated<number>;
  storyId: number;
  kind: 'update' | 'withdrawal';
  storyRevision: number;
  /** Changes are gathered until then. */
  dueAt: Date;
  createdAt: Date;
  plannedAt: Date | null;
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
  /** When the chat may next be written to, and when it last was (the newest 20; of a reader none). */
  nextSendAt: Date | null;
  recentSentAt: WithDefault<Date[]>;
  /** When the reader last wrote or pressed something. */
  lastActiveAt: Date | null;
  /** When it last ceased to be active: what was planned before is not owed, though it may be active again. */
  leftAt: Date | null;
  createdAt: Date;
}

interface SubscriptionTable {
  recipientId: number;
  topicId: number;
  createdAt: Date;
}

/** A word of a reader's own: every story in which it is found is theirs. */
interface KeywordSubscriptionTable {
  recipientId: number;
  /** As the reader wrote it. */
  keyword: string;
  /** One of these is in every text that it is found in (lib/keywords.ts). */
  terms: string[];
  createdAt: Date;
}

/** What is owed to many: exactly one story, broadcast or correction, or a digest of several stories. */
interface SubjectTable {
  subjectId: Generated<number>;
  kind: 'story' | 'digest' | 'broadcast' | 'correction';
  storyId: number | null;
  broadcastId: number | null;
  correctionId: number | null;
  /** deliveries/delivery.ts: 1 breaking · 2 (answers) · 3 stories · 4 digests · 5 broadcasts · 6 corrections. */
  lane: number;
  /** What may have arrived is not sent again. */
  atMostOnce: WithDefault<boolean>;
  /** Of a story: what it is found right for its recipients by. */
  topicIds: WithDefault<number[]>;
  keywords: WithDefault<string[]>;
  plannedAt: Date;
  /** It waits to be gathered into a digest, since then. */
  heldSince: Date | null;
  /** What is left of it is not owed any more, for this reason. */
  stoppedAt: Date | null;
  stoppedOutcome: string | null;
  stoppedBecause: string | null;
}

/** Recipients of one subject who are sent to together. */
interface ChunkTable {
  chunkId: Generated<number>;
  subjectId: number;
  lane: number;
  /** The most recently active readers have the lowest. */
  tier: WithDefault<number>;
  recipientIds: number[];
  /** How many it counts, and how many of them were closed, and how. */
  size: number;
  sent: WithDefault<number>;
  blocked: WithDefault<number>;
  failed: WithDefault<number>;
  canceled: WithDefault<number>;
  unknown: WithDefault<number>;
  /** Null while it is held for a digest. */
  dueAt: Date | null;
  /** Its rows stand in the ledger. */
  isListed: WithDefault<boolean>;
  /** Each of its messages has been called for: it holds back nothing less urgent any more. */
  isHandedOut: WithDefault<boolean>;
  /** Whoever sends it, until then (on Postgres' clock). */
  claim: string | null;
  claimedUntil: Date | null;
  closedAt: Date | null;
}

/** The ledger: one thing owed to one recipient, in one state (deliveries/delivery.ts). */
interface DeliveryTable {
  subjectId: number;
  recipientId: number;
  state: WithDefault<'planned' | 'sending' | 'doubtful' | 'sent' | 'failed' | 'canceled' | 'unknown'>;
  /** How often it was called for. */
  attempts: WithDefault<number>;
  /** How often nobody could know what came of it. */
  doubts: WithDefault<number>;
  outcome: string | null;
  outcomeReason: string | null;
  messageId: number | null;
  /** Whether the message is text or a photo's caption, and what it shows of its story. */
  messageFormat: 'text' | 'photo' | null;
  storyRevision: number | null;
  /** Why this recipient: the topics that matched, and the reader's own keywords that were found. */
  topicIds: number[] | null;
  keywords: string[] | null;
  /** The digest (a subject) that told it instead. */
  digestId: number | null;
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
  /** What may have arrived is not sent again. */
  atMostOnce: WithDefault<boolean>;
  createdAt: Date;
  /** When it was written down to whom it is owed; null until then. */
  plannedAt: Date | null;
  closedAt: Date | null;
}

/** Hands out send slots to every process that shares the bot token. */
interface PaceTable {
  paceId: number;
  nextAt: Date;
  pausedUntil: Date | null;
  /** Learnt from flood answers: the part of the allowance that is used, and when it was last changed. */
  factor: WithDefault<number>;
  factorAt: Date | null;
  /** The flood answer that counted, of its pause. */
  floodAt: Date | null;
  paidNextAt: WithDefault<Date>;
  /** It has begun again after a rest: until then its slots are further apart. */
  paidWarmUntil: Date | null;
}

/** Messages of a day that were sent faster than the free allowance, for a tenth of a Star each. */
interface PaidUsageTable {
  /** In the newsroom's zone, YYYY-MM-DD. */
  day: ColumnType<Date, string, string>;
  messages: WithDefault<number>;
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
