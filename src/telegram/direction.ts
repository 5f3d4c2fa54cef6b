// Keeps a name that is put into a line from turning the line around, or from being turned around by it.
import { isolate, isRtl } from '../lib/text.ts';

export type Direction = 'rtl' | 'ltr';

export function directionOf(language: string): Direction {
  return isRtl(language) ? 'rtl' : 'ltr';
}

const scripts = ['Arabic', 'Hebrew', 'Syriac', 'Thaana', 'Nko', 'Adlam'].map((name) => `\\p{Script=${name}}`).join('');
const rtlLetter = `[[${scripts}]&&\\p{L}]`;
const ltrLetter = `[\\p{L}--[${scripts}]]`;

/**
 * Nothing to keep apart: no letter of the other direction, and in a right-to-left line a letter at both ends, because
 * signs and digits there would join their neighbours ("غزة 24 · 5 حزيران").
 */
const atHome: Readonly<Record<Direction, RegExp>> = {
  rtl: new RegExp(`^(?!.*${ltrLetter})${rtlLetter}(.*[${rtlLetter}\\p{M}])?$`, 'sv'),
  ltr: new RegExp(`^(?!.*${rtlLetter})`, 'sv'),
};

/** `text` as a part of a line of `direction`: in isolates, unless it has that direction through and through. */
export function settle(text: string, direction: Direction): string {
  const own = text.replaceAll(/[\u202A-\u202E\u2066-\u2069]/g, '');
  return own === '' || atHome[direction].test(own) ? own : isolate(own);
}
