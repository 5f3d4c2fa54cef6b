import { expect, test } from 'vitest';
import { createFetch } from '../../src/lib/http.ts';
import { createFetchPicture } from '../../src/telegram/fetch-picture.ts';
import { png } from '../sandbox/telegram/support.ts';
import { answer, endless, type Handler, redirect, useWebServer } from '../support/web-server.ts';

const web = useWebServer();
const fetchPicture = createFetchPicture(createFetch({ allowPrivateNetwork: true, userAgent: 'Nashra/test' }));

const head = (text: string): Uint8Array => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(40)]);

test.each<[fileName: string, bytes: Uint8Array]>([
  ['picture.png', png(30, 20)],
  ['picture.jpg', head('\xFF\xD8\xFF\xE0')],
  ['picture.webp', head('RIFF\x10\x00\x00\x00WEBPVP8 ')],
  ['picture.gif', head('GIF89a')],
  ['picture.bmp', head('BM\x36\x00\x00\x00\x00\x00\x00\x00')],
])('%s is known by its first bytes, whatever its server says', async (fileName, bytes) => {
  const url = web.on('/a', answer(bytes, { 'content-type': 'text/html' }));

  const picture = await fetchPicture(url);

  expect(picture?.fileName).toBe(fileName);
  expect(Buffer.from(picture?.bytes ?? []).equals(bytes)).toBe(true);
});

test('a picture that has moved is found', async () => {
  web.on('/b', answer(png(30, 20)));

  expect((await fetchPicture(web.on('/a', redirect('/b'))))?.fileName).toBe('picture.png');
});

test.each<[name: string, handler: Handler]>([
  ['a page', answer('<html></html>', { 'content-type': 'image/jpeg' })],
  ['a drawing', answer('<svg xmlns="http://www.w3.org/2000/svg"></svg>', { 'content-type': 'image/svg+xml' })],
  ['nothing', answer('', { 'content-type': 'image/png' })],
  ['an error, though it is a picture', answer(png(30, 20), { 'content-type': 'image/png' }, 404)],
  ['more than Telegram takes', answer(Buffer.concat([png(30, 20), Buffer.alloc(10 * 1024 * 1024)]))],
  ['what has no end', endless(Buffer.alloc(1024 * 1024))],
  ['a broken connection', (response) => response.destroy()],
])('%s is no picture', async (_name, handler) => {
  expect(await fetchPicture(web.on('/a', handler))).toBeUndefined();
});

test('an address that is none is no picture', async () => {
  expect(await fetchPicture('file:///etc/passwd')).toBeUndefined();
});
