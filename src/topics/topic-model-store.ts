// The newsroom's topic model in Postgres: one, the last that was trained.
import type { Db } from '../db/database.ts';
import {
  createTopicPredictor,
  packTopicModel,
  type TopicModel,
  type TopicPredictor,
  unpackTopicModel,
} from './topic-model.ts';

const onlyId = 1;

export async function saveTopicModel(db: Db, model: TopicModel, trainedAt: Date): Promise<void> {
  const values = { model: JSON.stringify(packTopicModel(model)), trainedAt };
  await db
    .insertInto('topicModel')
    .values({ topicModelId: onlyId, ...values })
    .onConflict((conflict) => conflict.column('topicModelId').doUpdateSet(values))
    .execute();
}

/** Undefined while there is none, or only one of another version of Nashra. */
export async function findTopicModel(db: Db): Promise<TopicModel | undefined> {
  const stored = await db.selectFrom('topicModel').select('model').executeTakeFirst();
  return stored && unpackTopicModel(stored.model);
}

/** The predictor of the model that is stored now; undefined while there is none. */
export type CurrentPredictor = (db: Db) => Promise<TopicPredictor | undefined>;

/** Reads the model, which may have megabytes, only when it was trained anew, by whichever process. */
export function createCurrentPredictor(): CurrentPredictor {
  let trainedAt: number | undefined;
  let predict: TopicPredictor | undefined;
  return async (db) => {
    const stored = await db.selectFrom('topicModel').select('trainedAt').executeTakeFirst();
    if (stored?.trainedAt.getTime() !== trainedAt) {
      const model = stored && (await findTopicModel(db));
      predict = model && createTopicPredictor(model);
      trainedAt = stored?.trainedAt.getTime();
    }
    return predict;
  };
}
