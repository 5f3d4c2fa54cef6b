import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { deskStatus, newsroomStatus, recordRun } from '../../src/status/status-store.ts';
import { ownerId, useNewsdesk } from '../support/newsdesk.ts';

const desk = useNewsdesk({ env: { PAID_STARS_PER_DAY: '50', TIME_ZONE: 'Asia/Damascus' } });
const { says } = desk;

describe('an editor who asks how things are', () => {
  let editor: EmulatedUser;

  beforeAll(async () => {
    editor = desk.telegram.createUser({ id: ownerId, firstName: 'هبة', languageCode: 'ar' });
    await says(editor, '/start');
  });

  it('reads nothing of the pace while it is Telegram’s, but what the day has cost', async () => {
    const answer = await says(editor, '/status');
    expect(answer).not.toMatch(/تيليغرام/);
    expect(answer).toContain('الرسائل المدفوعة اليوم: 0. النجوم: 0 من 50.');
  });

  it('reads that Telegram found us too fast, how fast we are now, and for how long nothing is sent', async () => {
    await sql`update pace set factor = 0.5, factor_at = clock_timestamp() + interval '1 hour',
      paused_until = clock_timestamp() + interval '5 minutes'`.execute(desk.db);
    const answer = await says(editor, '/status');
    await sql`update pace set factor = 1, factor_at = null, paused_until = null`.execute(desk.db);
    expect(answer).toMatch(/يُستأنف الإرسال بعد .*5/);
    expect(answer).toContain('أقصى عدد للرسائل في الثانية حاليًا: 500');
  });

  it('reads what was paid today, in the newsroom’s own day', async () => {
    const now = desk.clock.now();
    await desk.db.insertInto('paidUsage').values({ day: '2026-11-22', messages: 123 }).execute();
    await desk.db.insertInto('paidUsage').values({ day: '2026-11-21', messages: 999 }).execute();
    expect(await says(editor, '/status')).toContain('الرسائل المدفوعة اليوم: 123. النجوم: 12.3 من 50.');
    const tomorrow = new Date(now.getTime() + 13 * 60 * 60 * 1000);
    expect(await newsroomStatus(desk.db, { now: tomorrow, timeZone: 'Asia/Damascus' })).toMatchObject({ paidToday: 0 });
  });

  it('reads how many messages nobody knows the end of, and how many wait', async () => {
    const { subjectId } = await desk.db
      .insertInto('subject')
      .values({ kind: 'digest', lane: 4, plannedAt: desk.clock.now() })
      .returning('subjectId')
      .executeTakeFirstOrThrow();
    await desk.db
      .insertInto('chunk')
      .values([
        { subjectId, lane: 4, recipientIds: [], size: 5, sent: 2, unknown: 3, closedAt: desk.clock.now() },
        { subjectId, lane: 4, recipientIds: [1, 2, 3], size: 3 },
      ])
      .execute();
    const answer = await says(editor, '/status');
    expect(answer).toContain('3 رسائل لا يُعرف أوصلت أم لا');
    expect(answer).toContain('3 رسائل تنتظر الإرسال');
    await desk.db.deleteFrom('chunk').execute();
  });

  it('reads which stage broke, and why, until it runs again', async () => {
    const failing = recordRun(desk.world, 'publish', () => Promise.reject(new Error('no space left on device')));
    await expect(failing).rejects.toThrow('no space left');
    const answer = await says(editor, '/status');
    expect(answer).toContain('إعداد الأخبار: تعطّلت آخر جولة.');
    expect(answer).toContain('no space left on device');
    await recordRun(desk.world, 'publish', () => Promise.resolve({ read: 0 }));
    expect(await says(editor, '/status')).not.toContain('تعطّلت');
  });
});

describe('a stage that runs all the time', () => {
  const run = (result: object) => recordRun(desk.world, 'send', () => Promise.resolve(result), { isResident: true });
  const lastRun = async () => (await deskStatus(desk.db)).runs.find(({ stage }) => stage === 'send');

  it('keeps what it did, and once a minute that it had nothing to do, and logs only the first', async () => {
    await run({ sent: 3 });
    const worked = await lastRun();
    desk.clock.advance(30_000);
    await run({});
    expect(await lastRun()).toEqual(worked);
    desk.clock.advance(31_000);
    await run({});
    const idle = await lastRun();
    expect(idle?.finishedAt).toEqual(desk.clock.now());
    expect(desk.log.filter((line) => line.includes('"stage":"send"'))).toHaveLength(1);
  });
});
