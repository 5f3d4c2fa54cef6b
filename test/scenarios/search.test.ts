import { beforeAll, describe, expect, it } from 'vitest';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { searchTerms } from '../../src/lib/keywords.ts';
import { codePoints } from '../../src/lib/text.ts';
import { useNewsdesk } from '../support/newsdesk.ts';
import { useSite } from '../support/site.ts';

describe('a reader who searches', () => {
  const desk = useNewsdesk();
  const site = useSite();
  const { says } = desk;
  let reader: EmulatedUser;
  let english: EmulatedUser;

  beforeAll(async () => {
    await desk.apply(`
topics:
  - { slug: local, name: { ar: محليات } }
feeds:
  - { url: "${site.feedUrl}", language: ar }
`);
    await desk.round();
    const publish = (slug: string, title: string, summary: string) =>
      site.publish({ slug, title, summary, publishedAt: desk.clock.now() });
    publish('council', 'اجتماع طارئ في العاصمة', 'ناقش المجتمعون خطة البلاد وحكومتها لإصلاح شبكة الكهرباء.');
    desk.clock.advance(60_000);
    publish('fair', 'افتتاح معرض الزهور Flora & Co', 'يستمر المعرض أسبوعًا في حديقة المدينة.');
    await desk.round();
    reader = desk.telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
    english = desk.telegram.createUser({ firstName: 'Sam', languageCode: 'en' });
    await says(reader, '/start');
  });

  it('finds an inflected word in the text, with a link, the source and the date', async () => {
    const answer = await says(reader, '/search حكومة');
    expect(answer).toBe(
      'وجدنا خبرًا واحدًا فيه «حكومة»:\n\nاجتماع طارئ في العاصمة\nصحيفة الميناء · 22 تشرين الثاني 2026، 12:00',
    );
    expect(reader.lastFromBot()?.entities).toContainEqual(
      expect.objectContaining({ type: 'text_link', url: `${site.url('/council/')}?utm_source=rss` }),
    );
    expect(reader.lastFromBot()?.link_preview_options).toEqual({ is_disabled: true });
  });

  it('is answered in their language, with names and headlines of the other direction kept apart', async () => {
    expect(await says(english, '/search flora')).toBe(
      'We found one story with “flora”:\n\n\u200E\u2068افتتاح معرض الزهور Flora & Co\u2069\n\u2068صحيفة الميناء\u2069 · 22 November 2026, 12:01',
    );
    expect(await says(reader, '/search flora معارض')).toContain('فيه «\u2068flora معارض\u2069»');
  });

  it('is told when there is nothing, and what to try', async () => {
    const answer = await says(reader, '/search زلزال');
    expect(answer).toContain('لم نجد');
    expect(answer).toContain('/keywords');
  });

  it('is told how, when nothing is asked', async () => {
    expect(await says(reader, '/search')).toContain('/search\u2069 الليرة السورية');
    expect(await says(english, '/search   ')).toContain('/search central bank');
  });

  it.each(['<b>\'; drop table story; --</b> & "x"', '(.*)+$ [%_] \\', '{", }'])(
    'gets what they wrote back as it is: %s',
    async (query) => {
      expect(await says(reader, `/search ${query}`)).toContain(query);
    },
  );

  it('gets the ten newest in one message, however long they are', async () => {
    const stories = Array.from({ length: 12 }, (_, index) => ({
      headline: `زلزال ${index} ${'«كلام» & '.repeat(100)}`,
      summary: '',
      language: 'ar',
      sourceName: `<${'مصدر '.repeat(100)}>`,
      url: index % 2 === 0 ? null : `https://news.example/?a=1&b="${index}"`,
      searchTerms: searchTerms('زلزال'),
      publishedAt: new Date(desk.clock.now().getTime() + index * 60_000),
      createdAt: desk.clock.now(),
    }));
    await desk.db.insertInto('story').values(stories).execute();
    const answer = await says(reader, `/search زلزال ${'زلازل '.repeat(600)}`);
    expect(answer.match(/زلزال \d+/g)).toEqual(
      stories
        .slice(2)
        .reverse()
        .map((_, index) => `زلزال ${11 - index}`),
    );
    expect(codePoints(answer)).toBeLessThanOrEqual(4096);
  });
});
