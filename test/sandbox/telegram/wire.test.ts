import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmulator, type Emulator } from '../../../sandbox/telegram/emulator.ts';
import type { EmulatedUser } from '../../../sandbox/telegram/user.ts';
import { rawCall } from './support.ts';

let emulator: Emulator;
let reader: EmulatedUser;

beforeEach(async () => {
  emulator = await startEmulator();
  reader = emulator.createUser({ firstName: 'سلمى' });
  await reader.send('/start');
});
afterEach(async () => {
  await emulator.close();
});

const at = (path: string, init?: RequestInit): Promise<Response> => fetch(`${emulator.apiRoot}${path}`, init);

describe('routes', () => {
  const cases: [path: () => string, status: number, description: string][] = [
    [() => '/', 404, 'Not Found'],
    [() => `/bot${emulator.token}`, 404, 'Not Found'],
    [() => `/bot${emulator.token}/`, 404, 'Not Found'],
    [() => `/bot${emulator.token}/sendTelepathy`, 404, 'Not Found: method not found'],
    [() => '/bot1:AAA/getMe', 401, 'Unauthorized'],
    [() => '/botabc/getMe', 401, 'Unauthorized: invalid token specified'],
    [() => `/file/bot${emulator.token}/photos/none.jpg`, 404, 'Not Found'],
    [() => '/file/bot1:AAA/photos/none.jpg', 401, 'Unauthorized'],
  ];
  test.each(cases)('%s', async (path, status, description) => {
    const response = await at(path());
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ ok: false, error_code: status, description });
  });

  test('method names have no case', async () => {
    const response = await at(`/bot${emulator.token}/GETME`);
    expect(await response.json()).toMatchObject({ ok: true, result: { id: 110201543, is_bot: true } });
  });
});

describe('arguments', () => {
  const result = { ok: true, result: { text: 'خبر & غيره', reply_markup: { inline_keyboard: [[{ text: 'x' }]] } } };
  const markup = { inline_keyboard: [[{ text: 'x', callback_data: 'x' }]] };
  const fields = (): Record<string, string> => ({
    chat_id: String(reader.id),
    text: 'خبر & غيره',
    reply_markup: JSON.stringify(markup),
  });

  test('in the query string', async () => {
    const query = new URLSearchParams(fields());
    expect(await (await at(`/bot${emulator.token}/sendMessage?${query.toString()}`)).json()).toMatchObject(result);
  });

  test('as a form', async () => {
    const init = { method: 'POST', body: new URLSearchParams(fields()) };
    expect(await (await at(`/bot${emulator.token}/sendMessage`, init)).json()).toMatchObject(result);
  });

  test('as multipart', async () => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields())) body.set(name, value);
    const init = { method: 'POST', body };
    expect(await (await at(`/bot${emulator.token}/sendMessage`, init)).json()).toMatchObject(result);
  });

  test('as JSON, with objects as objects or as strings', async () => {
    for (const reply_markup of [markup, JSON.stringify(markup)]) {
      const { body } = await rawCall(emulator, 'sendMessage', { ...fields(), reply_markup });
      expect(body).toMatchObject(result);
    }
    expect(emulator.calls('sendMessage').map((call) => call.params['reply_markup'])).toEqual([markup, markup]);
  });

  test('what is no UTF-8 is refused', async () => {
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    };
    expect(await (await at(`/bot${emulator.token}/sendMessage`, init)).json()).toMatchObject({
      description: 'Bad Request: strings must be encoded in UTF-8',
    });
  });
});

test('a given port is used, and closing frees it', async () => {
  const { port } = new URL(emulator.apiRoot);
  await emulator.close();
  await using again = await startEmulator({ port: Number(port) });
  expect(again.apiRoot).toBe(emulator.apiRoot);
});

test('calls are kept bounded, or not at all, when asked', async () => {
  await using few = await startEmulator({ recordCalls: 2 });
  for (let n = 0; n < 7; n++) await rawCall(few, 'getMe', { n });
  expect(few.calls().map((call) => call.params['n'])).toEqual([5, 6]);
  await using none = await startEmulator({ recordCalls: false });
  await rawCall(none, 'getMe');
  expect(none.calls()).toEqual([]);
});
