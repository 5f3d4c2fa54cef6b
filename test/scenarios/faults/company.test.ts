import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/database.ts';
import { markerOf, openStage } from '../../support/fault-stage.ts';
import { useSite } from '../../support/site.ts';
import { nashra } from '../../support/program.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('two processes that were started with the same everything', () => {
  const database = useDatabase();
  const site = useSite();

  it('bring every entry to everyone once', async () => {
    const readers = 50;
    await using stage = await openStage({ connectionString: database.connectionString, readers, channels: 1 });
    const folder = await mkdtemp(join(tmpdir(), 'nashra-twins-'));
    const file = join(folder, 'newsroom.yaml');
    await writeFile(
      file,
      `topics:\n  - { slug: local, name: { ar: محليات, en: Local } }\nfeeds:\n  - { url: "${site.feedUrl}", language: ar, topics: [local] }\n`,
    );
    const { code, output } = await nashra(['newsroom', 'apply', file], { DATABASE_URL: database.connectionString });
    expect(output).not.toContain('error');
    expect(code).toBe(0);
    await rm(folder, { recursive: true });

    const twins = [stage.fleet.start(), stage.fleet.start()];
    await Promise.race(twins.map((twin) => twin.says('listening')));
    await stage.db.updateTable('feed').set({ firstRoundAt: new Date() }).execute();
    for (let number = 1; number <= 5; number += 1) {
      const title = markerOf(number);
      site.publish({
        slug: `entry-${number}`,
        title,
        summary: `نص الخبر رقم ${number} كاملاً.`,
        publishedAt: new Date(),
      });
    }
    await stage.telegram.order('called', { calls: 5 * (readers + 1) });
    await stage.settle();
    await stage.fleet.stop();
    const check = await stage.check();
    expect(check).toMatchObject({ problems: [], twice: 0, lost: 0, states: { sent: 5 * (readers + 1) } });
  }, 60_000);
});

describe('a group that becomes a supergroup while a story is on its way', () => {
  const database = useDatabase();

  it('gets it there, once, whether the bot has heard of it or not', async () => {
    await using stage = await openStage({ connectionString: database.connectionString, readers: 100, groups: 6 });
    const { telegram, groups } = stage;
    const fault = { slowMs: 300 };
    await telegram.order('fail', { rules: groups.slice(0, 3).map((chatId) => ({ chatId, times: 1, fault })) });
    // Nobody hears of the first three but from Telegram's refusal.
    const sender = stage.fleet.start('collect,deliver');
    for (const chatId of groups.slice(0, 3)) await telegram.order('migrate', { chatId });
    await stage.tell(1);
    await telegram.order('called', { calls: 50 });
    for (const chatId of groups.slice(3, 5)) await telegram.order('migrate', { chatId });
    await stage.settle({ hurry: true });
    stage.fleet.start('bot');
    await stage.tell(2);
    await telegram.order('migrate', { chatId: groups[5] ?? 0 });
    await stage.settle({ hurry: true });
    await sender.end();

    const { told } = await telegram.order('report');
    const came = new Map(told);
    for (const chatId of groups) {
      expect(came.get(chatId)).toEqual({ [markerOf(1)]: 1, [markerOf(2)]: 1 });
    }
    const states = await stage.db.selectFrom('recipient').select('state').where('kind', '=', 'group').execute();
    expect(states).toEqual(groups.map(() => ({ state: 'active' })));
  }, 60_000);
});

describe('a reader who blocks the bot between planning and sending', () => {
  const database = useDatabase();

  it('gets nothing, the ledger says why, and everyone else gets the story once', async () => {
    const readers = 60;
    await using stage = await openStage({ connectionString: database.connectionString, readers });
    const { db, telegram } = stage;
    // Telegram has asked for a pause: the story is planned, and waits.
    await db
      .updateTable('pace')
      .set({ pausedUntil: new Date(Date.now() + 60 * 60_000) })
      .execute();
    stage.fleet.start('collect,deliver');
    await stage.tell(1);
    await expect.poll(() => db.selectFrom('chunk').select('size').execute(), { timeout: 20_000 }).toHaveLength(1);

    const [unheard, heard] = [stage.readers.firstId, stage.readers.firstId + 1];
    await telegram.order('block', { userId: heard });
    const bot = stage.fleet.start('bot');
    await bot.says('listening');
    await expect
      .poll(() => db.selectFrom('recipient').select('state').where('chatId', '=', heard).execute(), { timeout: 20_000 })
      .toEqual([{ state: 'blocked' }]);
    await bot.end();
    await telegram.order('block', { userId: unheard });
    await db.updateTable('pace').set({ pausedUntil: null }).execute();
    await stage.settle({ hurry: true });

    const rows = await db
      .selectFrom('delivery')
      .innerJoin('recipient', 'recipient.recipientId', 'delivery.recipientId')
      .select(['chatId', 'recipient.state as recipient', 'delivery.state', 'outcomeReason'])
      .where('delivery.state', '<>', 'sent')
      .orderBy('chatId')
      .execute();
    expect(rows).toEqual([
      { chatId: unheard, recipient: 'blocked', state: 'failed', outcomeReason: expect.stringContaining('blocked') },
      { chatId: heard, recipient: 'blocked', state: 'canceled', outcomeReason: expect.stringContaining('blocked') },
    ]);
    expect(await stage.check()).toMatchObject({ problems: [], twice: 0, states: { sent: readers - 2 } });
  }, 60_000);
});
