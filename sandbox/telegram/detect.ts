// Finds what Telegram marks up by itself in a text: mentions, commands, hashtags, cashtags, links, e-mail, cards.
// Who says so: TDLib, find_entities and match_* in td/telegram/MessageEntity.cpp. Phone numbers are left to the server.
import { codePoints, sortEntities, withoutIntersecting, type Entity } from './entity.ts';

/** Letters and digits as TDLib counts them: combining marks, tashkeel among them, end a hashtag. */
const tagChar = String.raw`\p{L}\p{Nd}_\u200c\u00b7\u0d80-\u0dff`;
const wordChar = String.raw`\p{L}\p{N}_`;

const mention = new RegExp(String.raw`(?<![${wordChar}])@([A-Za-z0-9_]{2,32})(?![${wordChar}])`, 'gu');
const command = new RegExp(
  String.raw`(?<![${wordChar}/<>])/[A-Za-z0-9_]{1,64}(?![A-Za-z0-9_])(?:@[A-Za-z0-9_]{3,32})?(?![${wordChar}/<>@])`,
  'gu',
);
const hashtag = new RegExp(String.raw`(?<![${tagChar}])#([${tagChar}]{1,256})[${tagChar}]*(?!#)(?![${tagChar}])`, 'gu');
const cashtag = new RegExp(String.raw`(?<![${tagChar}$])\$(?:1INCH|[A-Z]{1,8})(?![${tagChar}$])`, 'gu');
const card = /(?<![.,+\-_\p{L}\d])\d(?:[ -]?\d){12,18}(?![\d\-_\p{L}])/gu;
const ownUrl = /(?:tg|ton):\/\/[A-Za-z0-9_-]{1,253}(?:[/?#][^\s\u2000-\u200b\u200e\u200f\u2016-\u206f<>«»"]*)?/giu;

const domainChar = String.raw`\p{L}\p{M}\p{N}_~\-`;
const url = new RegExp(
  String.raw`(?<![${domainChar}@/#.])(?:(?:https?|ftp)://)?(?:[^\s/\[\]{}()'\x60<>"@«»]+@)?` +
    String.raw`(?:[${domainChar}]+\.)+[${domainChar}]+(?::\d{1,5})?` +
    String.raw`(?:[/?#][^\s\u2000-\u200b\u200e\u200f\u2016-\u206f<>«»"]*)?`,
  'giu',
);
const email =
  /^(?:[a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}@(?:(?:[a-z0-9][a-z0-9_-]{0,28})?[a-z0-9]\.){1,6}[a-z]{2,8}$/i;

const shortMentions = new Set(['gif', 'vid', 'pic']);

/** Without `http://` a link is only taken under a common ending; TDLib has a long list, this is its useful part. */
const commonEndings = new Set(
  (
    'com org net edu gov mil int info biz name pro aero coop museum mobi tel travel jobs cat asia post arpa ' +
    'app dev io ai co me tv cc ly gg fm am to sh so xyz top site online store shop blog news press media page ' +
    'live video club world today agency digital design tech cloud email link click press radio report reviews ' +
    'social space studio team tools website wiki works zone one ' +
    'ae af al at au az ba bd be bg bh br by ca ch cl cn cy cz de dj dk dz ee eg er es et eu fi fr gb ge gr hk hr hu ' +
    'id ie il in iq ir is it jo jp ke kg km kr kw kz lb lk lt lu lv ma md mk ml mr mt mx my ne ng nl no nz om pe ph ' +
    'pk pl ps pt qa ro rs ru sa sd se sg si sk sn sy td tj tm tn tr tw ua ug uk us uz vn ye za рф укр'
  ).split(' '),
);

export function findEntities(text: string): Entity[] {
  const found: Entity[] = [];
  const add = (type: Entity['type'], offset: number, value: string): void => {
    if (value.length > 0) found.push({ type, offset, length: value.length });
  };

  if (text.includes('@')) {
    for (const match of text.matchAll(mention)) {
      const name = match[1] ?? '';
      if (name.length >= 4 || shortMentions.has(name.toLowerCase())) add('mention', match.index, match[0]);
    }
  }
  if (text.includes('/')) for (const match of text.matchAll(command)) add('bot_command', match.index, match[0]);
  if (text.includes('#')) {
    for (const match of text.matchAll(hashtag)) {
      const tag = match[1] ?? '';
      if (/\p{L}/u.test(tag)) add('hashtag', match.index, `#${tag}`);
    }
  }
  if (text.includes('$')) for (const match of text.matchAll(cashtag)) add('cashtag', match.index, match[0]);
  for (const match of text.matchAll(card)) {
    if (isCardNumber(match[0].replaceAll(/\D/g, ''))) add('bank_card_number' as Entity['type'], match.index, match[0]);
  }
  if (text.includes('://')) {
    for (const match of text.matchAll(ownUrl)) add('url', match.index, trimTail(match[0]));
  }
  if (text.includes('.')) {
    for (const match of text.matchAll(url)) {
      if (email.test(match[0])) add('email', match.index, match[0]);
      else add('url', match.index, checkedUrl(match[0]));
    }
  }

  sortEntities(found);
  return withoutIntersecting(found);
}

const trimTail = (value: string): string => value.replace(/[.:;,('?!`]+$/u, '');

/** The part of `candidate` that is a URL, or an empty string. */
function checkedUrl(candidate: string): string {
  const [, scheme = '', authority = '', tail = ''] = /^((?:https?|ftp):\/\/)?([^/?#]*)(.*)$/isu.exec(candidate) ?? [];
  const path = trimTail(balanced(tail));
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  const parts = host.split('.');
  if (parts.length < 2 || parts.some((part) => part === '' || part.length >= 64 || part.endsWith('-'))) return '';
  const wellFormed = `${scheme}${authority}${path.length > 1 || path === '/' ? path : ''}`;
  if (parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/.test(part))) {
    return wellFormed;
  }
  if (/^[\d.]+$/.test(host)) return '';
  const ending = parts.at(-1) ?? '';
  if (codePoints(ending) <= 1) return '';
  if (ending.startsWith('xn--')) return /^xn--[A-Za-z0-9]{2,}$/.test(ending) ? wellFormed : '';
  if (/[_-]/.test(ending) || (parts.at(-2) ?? '').includes('_')) return '';
  if (scheme === '' && !commonEndings.has(ending.toLowerCase())) return '';
  return wellFormed;
}

/** Cuts a path at the first bracket that closes what it did not open. */
function balanced(path: string): string {
  const depth = { '(': 0, '[': 0, '{': 0 };
  const opener = { ')': '(', ']': '[', '}': '{' } as const;
  for (const [index, char] of [...path.matchAll(/[()[\]{}]/g)].map((match) => [match.index, match[0]] as const)) {
    if (char in depth) depth[char as keyof typeof depth]++;
    else if (--depth[opener[char as keyof typeof opener]] < 0) return path.slice(0, index);
  }
  return path;
}

/** Luhn's sum, and the lengths the known networks use. */
function isCardNumber(digits: string): boolean {
  const sum = digits
    .split('')
    .reverse()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  if (sum % 10 !== 0) return false;
  if (digits.startsWith('4')) return [13, 16, 18, 19].includes(digits.length);
  if (/^(?:5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))/.test(digits)) return digits.length === 16;
  if (/^3[47]/.test(digits)) return digits.length === 15;
  if (/^(?:62|81)/.test(digits)) return digits.length >= 16;
  if (/^220[0-4]/.test(digits)) return digits.length === 16;
  return true;
}
