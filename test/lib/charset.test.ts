import { describe, expect, test } from 'vitest';
import { charsetOfContentType, decodeText } from '../../src/lib/charset.ts';

const sentence = 'افتتحت البلدية مكتبة جديدة في الحي القديم';

/** `text` in a single-byte charset, by asking the decoder what each byte means. */
function encode(text: string, charset: string): Uint8Array {
  const bytes = new Map<string, number>();
  for (let byte = 255; byte >= 0; byte -= 1) bytes.set(new TextDecoder(charset).decode(Uint8Array.of(byte)), byte);
  return Uint8Array.from(text.split('').map((character) => bytes.get(character) ?? 0x3f));
}

function utf16(text: string, { bigEndian = false, mark = true } = {}): Uint8Array {
  const bytes = Buffer.from(mark ? `\uFEFF${text}` : text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

describe('decodeText', () => {
  test.each<[string, Uint8Array, string | null]>([
    ['UTF-8', Buffer.from(`<p>${sentence}</p>`), null],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF<p>${sentence}</p>`), 'text/xml; charset=windows-1256'],
    ['UTF-8 under a wrong header', Buffer.from(`<p>${sentence}</p>`), 'text/html; charset=windows-1256'],
    ['UTF-16, little end first', utf16(`<p>${sentence}</p>`), null],
    ['UTF-16, big end first', utf16(`<p>${sentence}</p>`, { bigEndian: true }), null],
    ['UTF-16 without a mark', utf16(`<p>${sentence}</p>`, { mark: false }), null],
    ['UTF-16 without a mark, big end first', utf16(`<p>${sentence}</p>`, { mark: false, bigEndian: true }), null],
    ['windows-1256 by the header', encode(`<p>${sentence}</p>`, 'windows-1256'), 'text/html; charset="windows-1256"'],
    [
      'windows-1256 under a Western header',
      encode(`<p>${sentence}</p>`, 'windows-1256'),
      'text/html; charset=ISO-8859-1',
    ],
    [
      'windows-1256 under a header that claims UTF-8',
      encode(`<p>${sentence}</p>`, 'windows-1256'),
      'text/html; charset=utf-8',
    ],
    ['windows-1256 without any label', encode(`<p>${sentence}</p>`, 'windows-1256'), null],
    ['windows-1256 under an unknown label', encode(`<p>${sentence}</p>`, 'windows-1256'), 'text/html; charset=our-own'],
    ['iso-8859-6 by the header', encode(`<p>${sentence}</p>`, 'iso-8859-6'), 'text/html; charset=iso-8859-6'],
  ])('reads %s', (_what, bytes, contentType) => {
    expect(decodeText(bytes, contentType)).toBe(`<p>${sentence}</p>`);
  });

  test.each([
    `<?xml version="1.0" encoding="windows-1256"?><p>${sentence}</p>`,
    `<html><head><meta charset=windows-1256><title>${sentence}</title>`,
    `<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1256"><p>${sentence}`,
  ])('believes the document over a Western header: %s', (text) => {
    expect(decodeText(encode(text, 'windows-1256'), 'text/html; charset=iso-8859-1')).toBe(text);
  });

  test('reads Western text without a label', () => {
    expect(decodeText(encode('Un été à Beyrouth, déjà', 'windows-1252'), null)).toBe('Un été à Beyrouth, déjà');
  });

  test('keeps UTF-8 with one scratch readable', () => {
    const bytes = Buffer.concat([Buffer.from(sentence), Buffer.from([0xd8]), Buffer.from(`. ${sentence}`)]);
    expect(decodeText(bytes, 'text/html; charset=utf-8')).toBe(`${sentence}\uFFFD. ${sentence}`);
  });

  test('reads nothing as nothing', () => {
    expect(decodeText(new Uint8Array(), null)).toBe('');
  });
});

test.each([
  ['text/html; charset=utf-8', 'utf-8'],
  ['text/xml;charset="windows-1256"', 'windows-1256'],
  ["text/xml; foo=bar; CharSet='x'", 'x'],
  ['text/html', undefined],
  [null, undefined],
])('the charset of %s is %s', (contentType, charset) => {
  expect(charsetOfContentType(contentType)).toBe(charset);
});
