// Takes off what stands before a news text's first sentence: the place, perhaps the date, and the agency.

/** A dateline is short; what is longer is a sentence with a dash in it. */
const maxDatelineCharacters = 70;

const agency = String.raw`(?:سانا|رويترز|وكالات|الوكالات|الأناضول|الاناضول|واس|بترا|قنا|وام|وفا|كونا|بنا|معا|سبأ|سوا|شينخوا|سبوتنيك|تاس|فرانس برس|أسوشيتد برس|أسوشييتد برس|أ\.? ?ف\.? ?ب\.?|ا\.? ?ف\.? ?ب\.?|د\.? ?ب\.? ?أ\.?|أ\.? ?ب\.?|أ\.? ?ش\.? ?أ\.?|مراسلنا|خاص|متابعات|Reuters|AFP|AP|DPA|CNN|UPI|Xinhua|Anadolu|SANA|IPS|ANSA|EFE|TASS|BBC)`;
const dash = String.raw`\s*[-–—/]+\s*`;
const letters = String.raw`[\p{L}\p{M}.’'«»"]+`;
const date = String.raw`(?:\p{N}{1,2}\s[\p{L}/]{3,20}(?:\s\p{N}{4})?|\p{Lu}\p{L}{2,8}\.?\s\p{N}{1,2})`;

const datelines = [
  // "دمشق (رويترز) - ", "DAMASCUS, June 5 (Reuters) — ", "(CNN) -- ", "الرياض (واس):"
  new RegExp(
    `^(?:${letters}(?:[ ،,]{1,2}${letters}){0,3}(?:[ ،,]{1,3}${date})?\\s*)?\\((?:${agency}|[\\p{L} .]{2,20})\\)\\s*[-–—:.]+\\s*`,
    'u',
  ),
  // "دمشق - سانا: ", "غزة / محمد ماجد / الأناضول: ", "عنب بلدي - خاص", "بيروت 5 حزيران - رويترز - "
  new RegExp(
    `^${letters}(?: ${letters}){0,3}(?:[ ،,]{1,3}${date})?(?:${dash}${letters}(?: ${letters}){0,2})?${dash}${agency}\\s*[-–—/:.،]+\\s+`,
    'u',
  ),
  // "سانا - ", "رويترز: "
  new RegExp(`^${agency}\\s*[-–—:]+\\s+`, 'u'),
  // "DAMASCUS — ", "NEW YORK, N.Y. – "
  /^\p{Lu}{3,}[\p{Lu} ,.]{0,30}\s*[-–—]+\s+/u,
  // The places where Arab newsrooms sit, by themselves: "دمشق - ", "القاهرة: ", "لندن – ".
  new RegExp(
    `^(?:دمشق|حلب|حمص|إدلب|ادلب|درعا|بيروت|عمان|عمّان|بغداد|أربيل|اربيل|القاهرة|الإسكندرية|الرياض|جدة|الدوحة|دبي|أبوظبي|أبو ظبي|المنامة|الكويت|مسقط|صنعاء|عدن|القدس|غزة|رام الله|الخرطوم|طرابلس|بنغازي|تونس|الجزائر|الرباط|الدار البيضاء|نواكشوط|إسطنبول|اسطنبول|أنقرة|طهران|لندن|باريس|برلين|بروكسل|جنيف|فيينا|موسكو|واشنطن|نيويورك|بكين|الأمم المتحدة)(?:${dash}«[\\p{L} ]{2,20}»)?\\s*(?:[-–—]+|:)\\s*`,
    'u',
  ),
];

/** The end of `paragraph` after its dateline; the whole where it has none, or nothing else. */
export function withoutDateline(paragraph: string): string {
  const head = paragraph.slice(0, maxDatelineCharacters);
  for (const dateline of datelines) {
    const end = dateline.exec(head)?.[0].length ?? 0;
    if (end > 0 && /\p{L}/u.test(paragraph.slice(end))) return paragraph.slice(end);
  }
  return paragraph;
}
