// What is known of a recipient and a story when somebody asks why it was (not) sent, and how the answer is said.
import type { RecipientKind, RecipientState } from '../recipients/recipient.ts';
import type { DeliveryState, Lane } from './delivery.ts';

export interface TopicLabel {
  topicId: number;
  slug: string;
  name: Record<string, string>;
}

/** What a statement names; null is an instant that was not noted. */
export type Named =
  | string
  | number
  | Date
  | null
  | { seconds: number }
  | { lane: Lane }
  | { language: string }
  | { topics: readonly TopicLabel[] }
  | { keywords: readonly string[] };

/** Said by the message `explain-<says>` (locales/*.ftl). */
export interface Statement {
  says: string;
  with: Readonly<Record<string, Named>>;
}

export interface ChatFacts {
  recipientId: number;
  kind: RecipientKind;
  state: RecipientState;
  stateReason: string | null;
  leftAt: Date | null;
  language: string | null;
  createdAt: Date;
  /** Its own pace: it is not written to before. */
  nextSendAt: Date | null;
}

/** One thing that is or was owed to the chat: its row of the ledger, and what it is a row of. */
export interface OwedFacts {
  kind: 'story' | 'digest' | 'broadcast' | 'correction';
  lane: number;
  plannedAt: Date;
  atMostOnce: boolean;
  stoppedAt: Date | null;
  stoppedBecause: string | null;
  state: DeliveryState;
  attempts: number;
  doubts: number;
  outcome: string | null;
  outcomeReason: string | null;
  messageId: number | null;
  closedAt: Date | null;
  topics: readonly TopicLabel[];
  keywords: readonly string[];
  /** Where an open one stands. */
  place: Place | null;
  /** What told it instead. */
  digestId: number | null;
  digest: OwedFacts | null;
}

export interface Place {
  /** Null while it is held for a digest. */
  dueAt: Date | null;
  /** A process sends its chunk at this moment. */
  isClaimed: boolean;
  chunksBefore: number;
  messagesBefore: number;
  /** Nobody is written to for so long. */
  pausedMs: number;
  /** The part of the allowance that is used. */
  factor: number;
}

export interface StoryFacts {
  storyId: number;
  language: string;
  withdrawnAt: Date | null;
  /** Null while it waits to be planned. */
  plannedAt: Date | null;
  /** It waits for a model's summary until then at most. */
  modelUntil: Date | null;
  topics: readonly TopicLabel[];
  /** Readers' keywords that were found in it. */
  keywords: readonly string[];
}

export interface ArticleFacts {
  state: 'new' | 'read' | 'grouped' | 'old';
  createdAt: Date;
  withdrawnAt: Date | null;
  withdrawnBecause: string | null;
  /** The story that it joined, where another article began it. */
  joined: { storyId: number; headline: string } | null;
}

export interface Facts {
  chat: ChatFacts;
  /** Where an article was asked for. */
  article: ArticleFacts | null;
  story: StoryFacts | null;
  owed: OwedFacts | null;
  /** The newest change that its copies are to show. */
  correction: { kind: 'update' | 'withdrawal'; owed: OwedFacts } | null;
  /** What the chat follows today, and since when. */
  follows: { topics: readonly (TopicLabel & { since: Date })[]; keywords: readonly { keyword: string; since: Date }[] };
}

export function say(says: string, named: Statement['with'] = {}): Statement {
  return { says, with: named };
}
