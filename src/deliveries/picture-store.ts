// A story's picture and what Telegram makes of it: one message tries it, and the others wait for what it says.
import type { Db } from '../db/database.ts';

/**
 * mine: try the picture, and say what came of it (markPicture) · wait: another message tries it, for `tryMs` at most,
 * then ask again · settled: there is no picture, or it is known whether and by which name it can be sent.
 */
export type PictureClaim = 'mine' | 'wait' | 'settled';

/** No try lasts so long. */
const clockSetMs = 60_000;

/** A try that has not been answered for `tryMs` milliseconds is given up, and the next who asks tries anew. */
export async function claimPicture(
  db: Db,
  storyId: number,
  { now, tryMs }: { now: Date; tryMs: number },
): Promise<PictureClaim> {
  const claimed = await db
    .updateTable('story')
    .set({ imageState: 'trying', imageUntil: new Date(now.getTime() + tryMs) })
    .where('storyId', '=', storyId)
    .where('imageUrl', 'is not', null)
    .where((where) =>
      where.or([
        where('imageState', '=', 'untried'),
        where.and([where('imageState', '=', 'trying'), where('imageUntil', '<=', now)]),
        // Tried before the clock was set back.
        where.and([where('imageState', '=', 'trying'), where('imageUntil', '>', new Date(now.getTime() + clockSetMs))]),
      ]),
    )
    .returning('storyId')
    .executeTakeFirst();
  if (claimed) return 'mine';
  const { imageUrl, imageState } = await db
    .selectFrom('story')
    .select(['imageUrl', 'imageState'])
    .where('storyId', '=', storyId)
    .executeTakeFirstOrThrow();
  // Reset between the two questions: whoever asks again may have it.
  return imageUrl !== null && (imageState === 'trying' || imageState === 'untried') ? 'wait' : 'settled';
}

interface PictureResult {
  /** untried: the try said nothing about the picture (its reader has blocked the bot, say): the next one tries it. */
  state: 'usable' | 'refused' | 'untried';
  /** By which everyone else gets it. */
  fileId?: string | undefined;
  /** The picture that was tried; a story that has another one by now is left as it is. */
  imageUrl?: string | null;
}

export async function markPicture(db: Db, storyId: number, { state, fileId, imageUrl }: PictureResult): Promise<void> {
  let update = db
    .updateTable('story')
    .set({
      imageState: state,
      imageUntil: null,
      ...(state === 'usable' ? (fileId === undefined ? {} : { imageFileId: fileId }) : { imageFileId: null }),
    })
    .where('storyId', '=', storyId);
  if (imageUrl !== undefined) update = update.where('imageUrl', 'is not distinct from', imageUrl);
  // Nothing new is said about a picture that is known, and it costs no row version.
  if (state === 'untried') update = update.where('imageState', '=', 'trying');
  else if (fileId === undefined) update = update.where('imageState', '!=', state);
  else
    update = update.where((where) =>
      where.or([where('imageState', '!=', state), where('imageFileId', 'is distinct from', fileId)]),
    );
  await update.execute();
}
