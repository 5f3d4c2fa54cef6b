import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../../sandbox/telegram/emulator.ts';
import type { EmulatedUser } from '../../../sandbox/telegram/user.ts';
import { handClock, rawCall, refusal, type HandClock } from './support.ts';

describe('faults', () => {
  let emulator: Emulator;
  let reader: EmulatedUser;
  const send = (text: string): ReturnType<typeof rawCall> =>
    rawCall(emulator, 'sendMessage', { chat_id: reader.id, text });
  const received = (): (string | undefined)[] =>
    reader
      .messages()
      .slice(1)
      .map((message) => message.text);

  beforeEach(async () => {
    emulator = await startEmulator();
    reader = emulator.createUser({ firstName: 'سلمى' });
    await reader.send('/start');
  });
  afterEach(async () => {
    await emulator.close();
  });

  test('the next calls answer with the given error, and then no more', async () => {
    const parameters = { retry_after: 7 };
    const fault = { status: 429, description: 'Too Many Requests: retry after 7', parameters };
    emulator.fail({ method: 'sendmessage', times: 2, fault });
    for (const _ of [1, 2]) {
      const { status, headers, body } = await send('a');
      expect(status).toBe(429);
      expect(headers.get('retry-after')).toBe('7');
      expect(body).toEqual({ ok: false, error_code: 429, description: fault.description, parameters });
    }
    expect((await send('b')).status).toBe(200);
    expect(received()).toEqual(['b']);
  });

  test('a fault may strike one chat only', async () => {
    const other = emulator.createUser({ firstName: 'نادر' });
    await other.send('/start');
    emulator.fail({ chatId: other.id, times: 1, fault: { status: 500, description: 'Internal Server Error' } });
    expect((await send('a')).status).toBe(200);
    expect(await refusal(emulator, 'sendMessage', { chat_id: other.id, text: 'a' })).toBe('Internal Server Error');
  });

  test('a raw body stands for a proxy’s page', async () => {
    emulator.fail({ times: 1, fault: { status: 502, body: '<html>Bad Gateway</html>' } });
    const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/getMe`);
    expect(response.status).toBe(502);
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(await response.text()).toBe('<html>Bad Gateway</html>');
  });

  test('a connection cut before is a call that never was; cut after, it counted', async () => {
    emulator.fail({ times: 1, fault: 'reset-before' });
    await expect(send('a')).rejects.toThrow('fetch failed');
    expect(received()).toEqual([]);
    emulator.fail({ times: 1, fault: 'reset-after' });
    await expect(send('b')).rejects.toThrow('fetch failed');
    expect(received()).toEqual(['b']);
    expect(emulator.calls('sendMessage').map(({ ok, answer }) => ({ ok, answer }))).toEqual([
      { ok: false, answer: undefined },
      { ok: false, answer: undefined },
    ]);
  });

  test('a call may hang until the bot hangs up', async () => {
    emulator.fail({ times: 1, fault: 'hang' });
    const patience = new AbortController();
    const hanging = fetch(`${emulator.apiRoot}/bot${emulator.token}/getMe`, { signal: patience.signal });
    await emulator.waitFor(() => emulator.calls('getMe').length === 1);
    patience.abort();
    await expect(hanging).rejects.toThrow('aborted');
    await rawCall(emulator, 'getUpdates', { offset: 999_999_999 });
    await emulator.idle();
    expect(emulator.calls('getMe').map((call) => call.ok)).toEqual([false]);
  });

  test('a slow call waits on the clock', async () => {
    const clock = handClock();
    await using own = await startEmulator({ clock });
    own.fail({ times: 1, fault: { slowMs: 60_000 } });
    let answered = false;
    const slow = rawCall(own, 'getMe').then((answer) => {
      answered = true;
      return answer;
    });
    await rawCall(own, 'getWebhookInfo');
    expect(answered).toBe(false);
    clock.advance(60_000);
    expect((await slow).body.ok).toBe(true);
  });
});

describe('limits', () => {
  let clock: HandClock;
  let emulator: Emulator | undefined;
  const start = async (limits: EmulatorOptions['limits']): Promise<Emulator> => {
    clock = handClock();
    emulator = await startEmulator({ clock, limits: limits ?? true });
    return emulator;
  };
  afterEach(async () => {
    await emulator?.close();
  });

  async function readers(own: Emulator, count: number): Promise<EmulatedUser[]> {
    const people = Array.from({ length: count }, (_, n) => own.createUser({ firstName: `قارئ ${n}` }));
    for (const person of people) await person.send('/start');
    return people;
  }
  const send = (own: Emulator, chatId: number, extra: object = {}): ReturnType<typeof rawCall> =>
    rawCall(own, 'sendMessage', { chat_id: chatId, text: 'خبر', ...extra });

  test('one message a second in a chat', async () => {
    const own = await start(true);
    const [reader] = await readers(own, 1);
    const chatId = reader?.id ?? 0;
    expect((await send(own, chatId)).status).toBe(200);
    const { status, headers, body } = await send(own, chatId);
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toEqual({
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    });
    clock.advance(1000);
    expect((await send(own, chatId)).status).toBe(200);
  });

  test('thirty a second overall, and more in the paid lane', async () => {
    const own = await start({ paidPerSecond: 5 });
    const people = await readers(own, 36);
    const statuses: number[] = [];
    for (const person of people.slice(0, 31)) statuses.push((await send(own, person.id)).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(30);
    expect(statuses.at(-1)).toBe(429);

    const paid: number[] = [];
    for (const person of people.slice(30)) {
      paid.push((await send(own, person.id, { allow_paid_broadcast: true })).status);
    }
    expect(paid).toEqual([200, 200, 200, 200, 200, 429]);
    expect(own.paidMessages).toBe(5);
    clock.advance(1000);
    expect((await send(own, people[35]?.id ?? 0)).status).toBe(200);
  });

  test('twenty a minute in a channel, edits included', async () => {
    const own = await start(true);
    const [editor] = await readers(own, 1);
    const channel = own.createChannel({ title: 'نشرة' });
    if (editor) channel.addBot({ by: editor });
    const first = await send(own, channel.id);
    expect(first.status).toBe(200);
    for (let n = 1; n < 20; n++) {
      clock.advance(1000);
      const { status } = await rawCall(own, 'editMessageText', {
        chat_id: channel.id,
        message_id: 1,
        text: `خبر ${n}`,
      });
      expect(status).toBe(200);
    }
    clock.advance(1000);
    const { body } = await send(own, channel.id);
    expect(body.parameters).toEqual({ retry_after: 40 });
    clock.advance(40_000);
    expect((await send(own, channel.id)).status).toBe(200);
  });

  test('a refused message costs nothing', async () => {
    const own = await start({ perSecond: 1 });
    const [blocked, reader] = await readers(own, 2);
    blocked?.block();
    expect((await send(own, blocked?.id ?? 0)).status).toBe(403);
    expect((await send(own, reader?.id ?? 0)).status).toBe(200);
  });
});
