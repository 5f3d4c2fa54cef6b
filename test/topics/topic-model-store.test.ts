import { beforeEach, expect, it } from 'vitest';
import { createCurrentPredictor, findTopicModel, saveTopicModel } from '../../src/topics/topic-model-store.ts';
import type { TopicModel } from '../../src/topics/topic-model.ts';
import { trainTopicModel } from '../../src/topics/train-topic-model.ts';
import { useDatabase } from '../support/database.ts';
import { labelledTexts, slugs } from './labels.ts';

const database = useDatabase();
const [text] = labelledTexts(1);
const monday = new Date('2026-11-16T09:00:00Z');
const tuesday = new Date('2026-11-17T09:00:00Z');

function trained(topics: string[]): TopicModel {
  const { model } = trainTopicModel(labelledTexts(30), topics);
  if (!model) throw new Error('nothing was learnt');
  return model;
}

beforeEach(async () => {
  await database.db.deleteFrom('topicModel').execute();
});

it('keeps one model, the last that was trained', async () => {
  expect(await findTopicModel(database.db)).toBeUndefined();
  await saveTopicModel(database.db, trained(['sport']), monday);
  const second = trained(slugs);
  await saveTopicModel(database.db, second, tuesday);
  expect(await findTopicModel(database.db)).toEqual(second);
});

it('has no model where another version of Nashra stored one', async () => {
  await database.db
    .insertInto('topicModel')
    .values({ topicModelId: 1, model: JSON.stringify({ format: 0 }), trainedAt: monday })
    .execute();
  expect(await findTopicModel(database.db)).toBeUndefined();
  expect(await createCurrentPredictor()(database.db)).toBeUndefined();
});

it('uses a model as soon as it was trained, and reads it once', async () => {
  const current = createCurrentPredictor();
  const slugsOf = async () => (await current(database.db))?.(text ?? { title: '', text: '' }).map(({ slug }) => slug);
  expect(await slugsOf()).toBeUndefined();
  await saveTopicModel(database.db, trained(['sport']), monday);
  expect(await slugsOf()).toEqual(['sport']);
  expect(await current(database.db)).toBe(await current(database.db));
  await saveTopicModel(database.db, trained(slugs), tuesday);
  expect((await slugsOf())?.toSorted()).toEqual(slugs.toSorted());
  await database.db.deleteFrom('topicModel').execute();
  expect(await slugsOf()).toBeUndefined();
});
