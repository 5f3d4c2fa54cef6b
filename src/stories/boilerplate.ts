// Tells lines and sentences that belong to the page, or ask the reader for something, from those that tell the news.
// Patterns are matched against the normal form of lib/arabic.ts: no tashkeel, alefs without hamza, lower case.
import { beginsList, isAppeal, isClutter, isSignature, paragraph } from '../articles/clutter.ts';
import { isNotice } from '../articles/notices.ts';

/** Asks and notices are short; a longer sentence that has their words tells of something. */
const maxBoilerplateWords = 40;

// What only a publisher says of itself and its readers: "our newsletter", "your inbox".
const ours =
  pattern(`صحافتنا|نشرتنا|نشراتنا|قراونا|قرائنا|قارئنا|متابعينا|مشتركينا|تطبيقنا|قناتنا|قنواتنا|صفحتنا|صفحاتنا
  |مجموعتنا|حساباتنا|موقعنا|رحلتنا|عملنا|استمرارنا|معنا|لنا|بنا|تساعدنا|بريدك|بريدكم|تصلك|تصلكم|ليصلك|ليصلكم|لتصلك|لتصلكم
  |يصلك|يصلكم|دعمك|دعمكم|تبرعك|تبرعكم|تبرعاتكم|مساهمتك|مساهمتكم|اشتراكك|اشتراككم|اصدقائك|اصدقائكم|رايك|تعليقك|هاتفك|جوالك
  |تبرعات القرا|صحافة مستقلة|الصحافة المستقلة|صحافة حرة|الصحافة الحرة|في (?:ال)?نشرة|البريد الالكتروني|هنا|الرابط`);

// What a publisher asks of its readers. Most are also verbs in the past: they ask only beside one of `ours`.
const asks =
  pattern(`تبرع(?:وا)?|ساهم(?:وا)?|ساعدنا|ساعدونا|ادعم(?:وا)?|ادعمنا|ادعمونا|اشترك(?:وا)?|انضم(?:وا)?|تابعنا|تابعونا|سجل(?:وا)?|حمل(?:وا)?|نزل(?:وا)?|كن
  |كونوا|اضغط(?:وا)?|انقر(?:وا)?|شارك(?:وا)?|شاركنا|شاركونا|شاركها|ادخل(?:وا)?|ارسل(?:وا)?|انشر(?:وا)?|زوروا|تصفح(?:وا)?|احصل(?:وا)?|تلق|نحتاج|نعتمد
  |بفضل|بدولار|لا تفوت(?:وا)?|اكتب(?:وا)?|اترك(?:وا)?|نشكر`);

/** "Follow us" names where. */
const followUs = pattern(
  `(?:تابعونا|تابعنا|شاركونا) (?:علي|عبر)|(?:انشر|شارك|شاركوا|ارسل) (?:ها |ه |الخبر |المقال |هذا المقال |هذا الخبر )?(?:علي|عبر|مع) (?:فيس ?بوك|واتس ?اب|تويتر|تلي?غرام|اصدقا)`,
);
const englishAsk =
  /^[^\p{L}]*(?:please )?(?:(?:donate|subscribe|sign up|follow us|join us|stay (?:informed|updated|tuned))(?!\p{L})|(?:support|become|join|download|get|help|share|enjoy|like|read|love|consider).{0,60}(?:(?<!\p{L})our (?!own )|newsletter|journalism|newsroom|inbox|briefing|this (?:article|story|post)|whatsapp|telegram))/u;

/** Who is quoted may ask; a publisher that asks quotes nobody. */
const quoted = pattern(`قال|قالت|قالوا|يقول|تقول|اضاف|اضافت|اكد|اكدت|ذكر|ذكرت|اوضح|اوضحت|said|says|told`);

const notices = [
  pattern(`(?:لا|ولا) (?:تعبر|يعبر|تعكس|يعكس|تمثل|يمثل)(?: بالضرورة)? عن (?:راي|اراء|وجهة|موقف|سياسة)`),
  pattern(`(?:لا|ولا) (?:تعكس|يعكس|تمثل|يمثل) بالضرورة`),
  pattern(`(?:تعبر|يعبر) عن (?:راي|اراء|وجهة نظر) (?:كاتبه|كاتبها|كاتب|صاحبه|صاحبها|اصحابها)`),
  pattern(`do(?:es)? not (?:necessarily )?(?:reflect|represent) the (?:views|opinions?|position)`),
  pattern(`(?:all rights reserved|جميع الحقوق محفوظة|كل الحقوق محفوظة|الحقوق محفوظة)`),
  pattern(`(?:cookie|cookies) (?:policy|settings)|سياسة الخصوصية|شروط الاستخدام|ملفات تعريف الارتباط`),
  pattern(`(?:اضغط|اضغطوا|انقر|انقروا|اضغطي) (?:علي )?(?:هنا|الرابط|الصورة|زر)`),
];

/** What a line or a sentence begins with when it is a pointer, a caption, a byline or a widget, whatever follows. */
const openings = new RegExp(
  `^[^\\p{L}\\p{N}#]*(?:(?:اقرا|اقراوا|اقراي|اقرءوا|شاهد|شاهدوا|طالع|طالعوا|استمع|راجع|انظر)(?: (?:ايضا|المزيد|اكثر|كذلك))? ?[:|«.]
  |(?:اقرا|اقراوا|شاهد|شاهدوا|طالع|انظر) (?:ايضا|المزيد|اكثر|كذلك)|(?:مقالات|اخبار|مواضيع|موضوعات|تقارير) (?:ذات صلة|متعلقة|مشابهة|مرتبطة)
  |قد يهمك|قد يعجبك|للمزيد(?: من)?(?: ال)?(?:تفاصيل|اخبار|معلومات)? ?(?:اضغط|انقر|:)|ل(?:قراءة|مشاهدة|متابعة|لاطلاع|تحميل|لاشتراك|لتسجيل|لمشاركة) .{0,60}(?:اضغط|انقر|هنا|رابط)
  |(?:صورة|صور|لقطة) (?:ارشيفية|تعبيرية|توضيحية|من الارشيف|متداولة)|(?:تصوير|عدسة|المصور|المصدر|مصدر الصورة|تحرير|اعداد|ترجمة|بقلم|كتب|كتبت|تدقيق|مراجعة)(?: وترجمة| وتحرير| واعداد)? ?[:：/]
  |(?:الوسوم|وسوم|اوسمة|كلمات مفتاحية|الكلمات المفتاحية|كلمات دلالية|الكلمات الدلالية|تاغات) ?[:：]|(?:ع ){2}ع?(?!\\p{L})
  |(?:camera|photo|video|image|tag|share|print|user|clock) icon(?!\\p{L})|(?:read|see|watch) (?:also|more|next) ?[:|]?|also read|related ?:|(?:tags?|source|photo|credit|caption|image|by|editing|reporting) ?:
  |(?:مدة القراءة|وقت القراءة|عدد (?:ال)?(?:مشاهدات|قراءات|زيارات|زوار))(?!\\p{L})
  |(?:الرئيسية|home) ?[»›>/|\\\\]|(?:طباعة|تكبير الخط|تصغير الخط|حجم الخط|ارسل ل?(?:الي )?صديق)(?!\\p{L}))`.replaceAll(
    /\n\s*/g,
    '',
  ),
  'u',
);
const hashtags = /(?:^|\s)#[\p{L}\p{N}_]+(?:[\s،,|-]+#[\p{L}\p{N}_]+|$)|^[\s#\p{L}\p{N}_]*#[\p{L}\p{N}_]+\s*$/u;

/** Not a sentence of the article: of the page around it, or addressed to the reader. */
export function isBoilerplate(text: string): boolean {
  const each = paragraph(text);
  if (isClutter(each) || isAppeal(each) || isSignature(each) || isNotice(each) || beginsList(each)) return true;
  if (openings.test(each.normal) || hashtags.test(each.normal)) return true;
  if (each.wordCount > maxBoilerplateWords) return false;
  return notices.some((notice) => notice.test(each.normal)) || isAsk(each.normal);
}

function isAsk(normal: string): boolean {
  if (englishAsk.test(normal) || followUs.test(normal)) return true;
  return asks.test(normal) && ours.test(normal) && !quoted.test(normal);
}

/** `alternatives` as whole words, in Arabic also behind و and ف. */
function pattern(alternatives: string): RegExp {
  return new RegExp(`(?<!\\p{L})[وف]?(?:${alternatives.replaceAll(/\n\s*/g, '')})(?!\\p{L})`, 'u');
}
