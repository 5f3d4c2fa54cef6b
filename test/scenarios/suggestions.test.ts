import { beforeEach, describe, expect, it } from 'vitest';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { insertSuggestions, maxSuggestionAgeMs } from '../../src/topics/suggestion-store.ts';
import { encode } from '../../src/telegram/callback-data.ts';
import { ownerId, useNewsdesk } from '../support/newsdesk.ts';
import { tellStory, topicIdOf } from '../topics/newsroom.ts';

describe('a topic that the model is not sure of', () => {
  const colleagueId = ownerId + 1;
  const desk = useNewsdesk({ env: { OWNER_IDS: `${ownerId},${colleagueId}` } });
  let editor: EmulatedUser;
  let colleague: EmulatedUser;
  let reader: EmulatedUser;

  const asks = async (user: EmulatedUser, text = '/suggestions') => {
    const before = user.messages().length;
    await user.send(text);
    await desk.telegram.idle();
    return user.messages().slice(before + 1);
  };
  const press = async (...args: Parameters<EmulatedUser['press']>) => {
    const answer = await editor.press(...args);
    await desk.telegram.idle();
    return answer;
  };
  const suggest = async (headline: string, { url = 'https://news.example/1', confidence = 0.874 } = {}) => {
    const storyId = await tellStory(desk.db, { headline, url, createdAt: desk.clock.now() });
    const topicId = await topicIdOf(desk.db, 'sport');
    await insertSuggestions(desk.db, storyId, [{ topicId, confidence }], desk.clock.now());
    return storyId;
  };
  const text = (user: EmulatedUser, id: number | undefined) =>
    user.messages().find((message) => message.message_id === id)?.text;

  beforeEach(async () => {
    await desk.db.deleteFrom('story').execute();
    await desk.apply('topics: [{ slug: sport, name: { ar: رياضة, en: Sport } }]');
    editor ??= desk.telegram.createUser({ id: ownerId, firstName: 'هبة', languageCode: 'ar' });
    colleague ??= desk.telegram.createUser({ id: colleagueId, firstName: 'Sam', languageCode: 'en' });
    reader ??= desk.telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
  });

  it('is shown to an editor with the story, the topic and how likely it is', async () => {
    await suggest('أهلي الميناء يضم حارسًا جديدًا');
    const [shown] = await asks(editor);
    expect(shown?.text).toBe(
      'أهلي الميناء يضم حارسًا جديدًا\n\nهل نضيف هذا الخبر إلى موضوع «رياضة»؟ يرجّح النموذج ذلك بنسبة 87%.',
    );
    expect(shown?.entities).toContainEqual(
      expect.objectContaining({ type: 'text_link', url: 'https://news.example/1' }),
    );
    expect(shown?.reply_markup?.inline_keyboard.flat().map((button) => button.text)).toEqual([
      '✓ نعم، أضِفه',
      '✗ ليس منه',
    ]);
  });

  it("is shown in the editor's language, and the headline keeps its own direction", async () => {
    await suggest('أهلي الميناء يضم حارسًا');
    expect((await asks(colleague))[0]?.text).toBe(
      '\u200E\u2068أهلي الميناء يضم حارسًا\u2069\n\nDoes this story belong to the topic “Sport”? The model thinks so: 87%.',
    );
  });

  it('reaches its readers when an editor accepts it, each once', async () => {
    await reader.send('/start topic_sport');
    await desk.telegram.idle();
    await suggest('فوز كبير لأهلي الميناء');
    const [shown] = await asks(editor);
    await press(/✓/, shown);
    expect(text(editor, shown?.message_id)).toBe(
      'فوز كبير لأهلي الميناء\n\n✅ أُضيف إلى موضوع «رياضة»، وسيصل إلى متابعيه.',
    );
    expect(editor.messages().find(({ message_id }) => message_id === shown?.message_id)?.reply_markup).toBeUndefined();
    await desk.round();
    await desk.round();
    const received = reader.messages().filter((message) => (message.text ?? '').includes('فوز كبير'));
    expect(received).toHaveLength(1);
  });

  it('is not shown again once an editor has dismissed it', async () => {
    await suggest('خبر عن الطقس');
    const [shown] = await asks(editor);
    await press(/✗/, shown);
    expect(text(editor, shown?.message_id)).toBe('خبر عن الطقس\n\n✖️ ليس من موضوع «رياضة»، ولن يُضاف إليه.');
    expect((await asks(editor)).map((message) => message.text)).toEqual([expect.stringContaining('لا اقتراحات')]);
  });

  it('is decided by whoever presses first; the other editor is told', async () => {
    await suggest('خبر');
    const [shown] = await asks(editor);
    const [shownToColleague] = await asks(colleague);
    await press(/✗/, shown);
    const answer = await colleague.press(/✓/, shownToColleague);
    await desk.telegram.idle();
    expect(answer.text).toBe('This suggestion has been decided already.');
    expect(text(colleague, shownToColleague?.message_id)).toContain('Not of the topic “Sport”');
    expect(await desk.db.selectFrom('storyTopic').selectAll().execute()).toEqual([]);
  });

  it('is kept as a label, but sent to nobody, when it is accepted days later', async () => {
    await suggest('خبر قديم');
    const [shown] = await asks(editor);
    desk.clock.advance(maxSuggestionAgeMs + 1);
    await press(/✓/, shown);
    expect(text(editor, shown?.message_id)).toContain('ولن يُرسل');
    const count = desk.db.selectFrom('delivery').select(({ fn }) => fn.countAll().as('count'));
    const before = await count.execute();
    await desk.round();
    expect(await count.execute()).toEqual(before);
  });

  it('is answered for, when its story is gone', async () => {
    await suggest('خبر');
    const [shown] = await asks(editor);
    await desk.db.deleteFrom('story').execute();
    expect(await press(/✓/, shown)).toMatchObject({ text: expect.stringContaining('لم يعد'), showAlert: true });
  });

  it('comes five at a time', async () => {
    for (let number = 1; number <= 7; number += 1) await suggest(`خبر رقم ${number}`);
    const first = await asks(editor);
    expect(first.map((message) => message.text?.split('\n')[0])).toEqual([
      ...[7, 6, 5, 4, 3].map((number) => expect.stringContaining(`خبر رقم ${number}`)),
      'بقي اقتراحان.',
    ]);
    const before = editor.messages().length;
    await press(/المزيد/, first.at(-1));
    const second = editor.messages().slice(before);
    expect(second.map((message) => message.text?.split('\n')[0])).toEqual(
      [2, 1].map((number) => expect.stringContaining(`خبر رقم ${number}`)),
    );
    expect(editor.messages().find(({ message_id }) => message_id === first.at(-1)?.message_id)).not.toHaveProperty(
      'reply_markup',
    );
  });

  it("is nothing for readers, not even with a button that was an editor's", async () => {
    const storyId = await suggest('خبر');
    expect((await asks(reader)).map((message) => message.text)).toEqual([expect.stringContaining('/topics')]);

    const topicId = await topicIdOf(desk.db, 'sport');
    const button = { text: '✓', callback_data: encode({ kind: 'suggestion', storyId, topicId, accept: true }) };
    await desk.app.bot.api.sendMessage(reader.chatId, 'x', { reply_markup: { inline_keyboard: [[button]] } });
    expect((await reader.press('✓')).text).toContain('لم يعد يعمل');
    expect((await asks(editor)).map((message) => message.text)).toEqual([expect.stringContaining('هل نضيف')]);
  });
});
