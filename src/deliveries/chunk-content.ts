// What the deliveries of a chunk ask of the messenger, by what is so at this moment: send a story or a digest, change
// the copies of a story, or copy a broadcast.
import type { Db } from '../db/database.ts';
import { chatOf, type RecipientState } from '../recipients/recipient.ts';
import { getNewestCorrectionId } from '../stories/correction-store.ts';
import { getStories, getStory, type StoryWithTopics } from '../stories/story-store.ts';
import { topicName } from '../topics/topic.ts';
import { getBroadcast } from './broadcast-store.ts';
import {
  getCorrection,
  listDeliveredCopies,
  listRivals,
  listThreadMessages,
  reachedBy,
} from './delivered-copy-store.ts';
import type { OpenDelivery } from './delivery-store.ts';
import { listDigestCopies, listDigestStories } from './digest-store.ts';
import type { DigestLetter, Destination, Sender, SendOptions, SendOutcome, StoryLetter } from './sender.ts';
import type { Subject } from './subject-store.ts';

/** The delivery is not owed any more: nothing is called. */
interface Needless {
  needless: { outcome: 'withdrawn' | 'superseded'; reason: string };
}

type Call = (options: SendOptions) => Promise<SendOutcome>;

/** Everything that the calls of some deliveries need, so that nothing but a call stands between its mark and its outcome. */
export interface ChunkContent {
  /** The story that is told, corrected or withdrawn. */
  story?: Pick<StoryWithTopics, 'storyId' | 'revision' | 'imageState' | 'imageUrl' | 'imageFileId'>;
  /** Its messages are changed, not sent. */
  isCorrection: boolean;
  /** Its calls may go over the paid lane. */
  canBePaid: boolean;
  reaches: readonly RecipientState[];
  /** Subjects that are sent into the same messages. */
  rivals: readonly number[];
  /** Of digests: which stories they tell, as of which revision, to whom. */
  told: ReadonlyMap<number, { revision: number; recipientIds: ReadonlySet<number> }>;
  /** Where several stories are shown: the newest correction of any when they were read. Undefined: it does not matter. */
  newestCorrectionId?: number;
  callFor(delivery: OpenDelivery): Call | Needless;
}

interface ContentDeps {
  db: Db;
  sender: Sender;
  now: Date;
  defaultLanguage: string;
  /** The picture takes too long: others get the story without it. */
  withoutPicture?: boolean;
  /** The subject's story, where it was just read. */
  story?: StoryWithTopics;
}

type Deliveries = readonly OpenDelivery[];

/** As it is now; to be read again when the story has another revision. */
export async function readContent(deps: ContentDeps, subject: Subject, deliveries: Deliveries): Promise<ChunkContent> {
  switch (subject.kind) {
    case 'story':
      return readStory(deps, subject, deliveries);
    case 'correction':
      return readCorrection(deps, subject, deliveries);
    case 'digest':
      return readDigests(deps, subject, deliveries);
    case 'broadcast': {
      const { fromChatId, messageIds } = await getBroadcast(deps.db, subject.broadcastId as number);
      const letter = { fromChatId, messageIds };
      return {
        ...plain,
        // Albums are copied by a method that knows no paid lane.
        canBePaid: messageIds.length === 1,
        callFor: (delivery) => (options) => deps.sender.copyBroadcast(destinationOf(delivery, ''), letter, options),
      };
    }
  }
}

const plain = { isCorrection: false, canBePaid: true, reaches: ['active'], rivals: [], told: new Map() } as const;

const idsOf = (deliveries: Deliveries) => deliveries.map(({ recipientId }) => recipientId);

async function readStory(
  { db, sender, withoutPicture, story: known }: ContentDeps,
  subject: Subject,
  deliveries: Deliveries,
): Promise<ChunkContent> {
  const story = known ?? (await getStory(db, subject.storyId as number));
  const { followsStoryId } = story;
  const replyTo =
    followsStoryId === null
      ? undefined
      : await listThreadMessages(db, { followsStoryId, recipientIds: idsOf(deliveries) });
  const letter = withoutPicture ? { ...letterOf(story), imageUrl: null, imageFileId: null } : letterOf(story);
  return {
    ...plain,
    story,
    callFor: (delivery) => (options) =>
      sender.sendStory(destinationOf(delivery, story.language), letter, {
        ...options,
        ...(replyTo ? { replyTo: replyTo.get(delivery.recipientId) } : {}),
      }),
  };
}

/** By the story as it is now: it may have changed again, or been withdrawn, since the correction was planned. */
async function readCorrection(deps: ContentDeps, subject: Subject, deliveries: Deliveries): Promise<ChunkContent> {
  const { db, sender, now } = deps;
  const newestCorrectionId = await getNewestCorrectionId(db);
  const { storyId, kind } = await getCorrection(db, subject.correctionId as number);
  const story = await getStory(db, storyId);
  const copies = await listDeliveredCopies(db, { storyId, recipientIds: idsOf(deliveries) });
  const letter = letterOf(story);
  const digests = await readDigestCopies(deps, { storyId, recipientIds: idsOf(deliveries) });
  return {
    story,
    isCorrection: true,
    canBePaid: false,
    reaches: reachedBy(kind),
    rivals: await listRivals(db, { storyId, subjectId: subject.subjectId }),
    told: new Map(),
    ...(digests.size > 0 ? { newestCorrectionId } : {}),
    callFor(delivery) {
      const copy = copies.get(delivery.recipientId);
      const digest = digests.get(delivery.recipientId);
      if (!copy && digest) {
        const to = destinationOf(delivery, deps.defaultLanguage);
        const { letter: rest, ...message } = digest;
        return () =>
          rest
            ? sender.editDigest(to, rest, message)
            : sender.withdrawStory(to, letter, { ...message, format: 'text', now });
      }
      if (!copy) return { needless: { outcome: 'superseded', reason: 'there is no copy to correct' } };
      if (copy.revision >= story.revision) {
        return { needless: { outcome: 'superseded', reason: 'the copy shows the correction' } };
      }
      const to = destinationOf(delivery, story.language);
      const hasNewPicture = copy.revision < story.imageRevision;
      return () =>
        story.withdrawnAt === null
          ? sender.editStory(to, letter, { ...copy, hasNewPicture })
          : sender.withdrawStory(to, letter, { ...copy, now });
    },
  };
}

interface DigestCopy {
  messageId: number;
  sentAt: Date;
  /** As it is to be now; undefined when none of its stories is left. */
  letter: DigestLetter | undefined;
}

/** The digests in which recipients got the story, by recipient. */
async function readDigestCopies(
  { db }: ContentDeps,
  { storyId, recipientIds }: { storyId: number; recipientIds: readonly number[] },
): Promise<Map<number, DigestCopy>> {
  const copies = await listDigestCopies(db, { storyId, recipientIds });
  const found = new Map<number, DigestCopy>();
  for (const [digestId, ofDigest] of Map.groupBy(copies, (copy) => copy.digestId)) {
    const ids = ofDigest.map(({ recipientId }) => recipientId);
    const storyIds = await listDigestStories(db, { digestId, recipientIds: ids });
    const digestOf = sharedDigests(await readLetters(db, [...storyIds.values()].flat()));
    for (const { recipientId, messageId, sentAt } of ofDigest) {
      found.set(recipientId, { messageId, sentAt, letter: digestOf(storyIds.get(recipientId) ?? []) });
    }
  }
  return found;
}

async function readDigests(
  { db, sender, defaultLanguage }: ContentDeps,
  { subjectId }: Subject,
  deliveries: Deliveries,
): Promise<ChunkContent> {
  // Before anything is read: what changes after that is seen.
  const newestCorrectionId = await getNewestCorrectionId(db);
  const storyIds = await listDigestStories(db, { digestId: subjectId, recipientIds: idsOf(deliveries) });
  const letters = await readLetters(db, [...storyIds.values()].flat());
  const digestOf = sharedDigests(letters);
  return {
    ...plain,
    told: toldBy(storyIds, letters),
    newestCorrectionId,
    callFor(delivery) {
      const letter = digestOf(storyIds.get(delivery.recipientId) ?? []);
      if (!letter) return { needless: { outcome: 'withdrawn', reason: 'all its stories were withdrawn' } };
      return (options) => sender.sendDigest(destinationOf(delivery, defaultLanguage), letter, options);
    },
  };
}

function toldBy(
  storyIds: ReadonlyMap<number, readonly number[]>,
  letters: ReadonlyMap<number, { revision: number }>,
): ChunkContent['told'] {
  const told = new Map<number, { revision: number; recipientIds: Set<number> }>();
  for (const [recipientId, ids] of storyIds) {
    for (const storyId of ids) {
      const of = told.get(storyId) ?? { revision: letters.get(storyId)?.revision ?? 1, recipientIds: new Set() };
      of.recipientIds.add(recipientId);
      told.set(storyId, of);
    }
  }
  return told;
}

/** Recipients of the same stories get the same letter: it is rendered once. */
function sharedDigests(letters: ReadonlyMap<number, StoryLetter>) {
  const shared = new Map<string, DigestLetter>();
  return (storyIds: readonly number[]): DigestLetter | undefined => {
    if (storyIds.length === 0) return undefined;
    const key = storyIds.join();
    const letter = shared.get(key) ?? { stories: storyIds.flatMap((storyId) => letters.get(storyId) ?? []) };
    shared.set(key, letter);
    return letter;
  };
}

type DatedLetter = StoryLetter & Pick<StoryWithTopics, 'revision'>;

async function readLetters(db: Db, storyIds: Iterable<number>): Promise<Map<number, DatedLetter>> {
  const letters = new Map<number, DatedLetter>();
  for (const [storyId, story] of await getStories(db, [...new Set(storyIds)])) letters.set(storyId, letterOf(story));
  return letters;
}

function destinationOf({ recipient }: OpenDelivery, contentLanguage: string): Destination {
  if (recipient === null) throw new Error('nobody is there to send to');
  return { chat: chatOf(recipient), kind: recipient.kind, language: recipient.language ?? contentLanguage };
}

function letterOf({
  imageState,
  imageUrl,
  imageFileId,
  topics,
  followsStoryId,
  ...story
}: StoryWithTopics): DatedLetter {
  return {
    ...story,
    imageUrl: imageState === 'refused' ? null : imageUrl,
    imageFileId: imageState === 'usable' ? imageFileId : null,
    topics: topics.map((topic) => ({ slug: topic.slug, name: topicName(topic, story.language) })),
    isFollowUp: followsStoryId !== null,
  };
}
