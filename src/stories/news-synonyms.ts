// Words that newsrooms use for one another: "لقي مصرعه" and "قتل", "هزة أرضية" and "زلزال" are one term.
import { words } from '../lib/arabic.ts';
import { lightStem } from './light-stem.ts';
import { isCommonArabicStem } from './word-frequency.ts';

/** One line for each meaning; only words that in news mean little else. */
const occurrences = `
قتل قتلى قتيل قتيلين مقتل مصرع مصرعهم حتفه حتفهم أودى وفاة توفي وفيات ضحايا ضحية شهيد شهداء استشهد استشهاد جثة جثث جثمان أردى لقي فارق هلاك منية موت مات حصد راح فقدوا_حياتهم kill killed dead death deaths deadly died die fatal slain lives
جريح جرحى إصابة مصاب مصابين أصيب أصيبوا إصابات جراح جروح injured injuries wounded wound hurt
مفقود مفقودين فقدان فقد اختفى اختفاء missing disappeared vanished
ناج ناجون ناجين نجا نجاة survivor survivors survived
أنقذ إنقاذ ينقذ انتشل انتشال انتشلت rescue rescued rescuers saved
اغتيال اغتال تصفية كمين assassinated assassination ambush
رصاص نار إطلاق_النار أطلق عيارات طلقات gunfire shooting shot gunman gunmen opened_fire
زلزال هزة زلازل هزات ارتدادات ريختر quake earthquake tremor aftershock magnitude
حريق حرائق نيران النار اللهب ألسنة اشتعال اندلع اندلاع التهمت التهم نشب احتراق أضرم يلتهم fire blaze wildfire flames inferno burned burnt
إطفاء إخماد أخمد أخمدت الإطفاء الحماية_المدنية الدفاع_المدني رجال_الإطفاء السيطرة firefighters contained extinguished
انفجار تفجير انفجارات انفجر فجر مفخخة عبوة ناسفة انتحاري تفجيرات blast explosion bomb bombing exploded suicide
قصف غارة غارات ضربة ضربات قذائف قذيفة صاروخ صواريخ صاروخي استهدف استهداف استهدفت يستهدف عدوان تقصف strike strikes airstrike missile rocket shelling
هجوم هجمات هاجم هاجمت اعتداء اعتدى اعتداءات attack attacked assault raid
اقتحم اقتحام توغل توغلت مداهمة داهمت دهم stormed storming incursion
اشتباك اشتباكات معارك معركة قتال مواجهات مناوشات تبادل clashes clash fighting battle battles
هدنة وقف_إطلاق تهدئة مهادنة ceasefire truce
اعتقل اعتقال أوقف توقيف إيقاف موقوف موقوفين احتجاز احتجز القبض ألقت اعتقلت ضبط ضبطت معتقل معتقلين محتجز arrest arrested detained detain custody
إفراج أفرج سراح أخلي إطلاق_سراح released freed release
خطف اختطاف مختطف خاطفون خطفوا رهينة رهائن kidnapped abducted hostage hostages
سجن حبس سجين سجناء محبوس نافذة بالسجن jail jailed prison imprisoned sentenced
محكمة قضاء قضت قضائي جنايات محاكمة قاض قضاة مجلس_قضاء court tribunal judge trial
نيابة مدع ادعاء اتهام اتهم تهمة تهم متهم متهمين لائحة prosecutor charged charges accused indicted
أدان إدانة أدين أدانت مذنب convicted guilty verdict conviction
ندد تنديد استنكر استنكار شجب condemned condemn denounced
براءة برأ برأت acquitted cleared
استئناف_الحكم طعن نقض appeal appealed
استقالة استقال تنحى تنحي يتنحى مستقيل استقالته يستقيل resign resigned resignation quit steps_down stepped_down
إقالة أقال أقيل يقيل عزل إعفاء أعفى أعفي تسريح سرح dismissed sacked fired ousted removed
تعيين عين يعين تكليف كلف تسمية نصب appointed appoint named nominated
سفير سفيره سفيرها سفارة سفراء مبعوث ambassador embassy envoy
استدعى استدعاء يستدعي سحب summoned recalled recall
اعتذار اعتذر تعتذر أسف apologise apologised apology sorry
لقاء اجتماع التقى مباحثات محادثات بحث يبحث يلتقي اجتمع مشاورات استقبل يستقبل استقباله مفاوضات تفاوض جولة talks met meeting negotiations discuss discussed
زيارة يزور زار وصل وصول توجه visit visits visited arrived arrives
اتفاق اتفاقية معاهدة مذكرة عقد توقيع وقع يوقعان توقع صفقة agreement deal accord treaty pact signed signs contract
انتخابات اقتراع ناخبين ناخب مقترعين صناديق_الاقتراع election elections polls voters ballot
تصويت صوت صوتوا أقر إقرار يقر أقرت تبنى مصادقة صادق وافق موافقة يوافق vote voted approved backed passed
رفض يرفض رفضت ترفض رافض اعتراض عارض reject rejected rejects refused
ارتفع ارتفاع صعد صعود زاد زيادة قفز قفزة يصعد يرتفع ترتفع رفع ترفع مكاسب غلاء rise rises rose raised gain gains gained increase increased up higher climbed advanced soared
انخفض انخفاض تراجع هبط هبوط هابط خفض تخفيض تراجعت ينخفض يتراجع خسائر cut cuts reduce reduced lower fall falls fell dropped decline slump down lost
تضخم أسعار_المستهلك inflation
فائدة الاقتراض سعر_الفائدة interest_rate borrowing
تمديد تمدد مدد extended extend extension
ثبت تثبيت إبقاء أبقى أبقت يثبت تثبت unchanged kept held
فاز فوز انتصار تغلب هزم انتصر يفوز يهزم حسم يحسم تفوق اكتسح أطاح يطيح تجاوز win wins won beat beats victory defeat defeated triumph
خسارة هزيمة خسر سقط سقوط lose loss
مباراة مواجهة قمة دربي ديربي لقاء_الذهاب match game fixture clash
تعادل تعادلا بالتعادل draw drew drawn
هدف أهداف هدفين بهدفين ثنائية ثلاثية رباعية سجل أحرز goal goals scored scorer brace
صدارة متصدر قمة_الترتيب المركز_الأول يتصدر تصدر top leaders
بطل لقب توج تتويج كأس champion champions title trophy crowned
تأهل يتأهل بلغ حجز_مقعده qualify qualified reach reached advance
اعتزال اعتزل يعتزل retire retires retired retirement
انتقال انضم ينضم انضمام تعاقد يتعاقد صفقة_انتقال transfer joins joined signing
مدرب المدير_الفني مدربه coach manager
دوري الدوري بطولة league championship
زورق مركب قارب قوارب مراكب زوارق boat boats dinghy
سفينة عبارة باخرة ناقلة ferry vessel ship tanker
غرق انقلب غرقا غرقى يغرق sink sank sunk capsize capsized drowned
مهاجر مهاجرين لاجئ لاجئين نازح نازحين migrant migrants refugee refugees displaced
خفر السواحل coast_guard coastguard
فيضان فيضانات سيول سيل طوفان طوفانية جرفت جرف غمرت flood floods flooding deluge
أمطار هطول مطر رعدية غزيرة تساقطات rain rains rainfall
ثلوج ثلج الثلوج عاصفة_ثلجية snow snowfall blizzard
إعصار عاصفة عواصف منخفض storm hurricane typhoon cyclone
غبار ترابية أتربة رملية dust sandstorm
طقس أرصاد أجواء weather forecast
حرارة موجة_حر قيظ heatwave heat
جفاف شح drought
انهيار انهار تهاوى تهاوت يتهاوى collapsed collapse collapses
مبنى عمارة بناء بناية أبنية building block
أنقاض ركام حطام rubble debris wreckage
اصطدام تصادم حادث_سير مرور مروري دهس صدم انقلاب_حافلة crash crashed collision collided accident
حافلة باص أوتوبيس bus coach
قطار قطارات سكة train railway
شاحنة صهريج lorry truck
سيارة مركبة سيارات عربة car vehicle
طائرة مروحية هليكوبتر عمودية طائرات plane aircraft helicopter jet
مسيرة_جوية درون طائرة_مسيرة مسيرات drone drones
مطار ملاحة_جوية رحلات رحلة إقلاع airport flights flight
تعليق علق علقت يعلق إلغاء ألغت ألغى suspended suspends cancelled canceled halted halts grounded
استئناف استأنف استأنفت استؤنفت عودة عادت resume resumed resumes
تأجيل أجل أرجأ يؤجل إرجاء postponed delayed delay
مسلح مسلحون مسلحين مجهولون militants fighters insurgents
حاجز حواجز نقطة_تفتيش طوق checkpoint
إضراب أضرب يضربون أضربوا مضربين walkout walked_off industrial_action
احتجاج احتجاجا احتجاجات متظاهر متظاهرون متظاهرين تظاهرة مظاهرة مظاهرات احتشد وقفة اعتصام معتصمين protest protests protesters demonstrators rally rallied
معلم معلمون مدرس مدرسين تدريسية معلمين أساتذة teacher teachers
طالب طلاب طلبة تلميذ تلاميذ متمدرس student students pupils
امتحان امتحانات ثانوية_عامة بكالوريا شهادة exam exams
مدرسة مدارس ثانوية school schools
جامعة جامعات كلية university college
كورونا كوفيد covid coronavirus
مرض داء وباء تفشي عدوى فيروس disease outbreak virus infection
كوليرا cholera
تسمم متسمم poisoning poisoned
لقاح تلقيح تطعيم لقاحات vaccine vaccination jab
مستشفى مشفى مشافي مستشفيات hospital hospitals
طبيب أطباء أطباؤها doctor doctors medics
دواء أدوية علاج medicine drugs
مخدرات كبتاغون حبوب_مخدرة حشيش narcotics captagon cocaine
تهريب مهرب مهربين هرب smuggling smuggled smugglers
سرقة سرق لصوص سطو نهب theft robbery stolen heist looted
فساد اختلاس رشوة تبديد امتيازات corruption embezzlement bribery graft
مصادرة حجز أملاك ممتلكات seized seizure confiscated
غرامة غرامات مخالفة fine fined penalty
تحقيق تحقيقات باشر لجنة_تحقيق investigation inquiry probe investigating
رواتب أجور راتب أجر مرتبات معاش wage wages pay salary salaries
ضريبة ضرائب جباية رسوم tax taxes levy
موازنة ميزانية budget
عملة صرف نقد_أجنبي العملة_الصعبة currency exchange
بورصة مؤشر أسهم سهم stocks shares index equities
نفط خام برنت برميل oil crude brent
غاز الغاز gas
بنزين وقود محروقات سولار مازوت ديزل petrol fuel gasoline diesel
كهرباء تيار كهربائي كهربائية طاقة electricity power blackout outage
انقطاع قطع تقنين الظلام انقطعت outages
مياه ماء الشرب water
عطل خلل أعطال عطب fault malfunction breakdown glitch
ذهب المعدن_الأصفر gold bullion
خبز طحين رغيف مخبز قمح bread flour wheat grain
مودع وديعة ودائع وديعته مدخرات depositors deposits savings
استثمار مستثمر مستثمرين investment investors
عمال عامل عاملين موظف موظفين موظفون workers employees staff labour
نقابة نقيب اتحاد رابطة union unions syndicate
بطالة عاطلين unemployment jobless
قرض قروض تمويل loan loans lending
عقوبات عقوبة حظر sanctions embargo
قمة_عربية قمة_العرب summit
منتخب المنتخب national_team
مونديال كأس_العالم world_cup
فنان ممثل فنانة ممثلة مطرب مغني مغنية نجم actor actress singer artist
فيلم سينما مخرج film movie director
مهرجان مهرجانات festival
معرض exhibition fair
مسلسل دراما series
كتاب رواية كاتب أديب روائي شاعر book novel author writer poet
جائزة جوائز نوبل award prize awarded
صحفي صحفيين صحافي إعلامي مراسل journalist reporter
جنازة تشييع شيع شيعت يشيعون مأتم دفن funeral buried mourners
رحيل رحل فقيد نعى ينعى passed
اختتم ختام انتهاء انتهت اختتام ended concluded
افتتاح افتتح انطلق انطلاق تدشين دشن يفتتح بدء بدأ opened opens inaugurated launched launch launches begin began
إغلاق أغلق أغلقت يغلق إقفال closed closes shut closure
أعلن كشف إعلان أفاد أفادت announced revealed unveiled
حذر تحذير تحذيرات ينذر إنذار إنذارية تنبيه warned warns warning alert
دعا دعوة طالب مطالبة ناشد called urged demanded
نفى نفي تكذيب deny denied denies
اتهامات اتهمت accuses blamed blames
تهديد هدد يهدد ملوحا threat threatened threatens
إخلاء أخلت أجلت إجلاء evacuated evacuation evacuate fled flee
اختناق ضيق_تنفس دخان smoke inhalation
مظلة مساعدات إغاثة معونات إنسانية aid relief humanitarian
مخيم مخيمات مستوطنة camp camps
مستوطن مستوطنين مستوطنون settlers
أسير أسرى سجناء_حرب prisoners captives
معبر منفذ حدود حدودي crossing border
جسر طريق أوتوستراد bridge road highway
ميناء مرفأ port harbour
سد خزان dam reservoir
أطفال طفل رضيع قاصر children child infant baby
نساء امرأة سيدة women woman
شاب شبان فتى شابة youth teenager
عائلة أسرة عائلات أسر family families
مدنيين مدني أهالي سكان قاطني civilians residents inhabitants locals
سائح سياح سياحة سائحون tourists holidaymakers tourism
حاج حجاج الحج معتمرين pilgrims hajj
مسجد جامع mosque
كنيسة كاتدرائية church
بابا الفاتيكان pope vatican
هاكر اختراق قرصنة سيبراني hack hacked hackers cyber breach
ذكاء_اصطناعي artificial_intelligence
قمر_صناعي فضاء مسبار صاروخ_فضائي satellite space spacecraft
اكتشاف اكتشف عثر عثور تعثر discovered discovery found find
آثار أثرية تنقيب archaeologists archaeological
وفد موفد delegation
تعزيزات تعزيز reinforcements
فاجعة كارثة مأساة disaster tragedy catastrophe
حصيلة عدد_الضحايا toll
رقم_قياسي قياسي record
منع يمنع ban banned bans
سماح سمح يسمح allow allowed
زواج تزوج زفاف خطوبة wedding married
ولادة مولود born birth
مظاهر احتفال احتفالات عيد celebrations celebrate
بيع باع يبيع sold sale sells
شراء اشترى استحواذ يستحوذ bought buys acquire acquired acquisition takeover
دمج اندماج merger merge
إفلاس أفلس bankruptcy bankrupt
مصنع معمل مصانع factory plant
مزارع مزارعين فلاحين زراعة محصول farmers farm crops harvest
سمك صياد صيادين صيد fishing fishermen
كلب كلاب dog dogs
قانون تشريع مرسوم law bill decree legislation
دستور دستوري استفتاء constitution referendum
حزب أحزاب party
معارضة معارض opposition
ائتلاف تحالف coalition alliance
ثقة حجب confidence
لاعب مهاجم مدافع حارس لاعبين player striker defender goalkeeper
حكم_المباراة تسلل ركلة_جزاء جزاء referee offside penalty_kick
ملعب استاد stadium
جمهور جماهير مشجع مشجعين fans supporters
موسم الموسم season
إياب ذهاب first_leg second_leg
نهائي نصف_النهائي final finals
`;

/** One line for each actor, country or kind of place. */
const names = `
برلمان مجلس_النواب نواب نائب برلمانية نيابي نيابية مجلس_الشعب مجلس_الأمة كنيست المشرعون parliament lawmakers mps senate congress
حكومة وزراء مجلس_الوزراء كابينة government cabinet
رئيس_الوزراء رئيس_الحكومة prime_minister premier
خارجية دبلوماسي دبلوماسية foreign_minister diplomatic diplomat
شرطة أمن أمنية الدرك police officers
جيش عسكري جنود جندي قوات عسكرية army military troops soldiers soldier forces
بنك مصرف المصرف مؤسسة_الإصدار مركزي bank central_bank
شركة مجموعة مؤسسة company firm group
صندوق_النقد imf
أمم_متحدة مجلس_الأمن united_nations security_council
بحر ساحل سواحل شاطئ sea coast beach
جبل جبلية mountain climbers mountaineers
جزيرة island
قرية بلدة village town
عاصمة capital
محافظة ولاية إقليم عمالة province governorate
داعش تنظيم_الدولة isis islamic_state
قسد سوريا_الديمقراطية sdf
حماس كتائب_القسام hamas
حزب_الله hezbollah
حوثي الحوثيين الحوثيون houthi houthis
طالبان taliban
واشنطن أميركا أميركي الولايات_المتحدة أمريكا أمريكي البيت_الأبيض united_states american us washington
موسكو روسيا روسي الكرملين russia russian moscow kremlin
إسرائيل إسرائيلي الاحتلال تل_أبيب israel israeli
بكين الصين صيني china chinese beijing
باريس فرنسا فرنسي france french paris
لندن بريطانيا بريطاني britain british uk london
برلين ألمانيا ألماني germany german berlin
أنقرة تركيا تركي turkey turkish ankara
طهران إيران إيراني iran iranian tehran
كييف أوكرانيا أوكراني ukraine ukrainian kyiv
مدريد إسبانيا إسباني spain spanish
روما إيطاليا إيطالي italy italian
أثينا اليونان يوناني greece greek athens
القاهرة مصر مصري egypt egyptian cairo
بغداد العراق عراقي iraq iraqi baghdad
عمان الأردن أردني jordan jordanian
دمشق سوريا سوري سورية syria syrian damascus
بيروت لبنان لبناني lebanon lebanese
الرياض السعودية سعودي المملكة saudi riyadh
الدوحة قطر قطري qatar qatari doha
كابل أفغانستان أفغاني الأفغانية afghanistan afghan kabul
الخرطوم السودان سوداني sudan sudanese khartoum
طرابلس ليبيا ليبي libya libyan
تونس تونسي tunisia tunisian tunis
الجزائر جزائري algeria algerian algiers
المغرب مغربي morocco moroccan
اليمن يمني صنعاء yemen yemeni
فلسطين فلسطيني palestinian palestinians
الكويت كويتي kuwait kuwaiti
طوكيو اليابان ياباني japan japanese
سيول_الكورية كوريا كوري korea korean
بلغراد صربيا صربي serbia serbian
هيئة سلطة إدارة authority administration
صحة صحية health
تعليم تربية education
`;

/** Names of meanings: they begin with a mark that no word begins with. */
export const meanings = new Set<string>();
const ofOccurrence = '=';
const ofName = '@';
const meaningOf = new Map<string, string>();
const phrases = new Map<string, { rest: string; meaning: string }[]>();
for (const line of occurrences.trim().split('\n')) readLine(line.split(' '), ofOccurrence);
for (const line of names.trim().split('\n')) readLine(line.split(' '), ofName);

function readLine(all: readonly string[], mark: string): void {
  const meaning = `${mark}${stemOf(all[0] ?? '')}`;
  meanings.add(meaning);
  for (const word of all) {
    const [head = '', rest] = word.split('_').map((part) => stemOf(part));
    if (rest !== undefined) phrases.set(head, [...(phrases.get(head) ?? []), { rest, meaning }]);
    // A word of two meanings is of the one that is named first.
    else if (!meaningOf.has(head)) meaningOf.set(head, meaning);
  }
}

export function isNameOfOccurrence(meaning: string): boolean {
  return meaning.startsWith(ofOccurrence);
}

/** What a text of these stems says, in order: for each word its meaning, or the word itself where it has none here. */
export function meaningsOf(stems: readonly string[]): string[] {
  const found: string[] = [];
  for (let index = 0; index < stems.length; index += 1) {
    const stem = stems[index] ?? '';
    const phrase = phrases.get(stem)?.find(({ rest }) => rest === stems[index + 1]);
    if (phrase) {
      found.push(phrase.meaning);
      index += 1;
    } else if (stem.length > 1) found.push(meaningOf.get(stem) ?? stem);
  }
  return found;
}

function stemOf(word: string): string {
  return lightStem(words(word)[0] ?? '', isCommonArabicStem);
}
