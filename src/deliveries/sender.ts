// The port through which deliveries leave: what a messenger is asked to send, and what its answers mean to us.

/** Where something goes, and in which language the words around it are. */
export interface Destination {
  /** A chat's id, or a public channel's @name while its id is not known. */
  chat: number | string;
  kind: 'subscriber' | 'channel' | 'group';
  language: string;
}

/** A story as it is put into a letter. */
export interface StoryLetter {
  headline: string;
  kicker: string | null;
  summary: string;
  /** Of the headline, the kicker, the summary and the topics' names. */
  language: string;
  url: string | null;
  sourceName: string | null;
  /** Null when there is no picture, and when the messenger has refused it before. */
  imageUrl: string | null;
  /** The messenger's own name for the picture, once it has it: nothing is fetched again. */
  imageFileId: string | null;
  publishedAt: Date;
  topics: readonly { slug: string; name: string }[];
  breaking: boolean;
  /** A development of a story that was told before. */
  isFollowUp: boolean;
  /** Other sources of the same story, in the order in which they came. */
  alsoReportedBy: readonly { name: string; url: string | null }[];
  /** When what is told last changed, other than by further sources; null when it never did. */
  correctedAt: Date | null;
}

/** Several stories in one message, for one recipient: what they missed, the newest first. */
export interface DigestLetter {
  stories: readonly StoryLetter[];
}

/** How a message goes out. */
export interface SendOptions {
  /** Over the paid lane (allow_paid_broadcast): faster than the free allowance, for a tenth of a Star. */
  isPaid?: boolean;
  /** Of a story: as an answer to this message, where it is still there. */
  replyTo?: number | undefined;
}

/** A message that tells a story, as it was sent. */
export interface SentStory {
  messageId: number;
  /** A photo's words are its caption; one never becomes the other. */
  format: 'text' | 'photo';
}

/** An editor's own words, where they stand: one message, or an album's in their order. */
export interface BroadcastLetter {
  fromChatId: number;
  messageIds: readonly number[];
}

export interface SentOutcome {
  kind: 'sent';
  /** The chat's own id, also when it was addressed by its @name; undefined where the answer does not say. */
  chatId: number | undefined;
  /** Zero when the messenger has taken the message but not numbered it yet. */
  messageId: number;
  /** What became of the story's picture, when one was tried. */
  photo?: 'usable' | 'refused';
  /** By this name everyone else gets the picture. */
  photoFileId?: string;
  /** Of a story: what its message is. */
  format?: SentStory['format'];
  /** The message was deleted, as it should be. */
  isDeleted?: boolean;
}

/** What was not sent, named by what we do next. */
export type SendFailure =
  /** Nobody sends for so long; the attempt does not count. */
  | { kind: 'wait'; retryAfterMs: number; reason: string }
  /** Surely not sent: again later, with back-off. */
  | { kind: 'retry'; reason: string }
  /** Perhaps sent: never resent blindly, for nothing would tell the copy from the first. */
  | { kind: 'unknown'; reason: string }
  /** The person cannot be reached: pause until a sign of life. For a channel or group, as `dead-chat`. */
  | { kind: 'dead-reader'; reason: string }
  /** We may not write there any more: disable the chat and tell an editor. */
  | { kind: 'dead-chat'; reason: string }
  /** The chat has a new id: keep it, and send once more there. */
  | { kind: 'moved'; chatId: number; reason: string }
  /** The chat's thread is gone: once more without it. */
  | { kind: 'thread-gone'; reason: string }
  /** The message to be changed is not there any more. */
  | { kind: 'message-gone'; reason: string }
  /** The letter itself is at fault, for everyone: stop the whole campaign and tell an editor. */
  | { kind: 'content'; reason: string }
  /** An answer that we do not know: only this delivery fails. */
  | { kind: 'rejected'; reason: string }
  /** Nothing to do. */
  | { kind: 'benign'; reason: string }
  /** The messenger does not know us (a revoked token, a wrong address): stop sending, close nothing, say so. */
  | { kind: 'unauthorized'; reason: string };

export type SendOutcome = SentOutcome | SendFailure;

/** Sends one letter to one place and says what came of it; throws only on a bug. */
export interface Sender {
  sendStory(to: Destination, letter: StoryLetter, options?: SendOptions): Promise<SendOutcome>;
  sendDigest(to: Destination, letter: DigestLetter, options?: SendOptions): Promise<SendOutcome>;
  /** Makes a message show the story as it is now; its picture is replaced only where `hasNewPicture`. */
  editStory(to: Destination, letter: StoryLetter, copy: SentStory & { hasNewPicture: boolean }): Promise<SendOutcome>;
  /** Makes a digest's message show its stories as they are now. */
  editDigest(to: Destination, letter: DigestLetter, message: Pick<SentStory, 'messageId'>): Promise<SendOutcome>;
  /** Deletes a message that is young enough, else makes it say that the story was withdrawn. */
  withdrawStory(
    to: Destination,
    letter: StoryLetter,
    copy: SentStory & { sentAt: Date; now: Date },
  ): Promise<SendOutcome>;
  copyBroadcast(to: Destination, letter: BroadcastLetter, options?: SendOptions): Promise<SendOutcome>;
}

/** A broadcast, as far as its editor is told about it. */
export interface BroadcastNotice {
  broadcastId: number;
  editorId: number;
  /** The message in the editor's chat that shows the progress. */
  progressMessageId: number | null;
  /** What may have arrived is not sent again. */
  atMostOnce: boolean;
}

export interface BroadcastCounts {
  total: number;
  /** Still to be sent. */
  open: number;
  sent: number;
  /** Readers who have blocked the bot or left Telegram, channels that took the bot's rights. */
  blocked: number;
  failed: number;
  /** Sent into a connection that broke: nobody can know. */
  unknown: number;
}

/** Tells the newsroom's editors how things go; a notice that does not arrive is logged, never thrown. */
export interface Desk {
  broadcastProgress(broadcast: BroadcastNotice, counts: BroadcastCounts): Promise<void>;
  /**
   * The end of a broadcast; `stoppedBecause` when the messenger refused its content. False when it could not be shown
   * now, and may be shown later.
   */
  broadcastReport(broadcast: BroadcastNotice, counts: BroadcastCounts, stoppedBecause: string | null): Promise<boolean>;
  channelLost(channel: { title: string | null; chat: number | string }, reason: string): Promise<void>;
  storyRefused(headline: string, reason: string): Promise<void>;
  /** Delivered copies of a story keep what they show, because the messenger refused the correction's content. */
  correctionRefused(headline: string, reason: string): Promise<void>;
}
