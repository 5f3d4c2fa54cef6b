import { beforeEach, describe, expect, it } from 'vitest';
import { searchTerms } from '../../src/lib/keywords.ts';
import { getSearchedText, maxSearchWords, searchStories } from '../../src/stories/search-store.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const now = new Date('2026-11-22T19:00:00Z');

beforeEach(async () => {
  for (const table of ['story', 'article'] as const) await database.db.deleteFrom(table).execute();
});

interface Told {
  body?: string;
  minutesAgo?: number;
  withdrawn?: boolean;
}

async function tell(headline: string, { body = '', minutesAgo = 0, withdrawn = false }: Told = {}): Promise<number> {
  const publishedAt = new Date(now.getTime() - minutesAgo * 60_000);
  const { storyId } = await database.db
    .insertInto('story')
    .values({
      headline,
      summary: '',
      language: 'ar',
      publishedAt,
      createdAt: now,
      searchTerms: searchTerms(`${headline}\n${body}`),
      ...(withdrawn ? { withdrawnAt: now } : {}),
    })
    .returning('storyId')
    .executeTakeFirstOrThrow();
  return storyId;
}

async function addArticle(storyId: number, headline: string, body: string, withdrawnAt: Date | null = null) {
  const { articleId } = await database.db
    .insertInto('article')
    .values({ headline, body, language: 'ar', publishedAt: now, createdAt: now, state: 'grouped', withdrawnAt })
    .returning('articleId')
    .executeTakeFirstOrThrow();
  await database.db.insertInto('storyArticle').values({ storyId, articleId, addedAt: now }).execute();
}

const found = async (query: string, limit = 10) =>
  (await searchStories(database.db, query, { limit })).map(({ headline }) => headline);

describe('a search', () => {
  it.each([
    ['حكومة', 'خلاف بين البلدية وحكومتها'],
    ['الحكومات', 'قرار للحكومة'],
    ['سُوريا', 'مساعدات لسوريا'],
    ['قانون', 'القوانين الجديدة'],
    ['البنك المركزي', 'بيان للبنك المركزي'],
    ['المركزي البنك', 'بيان للبنك المركزي'],
    ['aleppo', 'معرض في ALEPPO'],
    ['٢٠٢٤', 'حصاد 2024'],
    ['حلب؟', 'الطريق إلى حلب'],
  ])('for %s finds: %s', async (query, headline) => {
    await tell(headline);
    await tell('خبر عن شيء آخر');
    expect(await found(query)).toEqual([headline]);
  });

  it('looks for every word, in headline and text', async () => {
    await tell('وصول قافلة', { body: 'دخلت القافلة إلى مدينة حلب.' });
    expect(await found('قافلة حلب')).toEqual(['وصول قافلة']);
    expect(await found('قافلة دمشق')).toEqual([]);
  });

  it('shows what was told last, the newest first, and no more than asked for', async () => {
    await tell('أمطار أمس', { minutesAgo: 1440 });
    await tell('أمطار جديدة', { minutesAgo: 1 });
    await tell('أمطار قديمة', { minutesAgo: 60 });
    expect(await found('أمطار')).toEqual(['أمطار جديدة', 'أمطار قديمة', 'أمطار أمس']);
    expect(await found('أمطار', 2)).toEqual(['أمطار جديدة', 'أمطار قديمة']);
  });

  it('does not find what was withdrawn', async () => {
    await tell('خبر مسحوب', { withdrawn: true });
    expect(await found('مسحوب')).toEqual([]);
  });

  it.each(['', '   ', '؟!', '%', "'", '\u0640'])('without a word, as %j, finds nothing', async (query) => {
    await tell('خبر');
    expect(await found(query)).toEqual([]);
  });

  it.each(["خبر'; drop table story; --", 'خبر {",} \\', '<b>خبر</b>', '(خبر|.*)+$', 'خبر & | ! :*'])(
    'takes the signs of %j for what they are',
    async (query) => {
      await tell('خبر', { body: 'drop table story b' });
      expect(await found(query)).toEqual(['خبر']);
    },
  );

  it('for a whole headline goes by its first words, however long it is', async () => {
    const headline = Array.from({ length: maxSearchWords }, (_, index) => `word${index}`).join(' ');
    await tell(headline);
    expect(await found(`${headline} ${'more '.repeat(5000)}`)).toEqual([headline]);
  });
});

describe('the text that a story is searched by', () => {
  it('is its headline and what the first of its articles that stands says', async () => {
    const storyId = await tell('العنوان');
    expect(await getSearchedText(database.db, storyId)).toBe('العنوان');
    await addArticle(storyId, 'مسحوب', 'نص مسحوب.', now);
    expect(await getSearchedText(database.db, storyId)).toBe('العنوان');
    await addArticle(storyId, 'الأول', 'النص الأول.');
    await addArticle(storyId, 'الثاني', 'النص الثاني.');
    expect(await getSearchedText(database.db, storyId)).toBe('العنوان\nالنص الأول.');
  });
});
