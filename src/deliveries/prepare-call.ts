// What a delivery asks of the messenger, by what is so at this moment: send a story, change its copy, or copy a broadcast.
import type { Db } from '../db/database.ts';
import { chatOf } from '../recipients/recipient.ts';
import { getStory, type StoryWithTopics } from '../stories/story-store.ts';
import { topicName } from '../topics/topic.ts';
import { getBroadcast } from './broadcast-store.ts';
import { findDeliveredCopy, findThreadMessage, getCorrectedStoryId } from './delivered-copy-store.ts';
import type { ClaimedDelivery } from './delivery-store.ts';
import type { Destination, Sender, SendOutcome, StoryLetter } from './sender.ts';

/** Everything that the call needs, so that nothing but the call stands between its mark and its outcome. */
export interface PreparedCall {
  call: () => Promise<SendOutcome>;
  /** What the message will show of a story. */
  story?: { storyId: number; revision: number };
  /** The delivery whose message is changed. */
  copyOf?: number;
  /** The message is deleted or struck. */
  takesBack?: boolean;
}

/** The delivery is not owed any more: nothing is called. */
export interface Needless {
  needless: { outcome: 'withdrawn' | 'superseded'; reason: string };
}

interface PrepareDeps {
  db: Db;
  sender: Sender;
  now: Date;
}

export async function prepareCall(deps: PrepareDeps, delivery: ClaimedDelivery): Promise<PreparedCall | Needless> {
  const { db, sender } = deps;
  if (delivery.correctionId !== null) return prepareCorrection(deps, delivery);
  if (delivery.storyId !== null) return prepareStory(deps, delivery, delivery.storyId);
  const { fromChatId, messageIds } = await getBroadcast(db, delivery.broadcastId as number);
  return { call: () => sender.copyBroadcast(destinationOf(delivery, ''), { fromChatId, messageIds }) };
}

async function prepareStory(
  { db, sender }: PrepareDeps,
  delivery: ClaimedDelivery,
  storyId: number,
): Promise<PreparedCall | Needless> {
  const story = await getStory(db, storyId);
  if (story.withdrawnAt !== null) return { needless: { outcome: 'withdrawn', reason: 'the story was withdrawn' } };
  const { followsStoryId, revision } = story;
  const { recipientId } = delivery;
  const replyTo = followsStoryId === null ? undefined : await findThreadMessage(db, { recipientId, followsStoryId });
  return {
    story: { storyId, revision },
    call: () => sender.sendStory(destinationOf(delivery, story.language), letterOf(story), { replyTo }),
  };
}

/** By the story as it is now: it may have changed again, or been withdrawn, since the correction was planned. */
async function prepareCorrection(
  { db, sender, now }: PrepareDeps,
  delivery: ClaimedDelivery,
): Promise<PreparedCall | Needless> {
  const storyId = await getCorrectedStoryId(db, delivery);
  const copy = await findDeliveredCopy(db, { recipientId: delivery.recipientId, storyId });
  const story = await getStory(db, storyId);
  if (!copy) return { needless: { outcome: 'superseded', reason: 'there is no copy to correct' } };
  if (copy.revision >= story.revision) {
    return { needless: { outcome: 'superseded', reason: 'the copy shows the correction' } };
  }
  const to = destinationOf(delivery, story.language);
  const letter = letterOf(story);
  const hasNewPicture = copy.revision < story.imageRevision;
  return {
    story: { storyId, revision: story.revision },
    copyOf: copy.deliveryId,
    takesBack: story.withdrawnAt !== null,
    call: () =>
      story.withdrawnAt === null
        ? sender.editStory(to, letter, { ...copy, hasNewPicture })
        : sender.withdrawStory(to, letter, { ...copy, now }),
  };
}

function destinationOf({ recipient }: ClaimedDelivery, contentLanguage: string): Destination {
  return { chat: chatOf(recipient), kind: recipient.kind, language: recipient.language ?? contentLanguage };
}

function letterOf({ imageState, imageUrl, topics, followsStoryId, ...story }: StoryWithTopics): StoryLetter {
  return {
    ...story,
    imageUrl: imageState === 'refused' ? null : imageUrl,
    topics: topics.map((topic) => ({ slug: topic.slug, name: topicName(topic, story.language) })),
    isFollowUp: followsStoryId !== null,
  };
}
