// A newsdesk whose stories the test writes itself: told to three readers and a channel, then changed or withdrawn.
import { readFileSync } from 'node:fs';
import type { Insertable } from 'kysely';
import { beforeAll } from 'vitest';
import type { EmulatedChat } from '../../sandbox/telegram/chat-driver.ts';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import type { Database } from '../../src/db/schema.ts';
import { planDeliveries } from '../../src/deliveries/plan.ts';
import { sendDeliveries } from '../../src/deliveries/send.ts';
import type { Sender } from '../../src/deliveries/sender.ts';
import { insertCorrection } from '../../src/stories/correction-store.ts';
import { updateStory } from '../../src/stories/story-store.ts';
import { type Newsdesk, type NewsdeskOptions, ownerId, useNewsdesk } from './newsdesk.ts';
import { useSite } from './site.ts';

const picture = (name: string) => readFileSync(new URL(`../../sandbox/newsroom/pictures/${name}.jpg`, import.meta.url));

type Told = Pick<Insertable<Database['story']>, 'headline'> & Partial<Insertable<Database['story']>>;

/** Called at the top of a test file. */
export function useTellingDesk(options: NewsdeskOptions = {}) {
  const desk = useNewsdesk(options);
  const site = useSite();
  const readers: EmulatedUser[] = [];
  const editor = { user: undefined as EmulatedUser | undefined };
  let channel: EmulatedChat;

  beforeAll(async () => {
    await desk.apply(`
topics:
  - { slug: local, name: { ar: محليات } }
channels:
  - { chat: "@mina_copies", topics: [local], language: ar }
`);
    editor.user = desk.telegram.createUser({ id: ownerId, firstName: 'هبة', languageCode: 'ar' });
    await desk.says(editor.user, '/start');
    channel = desk.telegram.createChannel({ title: 'قناة', username: 'mina_copies' });
    channel.addBot({ by: editor.user });
    for (const firstName of ['ليلى', 'سامي', 'نور']) {
      const reader = desk.telegram.createUser({ firstName, languageCode: 'ar' });
      await desk.says(reader, '/start topic_local');
      readers.push(reader);
    }
    for (const name of ['harbour', 'bridge']) {
      site.on(`/${name}.jpg`, (response) =>
        response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture(name)),
      );
    }
    await desk.round();
  });

  const now = () => desk.clock.now();

  async function insertStory(told: Told): Promise<number> {
    const { storyId } = await desk.db
      .insertInto('story')
      .values({ summary: 'نص الخبر.', language: 'ar', publishedAt: now(), createdAt: now(), ...told })
      .returning('storyId')
      .executeTakeFirstOrThrow();
    const { topicId } = await desk.db.selectFrom('topic').select('topicId').executeTakeFirstOrThrow();
    await desk.db.insertInto('storyTopic').values({ storyId, topicId, why: 'feed' }).execute();
    return storyId;
  }

  async function change(storyId: number, values: Partial<Told>, kind: 'update' | 'withdrawal' = 'update') {
    await desk.db.transaction().execute(async (trx) => {
      const storyRevision = await updateStory(trx, storyId, {
        ...values,
        ...(kind === 'update' ? { correctedAt: now() } : { withdrawnAt: now() }),
        shows: true,
      });
      if ('imageUrl' in values) await updateStory(trx, storyId, { imageRevision: storyRevision, shows: false });
      await insertCorrection(trx, { storyId, kind, storyRevision, dueAt: now(), now: now() });
    });
  }

  const plan = () => planDeliveries(desk.app.pipeline);
  const copiesOf = (text: string) =>
    [...readers, channel].map((chat) =>
      chat.messages().filter((message) => (message.text ?? message.caption)?.includes(text)),
    );

  return {
    desk,
    site,
    readers,
    insertStory,
    change,
    plan,
    copiesOf,
    get channel() {
      return channel;
    },
    get editor() {
      return editor.user as EmulatedUser;
    },
    /** Tells a new story to everyone; returns its id. */
    tell: async (told: Told): Promise<number> => {
      const storyId = await insertStory(told);
      await plan();
      await desk.send();
      return storyId;
    },
    deliver: async () => {
      await plan();
      await desk.send();
    },
    story: (storyId: number) =>
      desk.db.selectFrom('story').selectAll().where('storyId', '=', storyId).executeTakeFirstOrThrow(),
    /** Sends; after each of the first `calls` messages has arrived, and before that is written down, `also` happens. */
    async sendAnd(calls: number, also: (call: number) => Promise<void>) {
      const { sender } = desk.app.pipeline;
      let arrived = 0;
      const sendStory: Sender['sendStory'] = async (...args) => {
        const outcome = await sender.sendStory(...args);
        arrived += 1;
        if (arrived <= calls) await also(arrived);
        return outcome;
      };
      await sendDeliveries({ ...desk.app.pipeline, sender: { ...sender, sendStory } });
    },
    withdraw: (storyId: number) => change(storyId, {}, 'withdrawal'),
    ledger: (storyId: number) => ledgerOf(desk, storyId),
    calls: (method: string) => desk.telegram.calls(method).length,
  };
}

/** The corrections' deliveries of a story, and its copies. */
async function ledgerOf(desk: Newsdesk, storyId: number) {
  const rows = await desk.db
    .selectFrom('delivery')
    .innerJoin('subject', 'subject.subjectId', 'delivery.subjectId')
    .leftJoin('correction', 'correction.correctionId', 'subject.correctionId')
    .selectAll('delivery')
    .select(['subject.kind', 'subject.lane', 'subject.correctionId'])
    .where((where) => where.or([where('subject.storyId', '=', storyId), where('correction.storyId', '=', storyId)]))
    .orderBy('delivery.subjectId')
    .orderBy('delivery.recipientId')
    .execute();
  return {
    copies: rows.filter(({ kind }) => kind === 'story'),
    corrections: rows.filter(({ kind }) => kind === 'correction'),
  };
}
