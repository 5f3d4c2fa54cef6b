import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmulator, type Emulator } from '../../../sandbox/telegram/emulator.ts';
import type { Fault } from '../../../sandbox/telegram/faults.ts';
import type { EmulatedUser } from '../../../sandbox/telegram/user.ts';
import { handClock } from './support.ts';

describe('an answer that is spoilt although the message has come', () => {
  let emulator: Emulator;
  let reader: EmulatedUser;
  beforeEach(async () => {
    emulator = await startEmulator();
    reader = emulator.createUser({ firstName: 'سلمى', hasStarted: true });
  });
  afterEach(async () => {
    await emulator.close();
  });

  async function send(fault: Fault, signal?: AbortSignal): Promise<Response> {
    emulator.fail({ times: 1, fault });
    return fetch(`${emulator.apiRoot}/bot${emulator.token}/sendMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: reader.id, text: 'خبر' }),
      ...(signal ? { signal } : {}),
    });
  }
  const received = (): (string | undefined)[] => reader.messages().map((message) => message.text);

  test.each([
    ['truncated', SyntaxError],
    ['empty', SyntaxError],
    ['reset-during', TypeError],
  ] as const)('%s is no JSON to the bot', async (fault, error) => {
    const response = await send(fault);
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow(error);
    expect(received()).toEqual(['خبر']);
  });

  test('of another shape is JSON, and no message', async () => {
    expect(await (await send('wrong-shape')).json()).toEqual({ ok: true, result: ['what?'] });
    expect(received()).toEqual(['خبر']);
  });

  test('a call may count and yet never be answered', async () => {
    const patience = new AbortController();
    const hanging = send('hang-after', patience.signal);
    await emulator.waitFor(() => received().length === 1);
    patience.abort();
    await expect(hanging).rejects.toThrow('aborted');
  });

  test('byte by byte it is whole in the end', async () => {
    const response = await send({ trickleMs: 0 });
    expect(await response.json()).toMatchObject({ ok: true, result: { text: 'خبر' } });
  });

  test('byte by byte it may take longer than anybody waits', async () => {
    const clock = handClock();
    await using slow = await startEmulator({ clock });
    slow.fail({ times: 1, fault: { trickleMs: 1000 } });
    const response = await fetch(`${slow.apiRoot}/bot${slow.token}/getMe`);
    const { value } = (await response.body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toBe('{');
  });

  test('a fault may wait for its turn', async () => {
    emulator.fail({ method: 'getMe', times: 1, after: 2, fault: { status: 500 } });
    const ask = async (): Promise<number> => (await fetch(`${emulator.apiRoot}/bot${emulator.token}/getMe`)).status;
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 500, 200]);
  });
});
