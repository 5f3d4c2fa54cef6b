import { beforeAll, describe, expect, it } from 'vitest';
import type { EmulatedChat } from '../../sandbox/telegram/chat-driver.ts';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { insertCorrection } from '../../src/stories/correction-store.ts';
import { updateStory } from '../../src/stories/story-store.ts';
import { collectRound, publishRound, resumeAfterCrash } from '../../src/pipeline.ts';
import { filler, headline } from '../support/filler.ts';
import { type Newsdesk, useNewsdesk } from '../support/newsdesk.ts';
import { useSite } from '../support/site.ts';

const minuteMs = 60_000;
const hours = 60;

type Site = ReturnType<typeof useSite>;

const newsroom = (local: Site, sport: Site) => `
topics:
  - { slug: local, name: { ar: محليات } }
  - { slug: sport, name: { ar: رياضة } }
feeds:
  - { url: "${local.feedUrl}", language: ar, topics: [local] }
  - { url: "${sport.feedUrl}", language: ar, topics: [sport] }
`;

interface Story {
  name: string | number;
  /** Before now. */
  minutes: number;
  category?: string;
}

function publisherAt(desk: Newsdesk) {
  return (site: Site, { name, minutes, category }: Story) =>
    site.publish({
      slug: `story-${name}`,
      title: headline(name),
      summary: filler(name),
      ...(category ? { categories: [category] } : {}),
      publishedAt: new Date(desk.clock.now().getTime() - minutes * minuteMs),
    });
}

function tellers(desk: Newsdesk) {
  return {
    /** The rows of a story: what became of it for each recipient. */
    rowsOf: (name: string | number) =>
      desk.db
        .selectFrom('delivery')
        .innerJoin('subject', 'subject.subjectId', 'delivery.subjectId')
        .innerJoin('story', 'story.storyId', 'subject.storyId')
        .select(['delivery.recipientId', 'delivery.state', 'delivery.outcome', 'delivery.outcomeReason'])
        .where('story.headline', '=', headline(name))
        .execute(),
    /** The rows of digests, without those that became part of another. */
    digests: () =>
      desk.db
        .selectFrom('delivery')
        .innerJoin('subject', 'subject.subjectId', 'delivery.subjectId')
        .select(['delivery.recipientId', 'delivery.state'])
        .where('subject.kind', '=', 'digest')
        .where('delivery.outcome', 'is distinct from', 'collapsed')
        .orderBy('subject.subjectId')
        .execute(),
    storyId: async (name: string | number) => {
      const story = desk.db.selectFrom('story').select('storyId').where('headline', '=', headline(name));
      return (await story.executeTakeFirstOrThrow()).storyId;
    },
  };
}

/** What has come into a chat since `mark` was called. */
function arrivals(chats: Record<string, EmulatedUser | EmulatedChat>) {
  const before = new Map<string, number>();
  return {
    mark() {
      for (const [name, chat] of Object.entries(chats)) before.set(name, chat.messages().length);
    },
    of(name: string): string[] {
      return (chats[name]?.messages() ?? [])
        .slice(before.get(name))
        .map((message) => message.text ?? message.caption ?? '');
    },
  };
}

const names = (text: string, from: readonly (string | number)[]) =>
  from.filter((name) => text.includes(headline(name)));

describe('the program was down for eight hours', () => {
  const desk = useNewsdesk();
  const local = useSite('صحيفة الميناء');
  const sport = useSite('ملاعب');
  const { rowsOf, digests, storyId } = tellers(desk);
  const publish = publisherAt(desk);
  const chats: Record<string, EmulatedUser | EmulatedChat> = {};
  const came = arrivals(chats);

  // One story in each half hour; and what the feeds had before the program went down, and did not get out.
  const missed = Array.from({ length: 15 }, (_, index) => ({ name: `محلي${index}`, minutes: 20 + index * 30 }));
  const old = { name: 'قديم', minutes: 20 * hours };
  const older = { name: 'أقدم', minutes: 5 * 24 * hours };
  const played = [
    { name: 'هدف', minutes: 3 * hours },
    { name: 'كأس', minutes: 6 * hours },
  ];

  beforeAll(async () => {
    await desk.apply(`${newsroom(local, sport)}
channels:
  - { chat: "@mina_late", topics: [local], language: ar }
`);
    const editor = desk.telegram.createUser({ firstName: 'هبة' });
    const channel = desk.telegram.createChannel({ title: 'قناة', username: 'mina_late' });
    channel.addBot({ by: editor });
    chats['channel'] = channel;
    for (const [name, topics] of [
      ['both', ['local', 'sport']],
      ['local', ['local']],
      ['sport', ['sport']],
    ] as const) {
      const reader = desk.telegram.createUser({ firstName: name, languageCode: 'ar' });
      for (const topic of topics) await desk.says(reader, `/start topic_${topic}`);
      chats[name] = reader;
    }
    await desk.round();
    came.mark();

    desk.clock.advance(8 * hours * minuteMs);
    for (const story of [older, old, ...missed.toReversed()]) publish(local, story);
    publish(sport, played[0] as Story);
    publish(local, { name: 'عاجل', minutes: 1, category: 'عاجل' });
  });

  it('what is of now is pushed at once; the others are gathered', async () => {
    await desk.round();
    for (const name of ['both', 'local', 'channel']) {
      expect(came.of(name)).toEqual([expect.stringContaining(headline('عاجل'))]);
    }
    expect(came.of('sport')).toEqual([]);
    expect((await rowsOf(old.name)).map(({ state }) => state)).toEqual(['planned', 'planned', 'planned']);
  });

  it('then each recipient gets one digest of all that they missed, and who missed one story gets that story', async () => {
    desk.clock.advance(2 * minuteMs);
    await desk.round();
    const all = [...missed, old, older, ...played].map(({ name }) => name);
    const inLocal = [...missed, old].map(({ name }) => name);
    for (const [chat, told] of [
      ['local', inLocal],
      ['channel', inLocal],
      ['both', [...inLocal, 'هدف']],
    ] as const) {
      const [, digest, ...more] = came.of(chat);
      expect(more).toEqual([]);
      expect(new Set(names(digest ?? '', all))).toEqual(new Set(told));
    }
    const [story, ...more] = came.of('sport');
    expect(more).toEqual([]);
    expect(story).toContain(filler('هدف'));
    expect((await digests()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
    expect((await rowsOf(old.name)).map(({ outcome }) => outcome)).toEqual(['collapsed', 'collapsed', 'collapsed']);
  });

  it('a story of five days ago goes to nobody, and the ledger says why', async () => {
    expect(await rowsOf(older.name)).toEqual(
      Array.from({ length: 3 }, () => ({
        recipientId: expect.any(Number) as number,
        state: 'canceled',
        outcome: 'stale',
        outcomeReason: 'the story was older than 72 hours when it came',
      })),
    );
  });

  it('a story that is corrected or withdrawn is so in every digest that told it', async () => {
    const [corrected, withdrawn] = missed.map(({ name }) => name) as [string, string];
    const now = desk.clock.now();
    const change = async (name: string, values: { headline: string } | { withdrawnAt: Date }) => {
      const id = await storyId(name);
      const kind = 'headline' in values ? 'update' : 'withdrawal';
      const storyRevision = await updateStory(desk.db, id, { ...values, shows: true });
      await insertCorrection(desk.db, { storyId: id, kind, storyRevision, dueAt: now, now });
    };
    await change(corrected, { headline: 'عنوان صُحّح بعد ذلك' });
    await change(withdrawn, { withdrawnAt: now });
    await desk.round();
    for (const chat of ['local', 'channel', 'both']) {
      const [, digest, ...more] = came.of(chat);
      expect(more).toEqual([]);
      expect(digest).toContain('عنوان صُحّح بعد ذلك');
      expect(names(digest ?? '', [corrected, withdrawn, missed[2]?.name ?? ''])).toEqual([missed[2]?.name]);
    }
  });

  it('nothing comes twice', async () => {
    const before = Object.keys(chats).map((name) => came.of(name).length);
    for (let round = 0; round < 3; round += 1) {
      await desk.round();
      desk.clock.advance(30 * minuteMs);
    }
    expect(Object.keys(chats).map((name) => came.of(name).length)).toEqual(before);
  });

  it('what comes after it is pushed as ever', async () => {
    publish(sport, { name: 'بعد', minutes: 3 * hours });
    await desk.round();
    expect(came.of('sport')).toHaveLength(2);
    expect(came.of('sport')[1]).toContain(filler('بعد'));
  });

  it('an old story that a feed gives by itself comes as a digest, too', async () => {
    publish(sport, { name: 'مؤجل', minutes: 20 * hours });
    await desk.round();
    desk.clock.advance(2 * minuteMs);
    await desk.round();
    expect(came.of('sport')).toHaveLength(3);
    expect(came.of('sport')[2]).toContain(headline('مؤجل'));
    expect((await rowsOf('مؤجل')).map(({ outcome }) => outcome)).toEqual(['collapsed', 'collapsed']);
  });
});

describe('Telegram was away', () => {
  const desk = useNewsdesk();
  const local = useSite();
  const sport = useSite();
  const { digests, storyId } = tellers(desk);
  const publish = publisherAt(desk);
  const chats: Record<string, EmulatedUser | EmulatedChat> = {};
  const came = arrivals(chats);
  let serial = 0;

  beforeAll(async () => {
    await desk.apply(newsroom(local, sport));
    const reader = desk.telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
    await desk.says(reader, '/start topic_local');
    chats['reader'] = reader;
    await desk.round();
  });

  /** Publishes so many stories, one every twenty minutes, while nothing gets out; returns their names. */
  async function away(count: number): Promise<string[]> {
    came.mark();
    desk.telegram.fail({
      method: 'sendMessage',
      times: 10_000,
      fault: { status: 502, body: '<h1>502 Bad Gateway</h1>' },
    });
    const told: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const name = `غائب${(serial += 1)}`;
      publish(local, { name, minutes: 0 });
      told.push(name);
      await desk.round();
      desk.clock.advance(20 * minuteMs);
    }
    for (let quarter = 0; quarter < 6; quarter += 1) {
      await desk.round();
      desk.clock.advance(15 * minuteMs);
    }
    return told;
  }

  it('for three hours: four stories come as one digest, once', async () => {
    const told = await away(4);
    expect(came.of('reader')).toEqual([]);
    desk.telegram.clearFaults();
    await desk.round();
    desk.clock.advance(15 * minuteMs);
    await desk.round();
    const [digest, ...more] = came.of('reader');
    expect(more).toEqual([]);
    expect(names(digest ?? '', told)).toEqual(told);
    expect((await digests()).map(({ state }) => state)).toEqual(['sent']);
  });

  it('and one story was planned: it comes as it is', async () => {
    const [name] = await away(1);
    desk.telegram.clearFaults();
    await desk.round();
    desk.clock.advance(15 * minuteMs);
    await desk.round();
    expect(came.of('reader')).toEqual([expect.stringContaining(filler(name as string))]);
  });

  it('a story that is withdrawn meanwhile is not in the digest; where none is left, nothing comes', async () => {
    const told = await away(3);
    const withdraw = async (name: string) => {
      const id = await storyId(name);
      const now = desk.clock.now();
      const storyRevision = await updateStory(desk.db, id, { withdrawnAt: now, shows: true });
      await insertCorrection(desk.db, { storyId: id, kind: 'withdrawal', storyRevision, dueAt: now, now });
    };
    await withdraw(told[0] as string);
    desk.telegram.clearFaults();
    desk.clock.advance(15 * minuteMs);
    await desk.round();
    expect(came.of('reader').map((text) => names(text, told))).toEqual([told.slice(1)]);

    for (const name of await away(2)) await withdraw(name);
    desk.telegram.clearFaults();
    desk.clock.advance(15 * minuteMs);
    await desk.round();
    expect(came.of('reader')).toEqual([]);
    expect((await digests()).at(-1)?.state).toBe('canceled');
  });

  it('a program that is killed before it has sent its stories sends them in one digest when it is back', async () => {
    came.mark();
    const told = ['متروك1', 'متروك2'];
    for (const name of told) publish(local, { name, minutes: 0 });
    await collectRound(desk.app.pipeline, { all: true });
    await publishRound(desk.app.pipeline);
    desk.clock.advance(8 * hours * minuteMs);
    await desk.send();
    expect(came.of('reader').map((text) => names(text, told))).toEqual([told]);
  });

  it('a process that is killed before it has sent a digest loses nothing: the next one sends it', async () => {
    came.mark();
    desk.clock.advance(5 * hours * minuteMs);
    const told = ['مقطوع1', 'مقطوع2', 'مقطوع3'];
    for (const name of told) publish(local, { name, minutes: 90 });
    await collectRound(desk.app.pipeline, { all: true });
    await publishRound(desk.app.pipeline);
    desk.clock.advance(2 * minuteMs);
    // The digest is written down; whoever begins to send it is killed.
    await publishRound(desk.app.pipeline);
    expect(came.of('reader')).toEqual([]);
    const killed = await desk.db
      .updateTable('chunk')
      .set({ claim: 'killed', claimedUntil: new Date(Date.now() + 10 * minuteMs) })
      .where('closedAt', 'is', null)
      .returning('chunkId')
      .execute();
    expect(killed).toHaveLength(1);

    await resumeAfterCrash(desk.app.pipeline);
    await desk.round();
    expect(came.of('reader').map((text) => names(text, told))).toEqual([told]);
  });
});
