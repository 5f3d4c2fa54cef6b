// The words by which a paragraph gives itself away as part of the page and not of the article.
// Patterns are matched against the normal form of lib/arabic.ts: no tashkeel, alefs without hamza, lower case.
import { collapseWhitespace } from '../lib/text.ts';
import { normalizeArabic, words } from '../lib/arabic.ts';
import { isNotice } from './notices.ts';

/** A paragraph with what the rules ask about it, computed once. */
export interface Paragraph {
  text: string;
  normal: string;
  wordCount: number;
  /** Ends as a sentence does. Two dots are a dash in headlines, not an end. */
  ends: boolean;
}

export function paragraph(text: string): Paragraph {
  const normal = collapseWhitespace(normalizeArabic(text));
  return {
    text,
    normal,
    wordCount: words(text).length,
    ends: endsSentence(text),
  };
}

export function endsSentence(text: string): boolean {
  return /(?:(?<!\.)\.|\.{3}|[!?؟…。।۔])[\s»”’"')\]]*$/u.test(text.slice(-40));
}

/** Surely written text: kept whatever it begins with, unless a rule knows the very phrase. */
export function isProse({ ends, wordCount }: Paragraph): boolean {
  return ends && wordCount >= 6;
}

/** A link, a button or a heading, as they stand in lists; long lines without a stop may be written text. */
export function isListLike(each: Paragraph): boolean {
  if (/[?؟][\s»”"]*$/u.test(each.text)) return each.wordCount <= 14;
  return each.wordCount <= 20 && !isProse(each);
}

const end = String.raw`\s*[:：.…\-–—«»|]*$`;

const listHeading = new RegExp(
  `^(?:(?:مقالات|اخبار|مواضيع|موضوعات|مواد|تقارير|قصص|روابط) (?:متعلقة|ذات صلة|مشابهة|مرتبطة|مقترحة)|ذات صلة|متعلقات
  |قد (?:يهمك|يهمكم|يعجبك|يعجبكم)(?: ايضا)?|(?:الاكثر|اكثر) (?:قراءة|مشاهدة|تداولا|تفاعلا)|المزيد(?: من الاخبار)?
  |اخر الاخبار|اخترنا لك|مختارات|(?:اقرا|اقراي|شاهد|طالع|انظر|تابع) (?:ايضا|المزيد|كذلك)|اقرا في الموقع
  |related(?: (?:articles?|posts?|stories|news|topics|content|coverage|links))?|(?:read|see|watch) (?:also|more|next)
  |also read|more (?:stories|news)|most (?:read|popular|viewed)|you (?:may|might) (?:also )?like|recommended(?: for you)?
  |latest news|trending(?: now)?|up next|keep reading|about the author|written by .{1,60}|responses(?: \\(\\d+\\))?|more from .{1,30}|(?:نبذة )?عن (?:الكاتب|المؤلف)ة?|read next|more on this story|suggested topics
  |(?:a )?lire aussi|sur le meme sujet|les plus lus|lesen sie auch|mehr zum thema|meistgelesen|lee tambien|mas informacion
  |lo mas leido|leggi anche|ilgili haber(?:ler)?|bunlar da ilginizi cekebilir|sizin icin onerilenler|en cok okunanlar)`.replaceAll(
    /\n\s*/g,
    '',
  ) + end,
  'u',
);
const closeButton = /^[×✕✖❌x]$/u;
const tagHeading = new RegExp(
  `^(?:tag icon|tags?|tagged|الوسوم|وسوم|اوسمة|كلمات (?:مفتاحية|دلالية)|الكلمات (?:المفتاحية|الدلالية))${end}`,
  'u',
);

/** Begins a list of links, buttons or tags that does not belong to the article. */
export function beginsList({ normal }: Paragraph): boolean {
  return listHeading.test(normal) || closeButton.test(normal) || tagHeading.test(normal) || isNeighbor.test(normal);
}

const isNeighbor = new RegExp(
  `^(?:ال(?:خبر|مقال|مقالة|موضوع|مادة|تدوينة) (?:السابق|التالي)ة?|(?:previous|next) (?:article|post|story))${end}`,
  'u',
);
const neighbor =
  /^(?:ال(?:خبر|مقال|مقالة|موضوع|مادة|تدوينة) (?:السابق|التالي)ة?|(?:previous|next) (?:article|post|story))(?!\p{L})/u;
const readAlso =
  /^[^\p{L}]*(?:(?:اقرا|اقراي|اقراوا|شاهد|طالع|انظر|تابع|راجع) (?:ايضا|المزيد|كذلك)|(?:read|see|watch) (?:also|more|next)|also read|(?:[aà] )?lire aussi|lesen sie auch|lee tambi[eé]n|leggi anche|[iı]̇?lg[iı]̇?l[iı]̇? haber(?:ler)?|related(?: \p{L}+)?|للمزيد|ذات صلة|قد يهمك(?: ايضا)?)(?!\p{L})\s*(?<mark>[:：|\-–—«»>])?/u;

/** "Read also: headline", or the same without a colon where the line is no sentence. */
function isReadAlso({ normal, wordCount, ends }: Paragraph): boolean {
  const match = readAlso.exec(normal);
  if (!match) return false;
  return match.groups?.['mark'] === undefined ? !ends && wordCount <= 25 : wordCount <= 30;
}

const lineDebris = [
  /^(?:[ع] ?){2,}$/u,
  /^(?:a ?[+-]? ?){2,4}$/u,
  /^[+\-–|/\\•·*#<>«»:. ]+$/u,
  /^(?:حجم الخط|font size|text size)(?!\p{L})/u,
  /^(?:camera|photo|video|tag|share|print|close|user|clock|calendar) icon$/u,
  /^(?:tags?|tagged|الوسوم|وسوم|كلمات (?:مفتاحية|دلالية)|الكلمات (?:المفتاحية|الدلالية)|tag icon)\s*[:：]/u,
  /^(?:advertisement|sponsored|اعلان|اعلانات|مساحة اعلانية)$/u,
  /^(?:(?:تابع|اكمل|واصل) القراءة(?: (?:بعد|اسفل) الاعلان)?|continue reading|(?:article|story) continues)(?: (?:below|after) .{0,30})?$/u,
  /^(?:اخر تحديث|تاريخ النشر|نشرت? في|وقت القراءة|مدة القراءة|published|updated|last updated|posted on)(?: on| at)?\s*[:：]?.{0,50}\d.{0,30}$/u,
  /^(?:temps de lecture|lesezeit|tiempo de lectura|okuma suresi|okuma süresi|reading time)(?!\p{L})/u,
  /^(?:publi[eé]e?s? le|mis a jour|mis à jour|modifi[eé]e? le|ver[oö]ffentlicht|aktualisiert|publicado|actualizado|g[uü]ncelleme|yay[iı]nlanma).{0,60}\d/u,
  /^(?:to view this video please enable javascript|your browser does not support|this (?:video|content) (?:is not available|cannot be displayed))/u,
  /^\d{1,2}:\d{2}(?: ?[ap]\.?m\.?)?$/u,
  /^(?:استمع|listen)(?: (?:الي|to) .{1,20})? ?[\d: /]{3,20}$/u,
  /^(?:gift this article|listen to this article|استمع الي (?:المقال|الخبر)|artikel anhoren|artikel anhören|ecouter l'article|escuchar)(?!\p{L})/u,
  /^\d+ (?:min(?:ute)?s? read|دقائق|دقيقة)(?: قراءة)?$/u,
  /^(?:(?:اترك|اتركي|اضف|اكتب) (?:تعليق|رد)|لا توجد تعليقات|leave a (?:comment|reply)|post a comment|join the conversation)/u,
  /^(?:التعليقات|تعليقات|comments?)\s*[:：]?\s*\(?\d*\)?$/u,
  /^\d+ (?:تعليقات?|تعليق|comments?)$/u,
];

/** A line of copyright has stops in it. */
const hasSeveralSentences = /^(?!\s*(?:©|copyright)).*[.!?؟۔]\s+\S/isu;
const commentForm = /^(?:لن يتم نشر عنوان بريدك|your email address will not be published)/u;
const syndicated = /^(?:the post .{1,300} appeared first on |ظهرت? (?:المقالة?|التدوينة|الموضوع) .{1,300} اولا علي )/u;

// Each is an address to the reader. Plain verbs of news ("ساهم", "تبرع", "تابع") need the word that makes them one.
const appeal =
  /^[^\p{L}]*(?:ادعم(?:وا|ونا|نا)?|ساهم(?:وا)? (?:معنا|الان|في دعم|بدعم)|تبرع(?:وا)? (?:الان|لنا|لدعم)|(?:اضغط|انقر) هنا|اشترك(?:وا)? (?:الان|معنا|مجانا|في (?:نشرتنا|قناتنا|النشرة|القناة|خدمة|القائمة))|انضم(?:وا)? الي (?:قناتنا|قناة|مجموعتنا|نشرتنا)|تابعونا|تابعنا علي|تابعوا (?:صفحتنا|قناتنا|حساباتنا)|حمل(?:وا)? تطبيق|دولار واحد|(?:بضعة|خمسة|عشرة) دولارات|كن (?:شريكا|داعما)|donate|support (?:us|our|independent|quality)|become a (?:member|supporter|subscriber)|subscribe|sign up (?:for|to|now)|join our|follow us|download (?:the|our) app|click here to|one dollar|get (?:the|our) .{0,30}newsletter)(?!\p{L})/u;
const plainAppeal =
  /^[^\p{L}]*(?:(?:اضغط|انقر) هنا ل|اشترك(?:وا)? في (?:نشرتنا|قناتنا|النشرة)|تابعونا علي|(?:subscribe to|sign up (?:for|to)) (?:our|the) .{0,40}(?:newsletter|channel)|follow us on|(?:support|donate to) (?:us|our|independent|quality) .{0,20}(?:journalism|newsroom|reporting)|click here to (?:donate|subscribe|contribute|support))/u;

/** A request for money, a subscription or a following. */
export function isAppeal(each: Paragraph): boolean {
  if (plainAppeal.test(each.normal)) return each.wordCount <= 30;
  // "دولار واحد يساوي …." is news when it is a sentence.
  return appeal.test(each.normal) && !isProse(each) && each.wordCount <= 20;
}

// Unlike an appeal these also open sentences of news, so they count only at the beginning of a line with a link in it.
const invitation =
  /^[^\p{L}]*(?:subscribe|sign up|join (?:our|us|the conversation)|follow (?:us|him|her|me|them|\p{L}+ (?:on|at))|click here|get (?:our|the|all the) .{0,40}(?:newsletters?|inbox|delivered|updates)|have a (?:news )?tip|(?:email|contact|reach|write to) (?:us|the (?:writers?|authors?|reporters?|editors?))|download (?:the|our)|support (?:our|us)|listen to|watch (?:the|our|more)|read (?:the|more|our|about|next)|for more (?:news|stories)|this (?:post|article) (?:may|might) contain|see also|more from|اشترك|اشتركوا|تابعونا|تابعوا|تابعنا|انضم|انضموا|اضغط هنا|انقر هنا|للاشتراك|لمتابعة|للمزيد|لمزيد من|حمل تطبيق|حملوا تطبيق|يمكنكم متابعة|يمكنك متابعة|شاهد|اقرا)(?!\p{L})/u;

/** A line that sends its reader elsewhere: to a newsletter, a channel, the writer, another article. */
export function isInvitation({ normal }: Paragraph): boolean {
  return invitation.test(normal.slice(0, 300));
}

const readerOffer =
  /(?<!\p{L})(?:newsletters?|subscribe|sign up|your inbox|follow (?:him|her|us|me|them)|نشرتنا|النشرة البريدية|قناتنا|تابعونا|اشتركوا|تطبيقنا)(?!\p{L})/u;

/** A line that speaks to readers of what they can get; to be asked only of the last lines of a text. */
export function offersToReaders({ normal }: Paragraph): boolean {
  return readerOffer.test(normal);
}

/** What an appeal's first lines speak about, before they ask. */
export function speaksOfSupport({ normal }: Paragraph): boolean {
  return /(?:صحاف|اعلام|مستقل|دعم|تبرع|مساهم|journalis|independent|support|donat|membership|newsroom)/u.test(normal);
}

const shareWords = new Set(
  words(`share tweet facebook twitter x whatsapp telegram linkedin pinterest reddit email mail print copy link messenger
    viber instagram youtube threads bluesky pocket sms شارك شاركها شاركوا شاركنا مشاركة المشاركة للمشاركة فيسبوك الفيسبوك
    تويتر تغريد واتساب واتس اب تلغرام تليغرام تيليجرام تيليغرام تلجرام لينكدإن لينكد إن انستغرام إنستغرام يوتيوب ماسنجر
    بينتيريست فايبر طباعة اطبع نسخ الرابط إيميل البريد الإلكتروني`),
);
const shareFiller = new Set(
  words(
    'on via this the article story post to a in new window opens على عبر هذا هذه المقال الخبر الموضوع المقالة انقر اضغط فتح في نافذة جديدة أرسل حفظ',
  ),
);

function isShareWidget({ normal, wordCount }: Paragraph): boolean {
  if (wordCount === 0 || wordCount > 60) return false;
  const all = words(normal);
  return all.some((word) => shareWords.has(word)) && all.every((word) => shareWords.has(word) || shareFiller.has(word));
}

/** A part of the page by itself, wherever it stands. */
export function isClutter(each: Paragraph): boolean {
  const { normal, wordCount } = each;
  if (normal === '' || isAppeal(each) || isReadAlso(each) || isShareWidget(each)) return true;
  // Of a paragraph with more than the notice, the rest is the article's.
  if (!hasSeveralSentences.test(each.text) && isNotice(each)) return true;
  if (syndicated.test(normal) || commentForm.test(normal)) return true;
  if (isProse(each)) return false;
  return wordCount <= 25 && (neighbor.test(normal) || lineDebris.some((pattern) => pattern.test(normal)));
}

const agency = String.raw`(?:وكالات|الوكالات|رويترز|سانا|فرانس برس|اسوشيتد برس|الاناضول|سبوتنيك|قنا|واس|وام|بترا|ا\.? ?ف\.? ?ب\.?|د\.? ?ب\.? ?ا\.?|ا\.? ?ب\.?|reuters|afp|ap|dpa|agencies)`;
const agencies = String.raw`(?:(?:وكالة|مواقع|المصدر\s*[:：]?|source\s*[:：]) ?)?${agency}(?:\s*[+/،,&و\-]\s*(?:و?${agency}|مواقع))*`;
const signature = new RegExp(
  String.raw`^[(\[]?(?:${agencies}|(?:المصدر|source)\s*[:：].{1,80}|(?:تحرير|اعداد|ترجمة|تصوير)\s*[:：].{1,60}|(?:(?:additional )?(?:reporting|writing|editing)|compiled) by .{1,250}|contributing: .{1,120})[)\].\s]*$`,
  'u',
);
const finalAgency = /[\s.]*[([]\s*(?<name>[^()[\]]{2,40})\s*[)\]][\s.]*$/u;
const onlyAgencies = new RegExp(`^${agencies}$`, 'u');

/** The agency's or the desk's name below the text. */
export function isSignature({ normal, wordCount }: Paragraph): boolean {
  return wordCount <= 40 && signature.test(normal);
}

/** `text` without an agency in brackets at its end; its last sentence keeps its stop. */
export function withoutAgency(text: string): string {
  const match = finalAgency.exec(text);
  if (!match || !onlyAgencies.test(normalizeArabic(match.groups?.['name'] ?? '').trim())) return text;
  const stop = /[.!?؟…]/u.exec(match[0])?.[0] ?? '';
  return text.slice(0, match.index) + stop;
}
