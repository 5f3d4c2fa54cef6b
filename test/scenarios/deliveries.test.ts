import { beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/telegram/faults.ts';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { planDeliveries } from '../../src/deliveries/plan.ts';
import { findSubject } from '../../src/deliveries/subject-store.ts';
import { collectRound, publishRound } from '../../src/pipeline.ts';
import { insertCorrection } from '../../src/stories/correction-store.ts';
import { updateStory } from '../../src/stories/story-store.ts';
import { filler, headline } from '../support/filler.ts';
import { useNewsdesk } from '../support/newsdesk.ts';
import { useSite } from '../support/site.ts';
import { useTellingDesk } from '../support/telling-desk.ts';

const newsroom = (feedUrl: string) => `
topics:
  - { slug: local, name: { ar: محليات } }
feeds:
  - { url: "${feedUrl}", language: ar, topics: [local] }
`;

const refused = (status: number, description: string, parameters?: Record<string, number>): Fault => ({
  status,
  description,
  ...(parameters ? { parameters } : {}),
});

describe('what Telegram answers, and what becomes of a delivery', () => {
  const desk = useNewsdesk();
  const site = useSite();
  let reader: EmulatedUser;
  let count = 0;

  beforeAll(async () => {
    await desk.apply(newsroom(site.feedUrl));
    reader = desk.telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
    await reader.send('/start topic_local');
    await desk.round();
  });

  /** Publishes a story, lets its first sendings fail as said, and sends until nothing is due for a while. */
  async function deliver(fault: Fault, times = 1) {
    const before = reader.messages().length;
    count += 1;
    site.publish({
      slug: `story-${count}`,
      title: headline(count),
      summary: filler(count),
      publishedAt: desk.clock.now(),
    });
    await collectRound(desk.app.pipeline, { all: true });
    await publishRound(desk.app.pipeline);
    desk.telegram.fail({ method: 'sendMessage', chatId: reader.chatId, times, fault });
    await desk.send();
    desk.telegram.clearFaults();
    const delivery = await desk.db
      .selectFrom('delivery')
      .selectAll()
      .orderBy('subjectId', 'desc')
      .executeTakeFirstOrThrow();
    const recipient = await desk.db.selectFrom('recipient').selectAll().executeTakeFirstOrThrow();
    return { delivery, recipient, arrived: reader.messages().slice(before) };
  }

  it.each<[string, Fault]>([
    ['429', refused(429, 'Too Many Requests: retry after 3', { retry_after: 3 })],
    ['500', refused(500, 'Internal Server Error: restart')],
    ['502 from a proxy', { status: 502, body: '<html><h1>502 Bad Gateway</h1></html>' }],
  ])('%s: waits, and sends it once', async (_name, fault) => {
    const { delivery, arrived } = await deliver(fault);
    expect(arrived).toHaveLength(1);
    expect(delivery).toMatchObject({ state: 'sent', outcome: 'sent', messageId: arrived[0]?.message_id });
  });

  it('a cut connection: the outcome is unknown, and it is sent once more', async () => {
    const before = await deliver('reset-before');
    expect(before.arrived).toHaveLength(1);
    expect(before.delivery).toMatchObject({ state: 'sent', doubts: 1 });

    const after = await deliver('reset-after');
    expect(after.arrived).toHaveLength(2);
    expect(after.delivery).toMatchObject({ state: 'sent', doubts: 1 });
  });

  it('connections cut again and again: it is left as unknown, and counted', async () => {
    const { delivery } = await deliver('reset-before', 5);
    expect(delivery).toMatchObject({ state: 'unknown', doubts: 2, outcome: 'unknown' });
    expect(delivery.closedAt).not.toBeNull();
  });

  it.each([
    ['an unknown refusal', 'Bad Request: SOMETHING_NEW_IN_2027'],
    ['a closed topic', 'Bad Request: TOPIC_CLOSED'],
  ])('%s: only this delivery fails', async (_name, description) => {
    const { delivery, recipient, arrived } = await deliver(refused(400, description), 9);
    expect(delivery).toMatchObject({ state: 'failed', outcomeReason: description });
    expect(recipient.state).toBe('active');
    expect(arrived).toEqual([]);
  });

  it.each([
    ['blocked', 403, 'Forbidden: bot was blocked by the user'],
    ['deactivated', 403, 'Forbidden: user is deactivated'],
    ['gone', 400, 'Bad Request: chat not found'],
  ])('a reader who is %s is paused, and revived by /start', async (_name, status, description) => {
    const { delivery, recipient } = await deliver(refused(status, description), 9);
    expect(delivery).toMatchObject({ state: 'failed', outcome: 'dead-reader' });
    expect(recipient).toMatchObject({ state: 'blocked', stateReason: description });
    await reader.send('/start');
    await desk.telegram.idle();
    expect((await deliver('slow', 0)).arrived).toHaveLength(1);
  });

  it('refused content stops the story for everyone, and the next story goes out', async () => {
    const { delivery } = await deliver(refused(400, "Bad Request: can't parse entities: unsupported start tag"), 9);
    expect(delivery).toMatchObject({ state: 'failed', outcome: 'content' });
    expect((await deliver('slow', 0)).arrived).toHaveLength(1);
  });

  it.each<[string, Fault]>([
    ['a pause of half a day is obeyed', refused(429, 'Too Many Requests', { retry_after: 43_837 })],
    ['a token that is not known any more: the bot waits for another', refused(401, 'Unauthorized')],
  ])('%s: nothing is sent, nothing is lost', async (_name, fault) => {
    const { delivery, arrived } = await deliver(fault);
    expect(arrived).toEqual([]);
    expect(delivery).toMatchObject({ state: 'planned', attempts: 0, closedAt: null });
    const calls = desk.telegram.calls('sendMessage').length;
    await desk.send();
    expect(desk.telegram.calls('sendMessage')).toHaveLength(calls);
    await desk.db.updateTable('pace').set({ pausedUntil: null }).execute();
    desk.clock.advance(43_838_000);
    await desk.send();
    expect(reader.lastFromBot()?.text).toContain(headline(count));
  });
});

describe('a story that Telegram refuses', () => {
  const newsroom = useTellingDesk();
  const { desk } = newsroom;

  it('is sent to nobody, and its editors are told once, however many it was tried with', async () => {
    // From now on the channel is written to by its number.
    await newsroom.tell({ headline: 'خبر سليم' });
    for (const chatId of [...newsroom.readers.map((reader) => reader.chatId), newsroom.channel.id]) {
      desk.telegram.fail({ chatId, times: 1, fault: refused(400, "Bad Request: can't parse entities: oh") });
    }
    const storyId = await newsroom.insertStory({ headline: 'خبر مرفوض' });
    await newsroom.plan();
    const isStopped = async () => (await findSubject(desk.db, { storyId }))?.stoppedAt !== null;
    // The others were called for as well when the first answer was written down.
    await newsroom.sendAnd(4, async (call) => {
      if (call > 1) await expect.poll(isStopped).toBe(true);
    });
    desk.telegram.clearFaults();
    await desk.send();
    expect(newsroom.copiesOf('خبر مرفوض').flat()).toEqual([]);
    const { copies } = await newsroom.ledger(storyId);
    expect(copies.map(({ state, outcome }) => [state, outcome])).toEqual(copies.map(() => ['failed', 'content']));
    expect(newsroom.editor.messages().filter(({ text }) => text?.includes('خبر مرفوض'))).toHaveLength(1);
  });
});

describe('a channel that is known by its name', () => {
  const newsroom = useTellingDesk();
  const { desk, tell, copiesOf } = newsroom;

  it('is known by its number from its first message on, and written to when it has another name', async () => {
    const named = () =>
      desk.db
        .selectFrom('recipient')
        .select(['chatId', 'username'])
        .where('kind', '=', 'channel')
        .executeTakeFirstOrThrow();
    await desk.db.updateTable('recipient').set({ chatId: null }).where('kind', '=', 'channel').execute();
    await tell({ headline: 'أول ما في القناة' });
    expect(await named()).toEqual({ chatId: newsroom.channel.id, username: 'mina_copies' });
    await desk.db.updateTable('recipient').set({ username: 'mina_before' }).where('kind', '=', 'channel').execute();
    await tell({ headline: 'ثاني ما في القناة' });
    expect(copiesOf('ما في القناة').map((copies) => copies.length)).toEqual([2, 2, 2, 2]);
  });
});

describe('the pace of sending', () => {
  const desk = useNewsdesk({ realTime: true, emulator: { limits: true } });
  const site = useSite();

  it("keeps all of Telegram's limits: no flood answer, nothing lost, nothing twice", async () => {
    await desk.apply(`${newsroom(site.feedUrl)}
channels:
  - { chat: "@mina_pace", topics: [local], language: ar }
`);
    const editor = desk.telegram.createUser({ firstName: 'هبة' });
    const channel = desk.telegram.createChannel({ title: 'قناة', username: 'mina_pace' });
    channel.addBot({ by: editor });
    const readers = Array.from({ length: 24 }, (_, index) =>
      desk.telegram.createUser({ firstName: `قارئ ${index}`, languageCode: 'ar' }),
    );
    for (const reader of readers) await reader.send('/start topic_local');
    await desk.round();
    for (const story of ['الأول', 'الثاني']) {
      site.publish({ slug: story, title: headline(story), summary: filler(story), publishedAt: desk.clock.now() });
    }
    await desk.round();
    for (const chat of [...readers, channel]) {
      const titles = chat.messages().flatMap((message) => /^خبر .*/.exec(message.text ?? '')?.[0] ?? []);
      expect(titles.toSorted()).toEqual([headline('الأول'), headline('الثاني')]);
    }
    const floods = desk.telegram.calls().filter((call) => JSON.stringify(call.answer).includes('Too Many Requests'));
    expect(floods).toEqual([]);
  });
});

describe('the order of sending', () => {
  const desk = useNewsdesk();
  const site = useSite();

  it('sends breaking news first, then articles, then broadcasts', async () => {
    const readers = Array.from({ length: 3 }, (_, index) =>
      desk.telegram.createUser({ firstName: `قارئ ${index}`, languageCode: 'ar' }),
    );
    await desk.apply(newsroom(site.feedUrl));
    for (const reader of readers) await reader.send('/start topic_local');
    await desk.round();
    desk.clock.advance(10_000);
    const editor = desk.telegram.createUser({ firstName: 'هبة', languageCode: 'ar' });
    const message = await editor.send('كلمة التحرير');
    await desk.telegram.idle();
    const { insertBroadcast } = await import('../../src/deliveries/broadcast-store.ts');
    await insertBroadcast(desk.db, {
      editorId: message.chat.id,
      fromChatId: message.chat.id,
      messageIds: [message.message_id],
      progressMessageId: null,
      audience: 'readers',
      topicId: null,
      now: desk.clock.now(),
    });
    site.publish({ slug: 'plain', title: 'خبر عادي', summary: filler('plain'), publishedAt: desk.clock.now() });
    site.publish({
      slug: 'breaking',
      title: 'عاجل: انقطاع المياه عن الميناء',
      summary: filler('breaking'),
      publishedAt: desk.clock.now(),
    });
    const first = desk.telegram.calls().length;
    await desk.round();
    const kinds = desk.telegram
      .calls()
      .slice(first)
      .filter((call) => ['sendMessage', 'copyMessage'].includes(call.method))
      .filter((call) => readers.some((reader) => String(reader.chatId) === String(call.params['chat_id'])))
      .map((call) =>
        call.method === 'copyMessage'
          ? 'broadcast'
          : String(call.params['text']).includes('عاجل')
            ? 'breaking'
            : 'article',
      );
    expect(kinds).toHaveLength(9);
    expect(kinds).toEqual(kinds.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  });
});

const order = ['breaking', 'article', 'broadcast'];

describe('a group', () => {
  const desk = useNewsdesk();
  const site = useSite();

  it('that became a supergroup gets its news at its new number', async () => {
    await desk.apply(newsroom(site.feedUrl));
    const admin = desk.telegram.createUser({ firstName: 'هبة' });
    const group = desk.telegram.createGroup({ title: 'أهل الميناء' });
    group.addBot({ by: admin });
    await desk.round();
    const { recipientId } = await desk.db
      .insertInto('recipient')
      .values({ kind: 'group', chatId: group.id, title: 'أهل الميناء', createdAt: desk.clock.now() })
      .returning('recipientId')
      .executeTakeFirstOrThrow();
    const { topicId } = await desk.db.selectFrom('topic').select('topicId').executeTakeFirstOrThrow();
    await desk.db.insertInto('subscription').values({ recipientId, topicId, createdAt: desk.clock.now() }).execute();

    site.publish({ slug: 'move', title: 'خبر للجميع', summary: 'نص.', publishedAt: desk.clock.now() });
    await collectRound(desk.app.pipeline, { all: true });
    await publishRound(desk.app.pipeline);
    const supergroup = group.migrate();
    await desk.db.updateTable('recipient').set({ chatId: group.id }).execute();
    await desk.send();
    expect(supergroup.messages().some((message) => message.text?.includes('خبر للجميع'))).toBe(true);
    const moved = await desk.db.selectFrom('recipient').selectAll().executeTakeFirstOrThrow();
    expect(moved).toMatchObject({ chatId: supergroup.id, state: 'active' });
  });

  it.each([
    ['it is said in the group', async () => {}],
    ['an answer of Telegram says so', (chatId: number) => desk.db.updateTable('recipient').set({ chatId }).execute()],
  ])('that became a supergroup has no message changed that only its old number named, when %s', async (_, unsay) => {
    const { db, clock } = desk;
    for (const table of ['recipient', 'story'] as const) await db.deleteFrom(table).execute();
    const admin = desk.telegram.createUser({ firstName: 'هبة' });
    const group = desk.telegram.createGroup({ title: 'أهل الميناء' });
    group.addBot({ by: admin });
    await desk.round();
    const { recipientId } = await db
      .insertInto('recipient')
      .values({ kind: 'group', chatId: group.id, createdAt: clock.now() })
      .returning('recipientId')
      .executeTakeFirstOrThrow();
    const { topicId } = await db.selectFrom('topic').select('topicId').executeTakeFirstOrThrow();
    await db.insertInto('subscription').values({ recipientId, topicId, createdAt: clock.now() }).execute();
    const tell = async (headline: string) => {
      const now = clock.now();
      const { storyId } = await db
        .insertInto('story')
        .values({ headline, summary: 'نص.', language: 'ar', publishedAt: now, createdAt: now })
        .returning('storyId')
        .executeTakeFirstOrThrow();
      await db.insertInto('storyTopic').values({ storyId, topicId, why: 'feed' }).execute();
      await planDeliveries(desk.app.pipeline);
      await desk.send();
      return storyId;
    };
    const storyId = await tell('قبل الانتقال');
    expect(group.messages().some(({ text }) => text?.startsWith('قبل الانتقال'))).toBe(true);
    const supergroup = group.migrate();
    await desk.telegram.idle();
    await unsay(group.id);
    await tell('بعد الانتقال');
    expect(supergroup.messages().some(({ text }) => text?.startsWith('بعد الانتقال'))).toBe(true);

    const copies = await db
      .selectFrom('delivery')
      .select('messageId')
      .where('recipientId', '=', recipientId)
      .orderBy('subjectId')
      .execute();
    expect(copies.map(({ messageId }) => messageId)).toEqual([null, expect.any(Number)]);
    const correction = { storyId, kind: 'withdrawal', storyRevision: 2, dueAt: clock.now(), now: clock.now() } as const;
    await updateStory(db, storyId, { withdrawnAt: clock.now(), shows: true });
    await insertCorrection(db, correction);
    await planDeliveries(desk.app.pipeline);
    await desk.send();
    expect(supergroup.messages().some(({ text }) => text?.startsWith('بعد الانتقال'))).toBe(true);
  });
});
