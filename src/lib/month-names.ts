// The names of the months that news is dated with: Gregorian in the region's languages, Hijri and Persian.

export type Calendar = 'gregorian' | 'islamic-umalqura' | 'persian';

export interface Month {
  calendar: Calendar;
  /** From 1. */
  number: number;
}

/** Twelve months a line, the spellings of a month separated by `/`; abbreviations where they are in use. */
const gregorian = [
  'january/jan february/feb/febr march/mar april/apr/apl may june/jun july/jul august/aug september/sep/sept october/oct november/nov december/dec',
  'janvier/janv/jan fevrier/fevr/fev mars avril/avr mai juin juillet/juil aout septembre/sept octobre/oct novembre/nov decembre/dec',
  'ocak/oca subat/sub mart nisan/nis mayis haziran/haz temmuz/tem agustos/agu eylul/eyl ekim/eki kasim/kas aralik/ara',
  'januar/jan/janner februar/feb marz/maerz/mrz april mai juni juli august september oktober/okt november dezember/dez',
  'enero/ene febrero/feb marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre octubre noviembre diciembre/dic',
  'ιανουαριου/ιαν/ιανουαριος φεβρουαριου/φεβ/φεβρουαριος μαρτιου/μαρ/μαρτιος απριλιου/απρ/απριλιος μαιου/μαι/μαιος ιουνιου/ιουν/ιον/ιουνιος ιουλιου/ιουλ/ιολ/ιουλιος αυγουστου/αυγ/αυγουστος σεπτεμβριου/σεπ/σεπτεμβριος οκτωβριου/οκτ/οκτωβριος νοεμβριου/νοε/νοεμβριος δεκεμβριου/δεκ/δεκεμβριος',
  'januar februar/febr marcius/marc aprilis/apr majus/maj junius julius augusztus szeptember/szept oktober november december',
  // Levantine, with the ways to write the two double months.
  'كانون_الثاني/كانون_ثاني/كانون_ثان شباط اذار نيسان ايار حزيران تموز اب ايلول تشرين_الاول/تشرين_اول تشرين_الثاني/تشرين_ثاني/تشرين_ثان كانون_الاول/كانون_اول',
  // Egyptian and the Gulf's.
  'يناير فبراير مارس ابريل مايو يونيو/يونيه يوليو/يوليه اغسطس سبتمبر اكتوبر نوفمبر ديسمبر',
  // Algerian and Tunisian.
  'جانفي/جانفيي فيفري مارس افريل ماي جوان جويليه اوت سبتمبر اكتوبر نوفمبر ديسمبر',
  // Moroccan.
  'يناير فبراير مارس ابريل ماي يونيو يوليوز غشت شتنبر اكتوبر نونبر دجنبر',
  // Kurdish: Kurmanji (both sets of names in use) and Sorani.
  'cile/rebendan/kanuna_duyem sibat/resemi adar nisan/avrel gulan heziran/puspar/pusper tirmeh/tirmehe tebax/gelawej ilon/rezber cotmeh/kewcer mijdar/sermawez kanun/berfanbar/kanuna_yekem',
  'كانوونی_دووهم شوبات ئازار نیسان ئایار/مایس حوزهیران تهممووز/تهمموز ئاب ئهیلوول/ئهیلول تشرینی_یهكهم تشرینی_دووهم كانوونی_یهكهم',
  // Urdu.
  'جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر',
  // Persian names of the Gregorian months.
  'ژانویه فوریه مارس اوریل مه ژوین/ژوئن ژوییه/ژوئیه/جولای اوت سپتامبر اکتبر نوامبر دسامبر',
];

const hijri = [
  'محرم صفر ربيع_الاول/ربيع_اول ربيع_الاخر/ربيع_الثاني/ربيع_ثاني/ربيع_اخر جمادي_الاولي/جمادي_الاول جمادي_الاخره/جمادي_الثانيه/جمادي_الثاني/جمادي_الاخر رجب شعبان رمضان شوال ذو_القعده/ذي_القعده ذو_الحجه/ذي_الحجه',
];

const persian = ['فروردین اردیبهشت خرداد تیر مرداد/امرداد شهریور مهر ابان اذر دی بهمن اسفند'];

const byName = new Map<string, Month>();
for (const [calendar, lines] of [
  ['gregorian', gregorian],
  ['islamic-umalqura', hijri],
  ['persian', persian],
] as const) {
  for (const line of lines) {
    for (const [index, names] of line.split(' ').entries()) {
      for (const name of names.split('/')) {
        const key = foldLetters(name.replaceAll('_', ' '));
        // The first language to claim a name keeps it.
        if (!byName.has(key)) byName.set(key, { calendar, number: index + 1 });
      }
    }
  }
}

/** Lower case without diacritics, Arabic letters in one form each (alef, yeh, kaf, heh), Arabic and Persian digits as 0–9. */
export function foldLetters(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{M}\u0640\u200B-\u200F\u061C\u202A-\u202E\u2060-\u2069\uFEFF]/gu, '')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll('ٱ', 'ا')
    .replaceAll(/[یىې]/g, 'ي')
    .replaceAll('ک', 'ك')
    .replaceAll(/[ەةھہ]/g, 'ه')
    .replaceAll(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf))
    .normalize('NFC');
}

/**
 * The month that one word or two name, folded by `foldLetters`; a Kurdish, Turkish or Hungarian ending ("Gulanê",
 * "ئایاری") may follow the name.
 */
export function monthNamed(name: string): Month | undefined {
  const month = byName.get(name);
  if (month || name.length < 5) return month;
  const ending = /(?:[aei]|an|da|de|ta|te|ي)$/.exec(name);
  return ending ? byName.get(name.slice(0, ending.index)) : undefined;
}
