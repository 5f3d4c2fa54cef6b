// The months and days of the week that a text names, however its country calls them.

// Levantine, Egyptian and Gulf, Maghrebi; then English. آب and May count as they are written: "أب" is a father, "may" a verb.
const months = [
  'كانون الثاني|يناير|جانفي|January|Jan',
  'شباط|فبراير|فيفري|February|Feb',
  'آذار|اذار|مارس|March|Mar',
  'نيسان|أبريل|ابريل|إبريل|أفريل|April|Apr',
  'أيار|ايار|مايو|ماي|May',
  'حزيران|يونيو|يونيه|جوان|June|Jun',
  'تموز|يوليو|يوليه|جويلية|July|Jul',
  'آب|أغسطس|اغسطس|أوت|August|Aug',
  'أيلول|ايلول|سبتمبر|September|Sept|Sep',
  'تشرين الأول|تشرين الاول|أكتوبر|اكتوبر|October|Oct',
  'تشرين الثاني|نوفمبر|November|Nov',
  'كانون الأول|كانون الاول|ديسمبر|December|Dec',
];
const days = [
  'السبت|Saturday',
  'الأحد|الاحد|Sunday',
  'الاثنين|الإثنين|Monday',
  'الثلاثاء|Tuesday',
  'الأربعاء|الاربعاء|Wednesday',
  'الخميس|Thursday',
  'الجمعة|Friday',
];

const patterns = [...months, ...days].map(
  (names) => new RegExp(`(?<![\\p{L}\\p{M}])(?:[وفبل]|ول)?(?:${names})(?![\\p{L}\\p{M}])`, 'u'),
);

/** The numbers of the months (0–11) and days (12–18) that `text` names. */
export function calendarNames(text: string): Set<number> {
  return new Set(patterns.flatMap((pattern, index) => (pattern.test(text) ? [index] : [])));
}
