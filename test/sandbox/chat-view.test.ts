import type { Message } from 'grammy/types';
import { describe, expect, it } from 'vitest';
import { messageView, paragraphsHtml } from '../../sandbox/web/chat-view.ts';

describe('the text of a message on the page', () => {
  it.each([
    ['سلام', '<p dir="rtl">سلام</p>'],
    ['Hello', '<p dir="ltr">Hello</p>'],
    ['\u2068Reuters\u2069 تنقل الخبر', '<p dir="rtl">\u2068Reuters\u2069 تنقل الخبر</p>'],
    ['👍 12:30', '<p>👍 12:30</p>'],
    ['سلام\n\nHello', '<p dir="rtl">سلام</p><p class="blank"></p><p dir="ltr">Hello</p>'],
    ['<b>&"', '<p dir="ltr">&lt;b&gt;&amp;&quot;</p>'],
    ['', ''],
  ])('gives each line its own direction: %j', (text, html) => {
    expect(paragraphsHtml(text, [])).toBe(html);
  });

  it('carries bold over a line break, and keeps a quotation in one piece', () => {
    expect(paragraphsHtml('ab\ncd', [{ type: 'bold', offset: 1, length: 3 }])).toBe(
      '<p dir="ltr">a<b>b</b></p><p dir="ltr"><b>c</b>d</p>',
    );
    expect(paragraphsHtml('a\nb\nc', [{ type: 'blockquote', offset: 0, length: 3 }])).toBe(
      '<div dir="ltr"><blockquote>a\nb</blockquote></div><p dir="ltr">c</p>',
    );
  });

  it('previews the link that was asked for, and none when it is disabled', () => {
    const message = (options: object) =>
      ({ message_id: 1, date: 0, chat: { id: 1 }, text: 'خبر', link_preview_options: options }) as unknown as Message;
    const view = (options: object) => messageView(message(options), { ownerId: undefined, articles: [] });
    expect(view({ url: 'https://news.example/a', show_above_text: true }).preview).toEqual({
      url: 'https://news.example/a',
      site: 'news.example',
      isAboveText: true,
    });
    expect(view({ url: 'https://news.example/a', is_disabled: true }).preview).toBeUndefined();
    expect(view({}).preview).toBeUndefined();
  });
});
