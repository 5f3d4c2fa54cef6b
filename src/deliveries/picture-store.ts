// A story's picture and what Telegram makes of it: one message tries it, and the others wait for what it says.
import { sql } from 'kysely';
import { lightly } from '../db/commit.ts';
import type { Db } from '../db/database.ts';

/**
 * mine: try the picture, and say what came of it (markPicture) · wait: another message tries it, for `tryMs` at most,
 * then ask again · settled: there is no picture, or it is known whether and by which name it can be sent.
 */
export type PictureClaim = 'mine' | 'wait' | 'settled';

/** No try lasts so long. */
const clockSetMs = 60_000;

/** By story. A try that has not been answered for `tryMs` milliseconds is given up, and the next who asks tries anew. */
export async function claimPictures(
  db: Db,
  storyIds: readonly number[],
  { now, tryMs }: { now: Date; tryMs: number },
): Promise<Map<number, PictureClaim>> {
  const { rows } = await sql<{ storyId: number }>`
    update story set image_state = 'trying', image_until = ${new Date(now.getTime() + tryMs)}
    where story_id = any(${storyIds}::bigint[]) and image_url is not null and (
      image_state = 'untried'
      or (image_state = 'trying' and image_until <= ${now})
      -- Tried before the clock was set back.
      or (image_state = 'trying' and image_until > ${new Date(now.getTime() + clockSetMs)})
    )
    returning story_id, ${lightly}
  `.execute(db);
  const claims = new Map(rows.map(({ storyId }): [number, PictureClaim] => [storyId, 'mine']));
  const others = storyIds.filter((storyId) => !claims.has(storyId));
  if (others.length === 0) return claims;
  const known = await db
    .selectFrom('story')
    .select(['storyId', 'imageUrl', 'imageState'])
    .where('storyId', '=', sql<number>`any(${others}::bigint[])`)
    .execute();
  for (const { storyId, imageUrl, imageState } of known) {
    // Reset between the two questions: whoever asks again may have it.
    const isOpen = imageUrl !== null && (imageState === 'trying' || imageState === 'untried');
    claims.set(storyId, isOpen ? 'wait' : 'settled');
  }
  return claims;
}

export interface PictureResult {
  /** untried: the try said nothing about the picture (its reader has blocked the bot, say): the next one tries it. */
  state: 'usable' | 'refused' | 'untried';
  /** By which everyone else gets it. */
  fileId?: string | undefined;
  /** The picture that was tried; a story that has another one by now is left as it is. */
  imageUrl?: string | null;
}

/** By story. */
export async function markPictures(db: Db, results: ReadonlyMap<number, PictureResult>): Promise<void> {
  const list = <T>(of: (result: PictureResult) => T) => [...results.values()].map(of);
  await sql`
    update story s set image_state = result.state, image_until = null,
      image_file_id = case when result.state = 'usable' then coalesce(result.file_id, s.image_file_id) end
    from unnest(
      ${[...results.keys()]}::bigint[],
      ${list(({ state }) => state)}::text[],
      ${list(({ fileId }) => fileId ?? null)}::text[],
      ${list(({ imageUrl }) => imageUrl ?? null)}::text[],
      ${list(({ imageUrl }) => imageUrl !== undefined)}::boolean[]
    ) as result (story_id, state, file_id, image_url, has_url)
    where s.story_id = result.story_id and s.story_id = any(${[...results.keys()]}::bigint[])
      and (not has_url or s.image_url is not distinct from result.image_url)
      -- Nothing new is said about a picture that is known, and it costs no row version.
      and case when result.state = 'untried' then s.image_state = 'trying'
        else s.image_state <> result.state or (result.file_id is not null and s.image_file_id is distinct from result.file_id) end
  `.execute(db);
}
