// Tells a sentence that a page says of itself, or asks of its reader, by how it is built: who is addressed, and to do what.
// Patterns are matched against the normal form of lib/arabic.ts, from the first letter or digit on: no tashkeel, alefs
// without hamza, ی as ي and ک as ك, lower case.
import { words } from '../lib/arabic.ts';

/** Such sentences are short; a longer one that has their words tells of something. */
const maxNoticeWords = 30;

/** `alternatives` as one group, from lines that are broken only to be readable. */
function oneOf(alternatives: string): string {
  return `(?:${alternatives.replaceAll(/\n\s*/g, '')})`;
}

const medium =
  oneOf(`تلي?غرام|تيلي?غرام|تلي?جرام|تيلي?جرام|واتس ?اب|واتس|(?:ال)?فيس ?بوك|تويتر|اكس|انستغرام|انستجرام|يوتيوب
  |تيك ?توك|لينكد ?ان|سناب ?شات|ثريدز|(?:اخبار )?غوغل(?: نيوز)?|(?:اخبار )?جوجل(?: نيوز)?|(?:مواقع|منصات|وسائل) التواصل(?: الاجتماعي)?
  |telegram|whatsapp|facebook|twitter|x|instagram|youtube|tiktok|linkedin|snapchat|threads|bluesky|google news|apple news`);

// What only a page speaks of: its parts, its channels, what stands around the sentence.
const pagePart =
  oneOf(`(?:ال)?فيديو|(?:ال)?رابط|(?:ال)?تعليقات|التعليق|(?:ال)?نشرة|(?:ال)?قناة|القائمة البريدية|(?:ال)?تطبيق|(?:ال)?اشعارات
  |(?:ال)?تنبيهات|المقال|الخبر|التقرير|الحلقة|اللقاء|المقابلة|الصور|البث|التغطية|ادناه|بالاسفل|هنا|التالي|التالية|الموقع|الصفحة|صفحة|حساب
  |المتصفح|الاستطلاع|المسابقة|الاختبار|البودكاست|المجموعة|مجموعة|(?:اخر|اهم|احدث|ابرز) (?:ال)?(?:اخبار|مستجدات|تطورات|عناوين)|(?:ال)?اخبار(?:نا)?
  |خدمة|اخر|المزيد|جديد|تعليقك|تعليقكم|البريد`);

/** "Our channel", "with us", in a sentence that speaks for the publisher. */
const ours =
  oneOf(`(?:قنات|قنوات|صفحت|صفحات|موقع|مواقع|تطبيق|تطبيقات|نشرت|نشرات|حساب|حسابات|مجموعت|مجموعات|خدمت|خدمات|منصت|منصات|جديد|اخبار|مسابقت
  |استطلاع|بودكاست|متابعت|مراسل|شارك|مع|ب|الي|ل|راسل)نا`);

/** Of the reader: what is hers, in the second person. */
const yours =
  oneOf(`تعليق(?:ات)?كم?|ارا(?:ئ|ء)كم?|رايكم?|رسائلكم?|ملاحظاتكم?|مشاركاتكم?|اقتراحاتكم?|استفساراتكم?|شكواكم|شكاواكم|تجربتكم?|متصفحكم?|بريدكم?
  |هاتفكم?|جوالكم?|اشتراككم?|اعلان(?:ات)?كم|مساحتكم?|قصتكم?|صوركم|تصفحكم?|تصلكم?|يصلكم?|لتصلكم?|ليصلكم?`);

// At the head of a sentence a verb in the plural commands: one that tells stands in the singular there.
const plural =
  oneOf(`(?:تابع|شاهد|اشترك|انضم|شارك|حمل|نزل|اضغط|انقر|اقر(?:ا|ء|ؤ)|زور|تواصل|راسل|اكتب|سجل|صوت|قيم|ساهم|تبرع|ادعم|استمع|فعل|ارسل|تعرف|اطلع|ادخل
  |شارك|تصفح|اتصل|ترقب|انتظر|اعلن|ابحث|احصل|تابعو|شاركو|راسلو|زورو|ادعمو)(?:وا|ونا|نا|ي)`);
const polite = oneOf(
  `يرجي|الرجاء|رجاء|نرجو|من فضلك|لا تنس(?:وا|ي)?|لا تفوت(?:وا|ي)?|(?:كما )?(?:يمكنك|بامكانك)م?|ندعوكم?|ننصحكم?|كن|كونوا|احرص(?:وا)?`,
);
// These also tell ("تابع الوزير"): they ask only with what they ask for right behind them.
const singular =
  oneOf(`تابع(?:ي)? (?:@|صفحت|قنات|حسابات|البث المباشر (?:عبر|علي|هنا)|الفيديو|(?:اخر|اهم|احدث|ابرز) (?:ال)?(?:اخبار|عناوين))|شاهد (?:الصور|الفيديو(?! ال)|التقرير|الحلقة|اللقاء)
  |(?:انسخ|نسخ) (?:ال)?رابط|شارك(?:ه|ها) (?:مع|علي|عبر)|شارك (?:في )?(?:ال)?(?:مسابقتنا|استطلاعنا|المقال|الخبر|برايك|رايك)|حمل (?:ال)?تطبيق(?:نا)?|نزل (?:ال)?تطبيق(?:نا)?|اشترك(?:ي)? (?:الان|مجانا|معنا|(?:في |ب)(?:ال|ل)?(?:نشرت|نشرة|خدمت|قنات|خدمة الاشعارات))
  |استمع (?:الي|ل)|فعل (?:ال)?(?:اشعارات|تنبيهات|خاصية|الجرس)|قيم (?:هذا |هذه )?(?:ال)?(?:مقال|خبر|تقرير|مادة)|اطبع|احفظ (?:المقال|الخبر)|صوت (?:الان|ل)|زر (?:صفحت|موقع)|احصل علي (?:ال)?(?:تطبيق|نشرة)
  |ارسل (?:المقال|الخبر|الي صديق)|اترك (?:تعليق|رد|رايك)|اجب عن|اعلن معنا|سجل (?:الدخول|بريدك|الان)|ادخل بريد|اكتب (?:لنا|تعليق|رايك)|راسلنا|تواصل معنا|اتصل بنا|انضم(?:ي)? الي (?:نا|قنات|قناة|مجموعت|مجموعة|مجتمع)|(?:اضغط|انقر) (?:هنا|علي|فوق)`);
const purpose =
  oneOf(`ل(?:لا?شتراك|لمتابعة|متابعة|مشاهدة|قراءة|لاطلاع|تحميل|تنزيل|لانضمام|لتواصل|لاعلان|لاعلانات|اعلاناتكم|لمزيد|مزيد من|لتبرع|لمشاركة|معرفة|لاستماع|تلقي|لحصول|حجز
  |ارسال|لتعليق)`);
const bidden = oneOf(
  `(?:اشترك|اضغط|انقر|تابع|زر|زور|اتصل|راسل|تواصل|حمل|ادخل|اتبع|سجل|انضم|نزل)(?:وا|ونا|نا|ي)?|يرجي|الرجاء|(?:ال)?رابط|هنا|ادناه`,
);

/** From the head of the sentence on; the counts keep every pattern linear. */
const arabic = [
  `${plural} (?:.{0,60}(?<!\\p{L}))?(?:[بفول]|لل)?(?:${pagePart}|${ours}|${medium}|${yours})`,
  `(?:تابع|شارك|راسل|زور|ادعم|تواصل مع)(?:و)?نا(?: (?:علي|عبر|في|معنا|غدا|اول|دائما|ايضا|الان|بر))?`,
  `${polite} .{0,80}(?<!\\p{L})(?:ال)?(?:[بفول]|لل)?(?:${pagePart}|${ours}|${medium}|${yours}|جافا ?سكري?بت|تسجيل الدخول|ذكر المصدر|للتعليق)`,
  `${polite} (?:تفعيل|تسجيل الدخول|ذكر المصدر|تحديث المتصفح|التواصل|الضغط|النقر)`,
  `${singular}\\p{L}*`,
  `يجب (?:عليك )?(?:تسجيل الدخول|تفعيل)`,
  `هل (?:لديكم?|تريد|تريدون|تود|تودون|ترغب|ترغبون)(?!\\p{L})`,
  `${purpose} .{0,80}(?<!\\p{L})(?:${bidden}|${ours})`,
  `(?:ال)?(?:مزيد|تفاصيل)(?: من ال(?:تفاصيل|معلومات|اخبار)| الكاملة| اوفي| كاملة| اكثر)? (?:في|مع|عبر|ضمن)(?: (?:سياق|نص|خلال))? (?:هذا |اول )?(?:ال)?(?:تقرير|فيديو|رابط|مقال|نشرة|تعليق|تعليقات|ملف|حلقة|سطور)`,
  `(?:نرحب|يسعدنا|يسرنا|نسعد|نستقبل|ننتظر|شاركونا|شاركنا|ما|هل|كيف) .{0,60}(?<!\\p{L})ب?${yours}`,
  `(?:هل )?(?:اعجبكم?|اعجبتكم?|استفدتم?|ما رايك|ما تقييمك) .{0,40}`,
  `(?:تم |جري |يجري |جاري? )?(?:تحديث|تعديل|تصحيح) (?:هذا|هذه) (?:ال)?(?:خبر|مقال|تقرير|مادة|صفحة|قصة)`,
  `(?:هذا |ال)?خبر (?:قيد|تحت) التحديث`,
  `(?:هذا|هذه) (?:المحتوي|المقال|المقالة|المادة|الخبر|التقرير|الفيديو|المنشور|الموضوع|الصفحة|الخدمة) (?:متاحة?|متوفرة?|مخصصة?|حصرية?|ممولة?|مدفوعة?|اعلانية?|محمية?|برعاية|بالشراكة مع|بالتعاون مع|للمشتركين|للاعضاء|غير متاح|قيد التحديث)`,
  `(?:المحتوي|المقال|المقالة|التقرير)(?: كاملا?| الكامل)? (?:متاحة?|متوفرة?|حصرية?) (?:فقط )?(?:لل|ل)(?:مشترك|اعضاء)`,
  `(?:(?:هذا|هذه) )?(?:الاراء|المقالات?|ما ورد|ما ينشر|المواد|وجهات النظر)(?: \\p{L}+){0,6}? (?:لا )?(?:تعبر|يعبر|تمثل|يمثل) `,
  `(?:كافة|كل|جميع)? ?(?:ال)?حقوق (?:(?:النشر|الطبع|النسخ|الملكية|والنشر) ?){0,3}محفوظة`,
  `(?:يمنع|يحظر|لا يجوز|لا يسمح)(?: ب)?(?: (?:منعا باتا))? ?(?:نسخ|نقل|اعادة|استخدام|اقتباس)`,
  `(?:رابط|الرابط)(?: الخبر| المقال)? (?:ال)?(?:مختصر|قصير)|(?:كود|رمز|رقم) (?:ال)?(?:خبر|مادة|مقال) ?[:：]`,
  `(?:نستخدم|(?:يستخدم )?(?:هذا )?الموقع(?: يستخدم)?|تستخدم) .{0,20}(?:ملفات تعريف|الكوكيز|كوكيز)`,
  `(?:باستمرارك|بمتابعتك|باستخدامك|بالضغط|باشتراكك|بتسجيلك|بتصفحك)م? .{0,80}(?:توافق|نوافق|الشروط|سياسة)`,
  `(?:المتصفح|متصفحك) .{0,40}لا يدعم`,
  `تطبيقنا .{0,30}(?:متوفر|متاح)|لا تتوفر تعليقات|التعليقات مغلقة`,
  `(?:بواسطة|بقلم|اعداد|كتب|كتبه) ?:? ?(?:فريق|هيئة|قسم|طاقم) (?:التحرير|الاخبار|الترجمة)`,
  `(?:ال)?مصدر ?[-–—] (?:(?:ال)?وكال|مواقع|صحف)`,
  `نقلا عن (?:ال)?(?:وكالات|وكالة|مواقع|صحف)[^،,]{0,30}`,
];
// A label and its colon, in front of a name or a headline.
const labels =
  oneOf(`متابعة|متابعات|حاورته?ا?|حاوره|تقرير|حوار|فيديو|صورة|صور|انفوغراف(?:يك)?|مونتاج|نقلا عن|photos?|pictures?|images? (?:source|caption|credit)|video|watch|source|kaynak|foto[gğ]raf|منبع|عكس|تصوير
  |ذریعہ|ماخذ|سەرچاوە|وێنە|cr[eé]dit(?: photo)?|photo`);
const label = new RegExp(`^${labels} ?[:：].{0,80}$`, 'u');

const englishSubject = oneOf(
  `story|stories|article|post|report|page|content|video|site|website|feature|piece|live blog|newsletter`,
);
const englishPlace = oneOf(
  `here|below|above|online|on (?:our|the) (?:site|website|app|page)|on ${medium}|via ${medium}`,
);
const english = [
  `(?:please )?(?:subscribe(?! (?:was|is|has|button))|unsubscribe|sign (?:up|in)|log in|register|follow (?:us|our|@|\\p{L}+ on )|join (?:us|our|the (?:conversation|discussion))|click (?:here|the|on|below)|tap (?:here|the|on)|download (?:our|the)(?: free| new)? .{0,20}app|download our|enable (?:javascript|cookies|notifications)|turn on|advertise (?:with|here|on)|scroll (?:down|up)|stay (?:tuned|informed|updated)|don't (?:miss|forget)|donate|take (?:our|the|this) (?:quiz|poll|survey)|vote (?:now|in our|here)|manage your|allow notifications|continue reading|keep reading|rate this|print this|save this|share (?:this|your|on)|send us|tell us|let us know|write to us|email (?:us|our)|contact (?:us|our)|visit our|check out our|find out more|learn more|become a (?:member|subscriber)|become part of our|like (?:us|our)|support (?:us|our)|want to|already a |not a subscriber|thank(?:s| you) for reading|enter your|get (?:our|the latest|breaking|all the|more) )`,
  `(?:watch|listen to|view|see|read)(?: live ?:| more ?:)`,
  `(?:watch|listen to|view|see|read|hear) (?:the |our |more |all |this |his |her )?.{0,50}(?<!\\p{L})(?:${englishPlace})[.!]*$`,
  `(?:watch|listen to|read|print|rate) (?:this|our|the latest episode)`,
  `(?:for more|to (?:read|watch|view|see|hear|advertise|subscribe|comment|join|learn|receive|get|continue|support|donate|find out))(?!\\p{L}).{0,80}(?:${englishPlace}|visit|click|subscri|sign|contact|follow|log in|please|go to|our |enable)`,
  `this ${englishSubject} (?:has been|was|is|will be|contains|may contain|originally|first|uses|requires|includes) (?:being )?(?:\\p{L}+ )?(?:updated|corrected|amended|edited|translated|available|only|for (?:subscribers|members)|exclusive|reserved|sponsored|developing|part of|produced in|made possible|republished|closed|appeared|published|affiliate|cookies|javascript)`,
  `this (?:site|website|page) (?:uses|requires)|we use cookies|by (?:continuing|subscribing|signing|clicking|using)[^.]{0,60}(?:you|agree)`,
  `this is (?:a developing|a breaking|an updated) (?:news )?story`,
  `(?:subscribers|members)(?: \\p{L}+)? (?:can|get|only)[^.]{0,40}(?:read|access|story|article|edition|content)`,
  `(?:the )?(?:views|opinions)(?: and \\p{L}+)?(?: (?:expressed|presented|in this|here|of)(?!\\p{L})[^.]{0,40})? (?:are|is|do|does|belong) (?:not |solely |only |entirely )?(?:the|those|that|his|her|their|necessarily|to|represent|reflect)`,
  `(?:all )?comments (?:are|have been) (?:closed|turned off|disabled|moderated)`,
  `(?:javascript|cookies) (?:is|are|must be) (?:required|disabled|enabled)`,
  `you (?:must|need to|can|may|have reached|have read|are reading|can also)(?!\\p{L}).{0,40}(?:logged in|log in|sign|follow|unsubscribe|comment|subscribe|articles|limit|free)`,
  `your (?:browser|device|e-?mail (?:address)?) `,
  `(?:do you (?:have|know|want)|did you (?:find|like|enjoy))(?!\\p{L})`,
  `(?:have a|have you|got an?|want a|would you like|are you a)(?!\\p{L}).{0,80}(?:us|our|tip|story|question|subscri|useful|helpful|newsroom)(?!\\p{L})`,
  `no part of this|reproduction (?:of|without|in)|(?:©|copyright ©?|copyright \\(c\\)) ?\\d{4}|©|not to be (?:reproduced|republished)`,
  `short ?(?:link|url) ?:|permalink|(?:getty images|reuters|afp|ap photo)[.]?$|file photo`,
  `(?:additional )?(?:reporting|writing|editing) by `,
];
const others = [
  // Persian: a command ends its sentence.
  `(?:بيشتر|همچنين) (?:بخوانيد|بدانيد|ببينيد)|(?:مطالب|اخبار) مرتبط|(?:لينك|پيوند) كوتاه|كد خبر|شناسه خبر|انتهاي پيام|(?:كليه|تمامي|همه) حقوق .{0,60}محفوظ`,
  `.{0,100}(?:ما را|كانال ما|صفحه ما|به ما|اينجا|سايت|ويديو|ويدئو|لينك|تلگرام|اينستاگرام|برنامه ما|نظرات).{0,30}(?:دنبال كنيد|بپيونديد|عضو شويد|مشترك شويد|كليك كنيد|مراجعه كنيد|ببينيد|تماشا كنيد|نصب كنيد|دانلود كنيد|ارسال كنيد|بنويسيد)[.!]*$`,
  // Urdu.
  `(?:مزيد|يہ بهي|يہ بھي) (?:پڑھيں|پڑھيے|ديكھيں)|جملہ حقوق`,
  `.{0,100}(?:ہمارا|ہمارے|ہماري|ہميں|يہاں|لنك|نيوز ليٹر).{0,50}(?:كريں|كيجيے|كيجئے|ديكھيں|پڑھيں|سنيں|شامل ہوں)[.۔!]*$`,
  // Turkish: as Persian.
  `(?:ayrıca oku(?:yun)?|ilgili haber(?:ler)?|(?:i̇|i)lgili haber(?:ler)?|haberin devamı|devamını oku|t[uü]m hakları saklıdır|her hakkı saklıdır)`,
  `.{0,100}(?:takip edin|abone olun|tıklayın|izleyin|okuyun|indirin|paylaşın|ziyaret edin|kaydolun|dinleyin|katılın|bağış yapın)[.!]*$`,
  // French.
  `(?:abonnez-vous|suivez-nous|inscrivez-vous|connectez-vous|rejoignez[ -](?:notre|nous|la)|cliquez|téléchargez (?:notre|l')|partagez|soutenez[ -](?:nous|notre)|faites un don|recevez|activez|contactez-nous|n'oubliez pas|(?:a |à )?lire (?:aussi|également)|tous droits réservés|reproduction interdite)`,
  `(?:cet article|ce contenu|cette page|cette vidéo) (?:est|a été|sera) (?:réservée?|mise? à jour|disponible pour)`,
  // Kurdish, in Arabic and in Latin letters.
  `(?:زياتر|ھەروەها|هەروەها|هەروەھا) (?:بخوێنەوە|بخوێننەوە|ببينە)|هەموو ماف(?:ێك|ەكان) .{0,30}پارێزراو`,
  `.{0,100}(?:مان|ئێمە|تێليگرام|فەيسبووك|ليرە|لێرە) ?.{0,30}(?:بكە|بكەن|بن|بكەنەوە)(?: لە .{2,20})?[.]*$`,
  `(?:zêdetir bixwîn|me bişopîn|bibin abone)`,
];
const notices = [...arabic, ...english, ...others].map((each) => new RegExp(`^(?:${each})`, 'u'));
/** Wherever it stands before the first stop: the name of who reserves them comes first. */
const rights = /^[^.!?؟]{0,120}(?:الحقوق محفوظة|all rights reserved)(?!\p{L})/u;

/** Somebody is quoted or said to have said it, or it counts: then it is news about such things. */
const tells = new RegExp(
  `(?<!\\p{L})[وف]?(?:${oneOf(`قال|قالت|قالوا|يقول|تقول|اضافت?|اكدت?|ذكرت|اوضحت?|اعلنت|بحسب|وفقا?|وفق|مليون|ملايين|مليوني|الاف|الملايين|الف|مئات|عشرات|نصف|اكثر من (?:مئ|\\d)|شخص|said|says|told|million|billion|thousand|percent|dedi|گفت|اعلام كرد|a dit`)})(?!\\p{L})`,
  'u',
);

const dateLead = oneOf(
  `(?:تم )?(?:النشر|التحديث|نشر|نشرت)|تاريخ (?:النشر|التحديث)|اخر (?:تحديث|تعديل)|published|(?:last )?updated|posted|publi[eé]e? le|mis(?:e)? [aà] jour le|yay[ıi]nlanma|g[uü]ncelleme|تاريخ انتشار`,
);
const dateHead = new RegExp(`^(?:في |كتب )?${dateLead}(?!\\p{L})`, 'u');
const dateWords = new Set(
  words(`في بتاريخ على يوم عند الساعة صباحا صباحًا مساء مساءً ص م بتوقيت غرينتش دمشق مكة المكرمة القدس بيروت القاهرة
    كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين الأول الثاني يناير فبراير مارس أبريل إبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
    السبت الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة قبل منذ دقيقة دقائق ساعة ساعات أيام
    on at am pm a m p gmt utc est et edt cet ago minutes hours days monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
    le à janvier février mars avril mai juin juillet août septembre octobre novembre décembre`),
);

/** "Published on 12 May at 9:30": nothing but when, behind the word. */
function isDate(normal: string): boolean {
  const head = dateHead.exec(normal)?.[0];
  if (head === undefined) return false;
  const rest = words(normal.slice(head.length));
  return /\d/.test(normal) && rest.every((word) => /^\d+$/.test(word) || dateWords.has(word));
}

// Headings of what a page shows beside its text: nothing else stands in the line.
const widget = new RegExp(
  `^${oneOf(`(?:ال)?بث (?:ال)?مباشر|مواقيت الصلاة|(?:اسعار|سعر) (?:العملات|الذهب|الصرف|الدولار)|(?:حالة )?الطقس|درجات? الحرارة|جار(?:ي)? (?:ال)?تحميل.{0,30}|loading|live(?: stream| updates)?|weather|prayer times|exchange rates|موضوعات قد تهمك|مواضيع قد تهمك|اطبع الصفحة`)}(?: (?:اليوم|الان|today|now))?(?: (?:في )?\\p{L}{2,15})?\\s*(?:[:：|].{0,20}°.{0,5})?[.…: ]*$`,
  'u',
);

/** A sentence by which the page speaks of itself or to its reader. `normal` is one sentence. */
export function isNotice({ normal, wordCount }: { normal: string; wordCount: number }): boolean {
  const own = normal.replace(/^[^\p{L}\p{N}@©]+/u, '').slice(0, 300);
  if (own === '' || wordCount > maxNoticeWords) return false;
  if (rights.test(own) || isDate(own) || widget.test(own) || label.test(own)) return true;
  return !tells.test(own) && !/[«“"]/u.test(own) && notices.some((notice) => notice.test(own));
}
