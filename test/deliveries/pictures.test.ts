import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { sendDeliveries } from '../../src/deliveries/send.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createFetch } from '../../src/lib/http.ts';
import { getStoryRow } from '../../src/stories/story-store.ts';
import { createFetchPicture } from '../../src/telegram/fetch-picture.ts';
import { loadLocales } from '../../src/telegram/i18n.ts';
import { createSender } from '../../src/telegram/sender.ts';
import { png } from '../sandbox/telegram/support.ts';
import { useSendingDesk } from '../support/sending-desk.ts';
import { answer, type Handler, useWebServer } from '../support/web-server.ts';

const web = useWebServer();
const desk = useSendingDesk({ clock: systemClock });
const ourAgent = 'Nashra/test';
const picture = answer(png(300, 200), { 'content-type': 'image/png' });

let readers: EmulatedUser[];
let count = 0;

beforeAll(async () => {
  readers = (await desk.addReaders(30)).map(({ user }) => user);
});
afterEach(() => {
  desk.telegram.clearCalls();
  desk.telegram.clearFaults();
});

/** Sends a story with the picture that `handler` serves to everyone, and says what each of them got last. */
async function tell(handler: Handler): Promise<{ storyId: number; got: (string | undefined)[] }> {
  count += 1;
  const storyId = await desk.addStory(`خبر ${count}`);
  const imageUrl = web.on(`/${count}.png`, handler);
  await desk.db.updateTable('story').set({ imageUrl }).where('storyId', '=', storyId).execute();
  const sender = createSender({
    token: desk.telegram.token,
    apiRoot: desk.telegram.apiRoot,
    locales: await loadLocales(new URL('../../locales/', import.meta.url)),
    timeZone: 'UTC',
    fetchPicture: createFetchPicture(createFetch({ allowPrivateNetwork: true, userAgent: ourAgent })),
  });
  await desk.plan();
  await sendDeliveries({ ...desk.deps(), sender });
  await sender.close();
  const got = readers.map((reader) => {
    const last = desk.telegram.messages(reader.id).at(-1);
    const words = last?.text ?? last?.caption;
    if (!words?.includes(`خبر ${count}\n`)) return undefined;
    return last?.photo?.at(-1)?.file_id ?? 'text';
  });
  return { storyId, got };
}

const triedUrls = () =>
  desk.telegram.calls('sendPhoto').filter(({ params }) => String(params['photo']).startsWith('http')).length;

describe('a story’s picture', () => {
  test('is fetched once, and everyone gets it', async () => {
    const { storyId, got } = await tell(picture);

    const { imageFileId, imageState } = await getStoryRow(desk.db, storyId);
    expect(imageState).toBe('usable');
    expect(new Set(got)).toEqual(new Set([imageFileId]));
    expect(triedUrls()).toBe(1);
    expect(web.requests).toHaveLength(1);
  });

  test('is uploaded once when only we may load it', async () => {
    const { storyId, got } = await tell((response, request) => {
      if (request.headers['user-agent'] === ourAgent) picture(response, request);
      else response.writeHead(403).end();
    });

    const { imageFileId } = await getStoryRow(desk.db, storyId);
    expect(new Set(got)).toEqual(new Set([imageFileId]));
    expect(web.requests).toHaveLength(2);
    expect(desk.telegram.calls('sendPhoto').filter(({ ok }) => !ok)).toHaveLength(1);
  });

  test('that is bad is tried once, and everyone gets the story', async () => {
    const { storyId, got } = await tell(answer('gone', {}, 404));

    expect(got).toEqual(readers.map(() => 'text'));
    expect((await getStoryRow(desk.db, storyId)).imageState).toBe('refused');
    expect(desk.telegram.calls('sendPhoto')).toHaveLength(1);
  });

  test('is tried by the next when the first has blocked the bot', async () => {
    desk.telegram.fail({
      method: 'sendPhoto',
      times: 2,
      fault: { status: 403, description: 'Forbidden: bot was blocked by the user' },
    });
    const { got } = await tell(picture);

    expect(got.filter((each) => each === undefined)).toHaveLength(2);
    expect(got.filter((each) => each !== undefined && each !== 'text')).toHaveLength(28);
    expect(triedUrls()).toBe(3);
    await desk.db.updateTable('recipient').set({ state: 'active' }).execute();
  });

  test('that takes long stops nobody: the others get the story without it', async () => {
    desk.telegram.fail({ method: 'sendPhoto', times: 1, fault: { slowMs: 6_500 } });
    const { storyId, got } = await tell(picture);

    expect(got.filter((each) => each === 'text')).toHaveLength(29);
    expect(got.filter((each) => each !== undefined && each !== 'text')).toHaveLength(1);
    expect((await getStoryRow(desk.db, storyId)).imageState).toBe('usable');
  }, 30_000);
});
