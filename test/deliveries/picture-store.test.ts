import { beforeEach, describe, expect, test } from 'vitest';
import { claimPictures, markPictures, type PictureResult } from '../../src/deliveries/picture-store.ts';
import { getStoryRow } from '../../src/stories/story-store.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const now = new Date('2026-06-05T11:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const tryMs = 30_000;
const imageUrl = 'https://news.example/library.jpg';

let storyId: number;

async function story(url: string | null): Promise<number> {
  const values = { headline: 'افتتاح مكتبة عامة في حمص', summary: '', language: 'ar', imageUrl: url };
  const { storyId: added } = await database.db
    .insertInto('story')
    .values({ ...values, publishedAt: now, createdAt: now })
    .returning('storyId')
    .executeTakeFirstOrThrow();
  return added;
}
const claim = async (at = now) => (await claimPictures(database.db, [storyId], { now: at, tryMs })).get(storyId);
const mark = (result: PictureResult) => markPictures(database.db, new Map([[storyId, result]]));
const picture = async () => {
  const { imageState, imageFileId, imageUntil } = await getStoryRow(database.db, storyId);
  return { imageState, imageFileId, imageUntil };
};

beforeEach(async () => {
  storyId = await story(imageUrl);
});

describe('a picture that nobody has tried', () => {
  test('is tried by one of many, and the others wait', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim()));

    expect(claims.filter((each) => each === 'mine')).toHaveLength(1);
    expect(claims.filter((each) => each === 'wait')).toHaveLength(19);
  });

  test('is tried anew when the first try says nothing for too long', async () => {
    expect(await claim()).toBe('mine');
    expect(await claim(later(tryMs - 1))).toBe('wait');
    expect(await claim(later(tryMs))).toBe('mine');
    expect(await claim(later(tryMs + 1))).toBe('wait');
  });

  test('is tried by the next when the try said nothing about it', async () => {
    await claim();
    await mark({ state: 'untried' });

    expect(await claim()).toBe('mine');
  });

  test('has a name for everyone once it was sent', async () => {
    await claim();
    await mark({ state: 'usable', fileId: 'AgAC1', imageUrl });

    expect(await claim()).toBe('settled');
    expect(await picture()).toEqual({ imageState: 'usable', imageFileId: 'AgAC1', imageUntil: null });
  });

  test('is given up when it was refused', async () => {
    await claim();
    await mark({ state: 'refused', imageUrl });

    expect(await claim(later(tryMs * 2))).toBe('settled');
    expect(await picture()).toEqual({ imageState: 'refused', imageFileId: null, imageUntil: null });
  });
});

describe('a picture that is known', () => {
  beforeEach(async () => {
    await mark({ state: 'usable', fileId: 'AgAC1' });
  });

  test('keeps its name when it is sent again, or when a late try gives up', async () => {
    await mark({ state: 'usable' });
    await mark({ state: 'untried' });

    expect(await picture()).toMatchObject({ imageState: 'usable', imageFileId: 'AgAC1' });
  });

  test('gets a new name when the old one has expired', async () => {
    await mark({ state: 'usable', fileId: 'AgAC2' });

    expect(await picture()).toMatchObject({ imageState: 'usable', imageFileId: 'AgAC2' });
  });

  test('is not taken for the story’s new one', async () => {
    await database.db
      .updateTable('story')
      .set({ imageUrl: 'https://news.example/new.jpg', imageState: 'untried', imageFileId: null })
      .where('storyId', '=', storyId)
      .execute();
    await mark({ state: 'usable', fileId: 'AgAC1', imageUrl });

    expect(await picture()).toMatchObject({ imageState: 'untried', imageFileId: null });
    expect(await claim()).toBe('mine');
  });
});

test('a story without a picture waits for nothing', async () => {
  storyId = await story(null);

  expect(await claim()).toBe('settled');
});
