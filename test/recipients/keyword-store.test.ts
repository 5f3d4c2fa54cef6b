import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { matchesKeyword, searchTerms } from '../../src/lib/keywords.ts';
import { maxKeywords } from '../../src/recipients/keyword.ts';
import { deleteKeyword, insertKeyword, listKeywords, listKeywordsAmong } from '../../src/recipients/keyword-store.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const now = new Date('2026-11-22T19:00:00Z');
let recipientId: number;

beforeEach(async () => {
  await database.db.deleteFrom('recipient').execute();
  recipientId = await addReader(1);
});

async function addReader(chatId: number): Promise<number> {
  const row = await database.db
    .insertInto('recipient')
    .values({ kind: 'subscriber', chatId, createdAt: now })
    .returning('recipientId')
    .executeTakeFirstOrThrow();
  return row.recipientId;
}

const add = (keyword: string, more: { recipientId?: number; now?: Date } = {}) =>
  insertKeyword(database.db, { recipientId, keyword, now, ...more });

describe("a reader's keywords", () => {
  it('are listed in the order in which they were added, each once', async () => {
    expect(await add('سوريا')).toBe('added');
    expect(await add('Aleppo', { now: new Date(now.getTime() + 1000) })).toBe('added');
    expect(await add('سُوريا')).toBe('known');
    expect(await add('ALEPPO')).toBe('known');
    expect(await listKeywords(database.db, recipientId)).toEqual(['سوريا', 'Aleppo']);
  });

  it('are twenty at most, also when many are added at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: maxKeywords + 5 }, (_, index) => add(`كلمة ${index}`)));
    expect(outcomes.filter((outcome) => outcome === 'added')).toHaveLength(maxKeywords);
    expect(outcomes.filter((outcome) => outcome === 'full')).toHaveLength(5);
    expect(await listKeywords(database.db, recipientId)).toHaveLength(maxKeywords);
  });

  it('are removed once, and only from whoever removes them', async () => {
    const other = await addReader(2);
    await add('سوريا');
    await add('سوريا', { recipientId: other });
    expect(await deleteKeyword(database.db, recipientId, 'سوريا')).toBe(true);
    expect(await deleteKeyword(database.db, recipientId, 'سوريا')).toBe(false);
    expect(await listKeywords(database.db, other)).toEqual(['سوريا']);
  });
});

describe('the keywords that a text may have', () => {
  const among = async (text: string) => (await listKeywordsAmong(database.db, searchTerms(text))).toSorted();

  it('are found once each, whoever follows them', async () => {
    await add('سوريا');
    await add('سوريا', { recipientId: await addReader(2) });
    await add('لبنان');
    expect(await among('مساعدات لسوريا')).toEqual(['سوريا']);
    expect(await among('لا شيء هنا')).toEqual([]);
    expect(await listKeywordsAmong(database.db, [])).toEqual([]);
  });

  it.each([
    ['عيد الأضحى', 'تهنئة بعيد الأضحى المبارك'],
    ['أبوظبي', 'وصل إلى أبو ظبي'],
    ['عبد الله', 'زيارة لعبدالله'],
    ['على الطاولة', 'وعلى الطاولة ملفات'],
    ['Bank of England', 'بيان Bank of England اليوم'],
    ['٢٠٢٤', 'في عام 2024'],
    ["x'); drop table story; --", "قال x'); drop table story; -- وسكت"],
  ])('%s is among those of: %s', async (keyword, text) => {
    await add(keyword);
    expect(await among(text)).toEqual([keyword]);
  });

  it('hold every keyword that the matcher finds there', async () => {
    const keywords = [
      'حكومة',
      'الحكومات',
      'قانون جديد',
      'وزراء الخارجية',
      'بعيد الأضحى',
      'رئيس',
      'دولة كبرى',
      'أبو ظبي',
    ];
    for (const keyword of keywords) await add(keyword);
    const word = fc
      .tuple(
        fc.constantFrom('', 'و', 'ب', 'ال', 'لل', 'وال', 'فبال', 'كال', 'ولل'),
        fc
          .constantFrom('حكومة', 'حكومات', 'قانون', 'قوانين', 'جديد', 'وزير', 'وزراء', 'خارجية', 'عيد', 'بعيد', 'أضحى')
          .chain((first) => fc.constantFrom(first, 'رئيس', 'رؤساء', 'دول', 'دولتين', 'كبرى', 'أبوظبي', 'أبو', 'ظبي')),
        fc.constantFrom('', '', 'ها', 'هم', 'ات', 'ين', 'ًا', 'ة'),
      )
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 12 }), async (words) => {
        const text = words.join(' ');
        const found = keywords.filter((keyword) => matchesKeyword(text, keyword));
        expect(await among(text)).toEqual(expect.arrayContaining(found));
      }),
      { numRuns: 200 },
    );
  });
});
