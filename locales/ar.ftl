### ما يقوله البوت بالعربية.
### المفاتيح المنتهية بـ button أو answer أو label أو name، وما يبدأ بـ command أو bot أو duration: نص بلا وسوم.

language-name = العربية

## البداية والتوقف

start-greeting =
    أهلًا وسهلًا بك.

    من هنا تصلك أخبار المواضيع التي تختارها: كل خبر مرة واحدة، فور نشره، بضع رسائل في اليوم بقدر ما تنشر غرفة الأخبار، ولا شيء غير ذلك.

    تستطيع تغيير مواضيعك متى شئت بالأمر /topics، وإيقاف الرسائل بالأمر /stop.
start-welcome-back =
    { $count ->
        [zero] أهلًا بعودتك.
        [one] أهلًا بعودتك. موضوعك محفوظ كما تركته، وستصلك أخباره من الآن.
        [two] أهلًا بعودتك. موضوعاك محفوظان كما تركتهما، وستصلك أخبارهما من الآن.
        [few] أهلًا بعودتك. مواضيعك محفوظة كما تركتها، وستصلك أخبارها من الآن.
        [many] أهلًا بعودتك. مواضيعك محفوظة كما تركتها، وستصلك أخبارها من الآن.
       *[other] أهلًا بعودتك. مواضيعك محفوظة كما تركتها، وستصلك أخبارها من الآن.
    }
stop-done = توقّفنا عن مراسلتك، ولن تصلك أخبار بعد الآن. احتفظنا بما تتابعه، فإن أردت العودة يومًا فأرسل /start.
stop-already = الرسائل متوقفة من قبل، ولا يصلك منّا شيء. للعودة أرسل /start.

## المواضيع

topics-prompt =
    { $count ->
        [zero] اختر المواضيع التي تريد أخبارها. اضغط موضوعًا لمتابعته، ثم اضغطه ثانية إن عدلت عنه.
        [one] تتابع موضوعًا واحدًا. اضغط موضوعًا لمتابعته أو لترك متابعته.
        [two] تتابع موضوعين. اضغط موضوعًا لمتابعته أو لترك متابعته.
        [few] تتابع { $count } مواضيع. اضغط موضوعًا لمتابعته أو لترك متابعته.
        [many] تتابع { $count } موضوعًا. اضغط موضوعًا لمتابعته أو لترك متابعته.
       *[other] تتابع { $count } موضوع. اضغط موضوعًا لمتابعته أو لترك متابعته.
    }
topics-done =
    { $count ->
        [zero] لم تختر أي موضوع، فلن تصلك إلا أخبار ما تتابعه من كلمات. للاختيار أرسل /topics متى شئت.
        [one] تم. تتابع موضوعًا واحدًا، وستصلك أخباره فور نشرها. لتغيير اختيارك أرسل /topics.
        [two] تم. تتابع موضوعين، وستصلك أخبارهما فور نشرها. لتغيير اختيارك أرسل /topics.
        [few] تم. تتابع { $count } مواضيع، وستصلك أخبارها فور نشرها. لتغيير اختيارك أرسل /topics.
        [many] تم. تتابع { $count } موضوعًا، وستصلك أخبارها فور نشرها. لتغيير اختيارك أرسل /topics.
       *[other] تم. تتابع { $count } موضوع، وستصلك أخبارها فور نشرها. لتغيير اختيارك أرسل /topics.
    }
topics-empty = لم تضع غرفة الأخبار مواضيع بعد. عُد إلينا قريبًا وأرسل /topics.
topic-on-button = ✅ { $topic }
topic-off-button = ▫️ { $topic }
topic-on-answer = أصبحت تتابع «{ $topic }».
topic-off-answer = لم تعد تتابع «{ $topic }».
topic-followed = أصبحت تتابع «<b>{ $topic }</b>»، وستصلك أخباره فور نشرها.
topic-unknown = الموضوع الذي يشير إليه هذا الرابط غير موجود، وربما تغيّر اسمه. المواضيع المتاحة تجدها دائمًا بالأمر /topics.
done-button = تم

## كلمات القارئ

keywords-prompt =
    { $count ->
        [zero] لا تتابع أي كلمة. حين تتابع كلمة أو عبارة يصلك كل خبر جديد ترد فيه، أيًا كان موضوعه.
        [one] تتابع كلمة واحدة، ويصلك كل خبر جديد ترد فيه. اضغطها لترك متابعتها.
        [two] تتابع كلمتين، ويصلك كل خبر جديد ترد فيه إحداهما. اضغط كلمة لترك متابعتها.
        [few] تتابع { $count } كلمات، ويصلك كل خبر جديد ترد فيه إحداها. اضغط كلمة لترك متابعتها.
        [many] تتابع { $count } كلمة، ويصلك كل خبر جديد ترد فيه إحداها. اضغط كلمة لترك متابعتها.
       *[other] تتابع { $count } كلمة، ويصلك كل خبر جديد ترد فيه إحداها. اضغط كلمة لترك متابعتها.
    }

    تستطيع متابعة { $max } كلمة أو عبارة. للإضافة أرسل الأمر وبعده ما تريد متابعته، مثل:
    /keywords الليرة السورية
keyword-added = أصبحت تتابع «<b>{ $keyword }</b>».
keyword-known = «<b>{ $keyword }</b>» بين كلماتك من قبل.
keyword-full = لم نُضِف «<b>{ $keyword }</b>»، فقد بلغت الحد الأقصى. اترك كلمة من كلماتك لتضيف غيرها.
keyword-too-long = لم نُضِف «<b>{ $keyword }</b>»، فهي أطول مما نستطيع متابعته. جرّب كلمة أو عبارة قصيرة.
keyword-no-word = لم نُضِف «<b>{ $keyword }</b>»، فليس فيها كلمة نتابعها.
keyword-remove-button = ✕ { $keyword }
keyword-removed-answer = لم تعد تتابع «{ $keyword }».
keyword-gone-answer = لم تكن هذه الكلمة بين كلماتك. هذه كلماتك الآن.

## البحث

search-ask =
    نجد لك أحدث الأخبار التي ترد فيها كل كلماتك، بأي صيغة وردت. أرسل الأمر وبعده ما تبحث عنه، مثل:
    /search الليرة السورية
search-nothing =
    لم نجد خبرًا ترد فيه كل كلمات «<b>{ $query }</b>».

    جرّب كلمات أقل أو أعمّ، أو اكتبها بصورة أخرى. وإن أردت أن يصلك ما يُنشر عنها لاحقًا، فأرسل /keywords وبعده الكلمة.
search-found =
    { $count ->
        [zero] لم نجد خبرًا فيه «<b>{ $query }</b>».
        [one] وجدنا خبرًا واحدًا فيه «<b>{ $query }</b>»:
        [two] وجدنا خبرين فيهما «<b>{ $query }</b>»:
        [few] أحدث { $count } أخبار فيها «<b>{ $query }</b>»:
        [many] أحدث { $count } خبرًا فيها «<b>{ $query }</b>»:
       *[other] أحدث { $count } خبر فيها «<b>{ $query }</b>»:
    }
search-result =
    { $headline }
    { $source }

## اللغة

language-prompt = بأي لغة نخاطبك؟
language-changed = سنخاطبك بالعربية من الآن. الأخبار نفسها تصلك بلغتها الأصلية.

## المساعدة وما لا نفهمه

help-readers =
    تصلك هنا أخبار المواضيع والكلمات التي تتابعها، كل خبر مرة واحدة فور نشره. وهذه هي الأوامر:

    { $commands }
help-editors =
    <b>للمحررين</b>

    { $commands }
help-command = { $command } — { $description }
unknown-text = عذرًا، لا أقرأ الرسائل الحرّة. لاختيار مواضيعك أرسل /topics، وللبحث في الأخبار /search، ولمعرفة سائر الأوامر أرسل /help.
stale-button-answer = هذا الزر قديم ولم يعد يعمل. أرسل /topics لترى مواضيعك الآن.
cancel-done = أُلغي ما كنت تعمل عليه، ولم يُرسل شيء.
cancel-nothing = ليس هناك ما يُلغى. لمعرفة الأوامر أرسل /help.
error-internal = عذرًا، حدث خطأ عندنا ولم يتم ما طلبته. أعد المحاولة بعد قليل.

## رسائل المحررين إلى الجميع

broadcast-ask =
    أرسل الآن الرسالة التي تريد إيصالها: نصًا أو صورة أو ملفًا أو ألبومًا. ستراها أولًا كما سيراها القرّاء، ثم تختار من تصلهم.

    للتراجع أرسل /cancel.
broadcast-unknown-command = هذا أمر لا نعرفه، ولا تُمرَّر الأوامر إلى القرّاء. أرسل رسالتك، أو عُد بالأمر /cancel.
broadcast-album-collecting =
    { $count ->
        [zero] لم يصل من الألبوم شيء بعد. أرسل أجزاءه، ثم اضغط «معاينة».
        [one] وصل جزء واحد من الألبوم. حين تصل كل أجزائه اضغط «معاينة».
        [two] وصل جزءان من الألبوم. حين تصل كل أجزائه اضغط «معاينة».
        [few] وصلت { $count } أجزاء من الألبوم. حين تصل كل أجزائه اضغط «معاينة».
        [many] وصل { $count } جزءًا من الألبوم. حين تصل كل أجزائه اضغط «معاينة».
       *[other] وصل { $count } جزء من الألبوم. حين تصل كل أجزائه اضغط «معاينة».
    }
broadcast-preview-button = معاينة
broadcast-preview-intro = هكذا ستصل رسالتك:
broadcast-preview-failed = لا يسمح تيليغرام بإرسال نسخة من هذه الرسالة ({ $reason }). أرسل رسالة غيرها، أو أرسل /cancel للتراجع.
broadcast-audience-question = إلى من نرسلها؟
broadcast-audience-everyone-button = الجميع: القرّاء والقنوات ({ $count })
broadcast-audience-readers-button = القرّاء فقط ({ $count })
broadcast-audience-topic-button = متابعو «{ $topic }» ({ $count })
broadcast-audience-everyone-label = الجميع: القرّاء والقنوات
broadcast-audience-readers-label = القرّاء فقط
broadcast-audience-topic-label = متابعو «{ $topic }»
broadcast-audience-empty-answer = ليس بين هؤلاء من نستطيع مراسلته الآن. اختر جمهورًا آخر، أو أرسل /cancel للتراجع.
broadcast-confirm =
    <b>الجمهور:</b> { $audience }
    <b>العدد:</b> { $count ->
        [zero] لا أحد
        [one] محادثة واحدة
        [two] محادثتان
        [few] { $count } محادثات
        [many] { $count } محادثة
       *[other] { $count } محادثة
    }
    <b>المدة المتوقعة:</b> { $duration }

broadcast-once-off = حيث لا يأتي جواب ولا نعرف هل وصلت، نعيد إرسالها مرة: فقد تصل مرتين.
broadcast-once-on = حيث لا يأتي جواب ولا نعرف هل وصلت، لا نعيد إرسالها: فقد لا تصل.
broadcast-once-off-button = ▫️ مرّة واحدة على الأكثر
broadcast-once-on-button = ✅ مرّة واحدة على الأكثر
broadcast-confirm-question = لا يمكن التراجع بعد الإرسال. هل نرسلها؟
broadcast-send-button = إرسال
broadcast-cancel-button = إلغاء
broadcast-cancelled = أُلغيت الرسالة، ولم تُرسل إلى أحد. لرسالة جديدة أرسل /broadcast.
broadcast-expired-answer = هذا الزر من رسالة سابقة ولم يعد يعمل. لرسالة جديدة أرسل /broadcast.
broadcast-progress =
    <b>الإرسال جارٍ</b>
    وصلت: { $sent } من { $total }
    تعذّر الوصول إلى أصحابها: { $blocked }
    لم تُرسل لسبب آخر: { $failed }
    الوقت المتبقي: { $remaining }
broadcast-report =
    <b>انتهى الإرسال</b>
    وصلت: { $sent } من { $total }
    تعذّر الوصول إلى أصحابها: { $blocked }
    لم تُرسل لسبب آخر: { $failed }
    لا نعرف إن وصلت: { $unknown }
broadcast-stopped =
    <b>توقّف الإرسال</b>
    رفض تيليغرام مضمون الرسالة: { $reason }
    وصلت قبل ذلك: { $sent } من { $total }
    لا نعرف إن وصلت: { $unknown }

    صحّح الرسالة، ثم أرسلها من جديد بالأمر /broadcast.

broadcast-unknown-again =
    { $count ->
        [zero] لا محادثة بقي أمرها مجهولًا.
        [one] أرسلنا إلى محادثة واحدة ولم يأتِ جواب: ربما وصلتها الرسالة مرة أو مرتين، وربما لم تصلها.
        [two] أرسلنا إلى محادثتين ولم يأتِ جواب: ربما وصلتهما الرسالة مرة أو مرتين، وربما لم تصلهما.
        [few] أرسلنا إلى { $count } محادثات ولم يأتِ جواب: ربما وصلتها الرسالة مرة أو مرتين، وربما لم تصلها.
        [many] أرسلنا إلى { $count } محادثة ولم يأتِ جواب: ربما وصلتها الرسالة مرة أو مرتين، وربما لم تصلها.
       *[other] أرسلنا إلى { $count } محادثة ولم يأتِ جواب: ربما وصلتها الرسالة مرة أو مرتين، وربما لم تصلها.
    }
broadcast-unknown-once =
    { $count ->
        [zero] لا محادثة بقي أمرها مجهولًا.
        [one] أرسلنا إلى محادثة واحدة ولم يأتِ جواب: ربما وصلتها الرسالة وربما لم تصلها، ولم نُعِد إرسالها كما هو مطلوب.
        [two] أرسلنا إلى محادثتين ولم يأتِ جواب: ربما وصلتهما الرسالة وربما لم تصلهما، ولم نُعِد إرسالها كما هو مطلوب.
        [few] أرسلنا إلى { $count } محادثات ولم يأتِ جواب: ربما وصلتها الرسالة وربما لم تصلها، ولم نُعِد إرسالها كما هو مطلوب.
        [many] أرسلنا إلى { $count } محادثة ولم يأتِ جواب: ربما وصلتها الرسالة وربما لم تصلها، ولم نُعِد إرسالها كما هو مطلوب.
       *[other] أرسلنا إلى { $count } محادثة ولم يأتِ جواب: ربما وصلتها الرسالة وربما لم تصلها، ولم نُعِد إرسالها كما هو مطلوب.
    }

## حال غرفة الأخبار

status-heading = <b>حال غرفة الأخبار</b>
status-feeds-none = لا مصادر بعد. أضف مصدرًا من سطر الأوامر.
status-feeds = المصادر: { $ok } تعمل، { $failing } متعثرة، { $paused } موقوفة.
status-feed-failing = ⚠️ { $feed }: { $problem }
status-paused = ⏸ طلب تيليغرام التمهّل؛ يُستأنف الإرسال بعد { $duration }.
status-slowed = 🐢 عدّ تيليغرام إرسالنا أسرع مما يُسمح به. أقصى عدد للرسائل في الثانية حاليًا: { $perSecond }، وتعود السرعة تدريجيًا من تلقاء نفسها.
status-paid = ⭐ الرسائل المدفوعة اليوم: { $count }. النجوم: { $stars } من { $ceiling }.
status-unknown =
    { $count ->
        [zero] لا رسائل مجهولة المصير.
        [one] رسالة واحدة لا يُعرف أوصلت أم لا: انقطع الاتصال في أثناء إرسالها.
        [two] رسالتان لا يُعرف أوصلتا أم لا: انقطع الاتصال في أثناء إرسالهما.
        [few] { $count } رسائل لا يُعرف أوصلت أم لا: انقطع الاتصال في أثناء إرسالها.
        [many] { $count } رسالة لا يُعرف أوصلت أم لا: انقطع الاتصال في أثناء إرسالها.
       *[other] { $count } رسالة لا يُعرف أوصلت أم لا: انقطع الاتصال في أثناء إرسالها.
    }
status-run-failed = ⚠️ { $stage }: تعطّلت آخر جولة. { $problem }
status-stage-collect = جمع الأخبار
status-stage-recheck = مراجعة المنشور
status-stage-publish = إعداد الأخبار
status-stage-send = الإرسال
feed-problem-not-a-feed = العنوان يعطي شيئًا غير خلاصة الأخبار. صحّح العنوان في ملف غرفة الأخبار.
feed-problem-slow-down = الموقع يطلب التمهّل، وسنعود إليه بعد المدة التي طلبها.
feed-problem-gone = الموقع يقول إن هذا العنوان أُلغي نهائيًا. ابحث عن العنوان الجديد.
feed-problem-missing = لا شيء في هذا العنوان. تحقّق منه.
feed-problem-denied = الموقع لا يسمح لنا بالدخول. اطلب من القائمين عليه السماح للبرنامج.
feed-problem-server-error = الموقع يجيب بخطأ من جهته، وسنعيد المحاولة.
feed-problem-refused = العنوان في شبكة خاصة أو بروتوكوله غير مسموح، ولذلك لا نطلبه.
feed-problem-too-large = الجواب أكبر من الحد المسموح.
feed-problem-timeout = الموقع لا يجيب في الوقت المحدد، وسنعيد المحاولة.
feed-problem-unreachable = لا يمكن الوصول إلى الموقع، وسنعيد المحاولة.
feed-problem-broken = انقطع الجواب أو فسد في الطريق، وسنعيد المحاولة.
feed-problem-redirect-loop = العنوان يحيل إلى نفسه بلا نهاية. صحّح العنوان.
status-backlog =
    { $count ->
        [zero] لا رسائل تنتظر الإرسال.
        [one] رسالة واحدة تنتظر الإرسال.
        [two] رسالتان تنتظران الإرسال.
        [few] { $count } رسائل تنتظر الإرسال.
        [many] { $count } رسالة تنتظر الإرسال.
       *[other] { $count } رسالة تنتظر الإرسال.
    }
status-last-round =
    { $articles ->
        [zero] آخر جولة: { $time }، بلا مقالات جديدة.
        [one] آخر جولة: { $time }، وفيها مقال جديد واحد.
        [two] آخر جولة: { $time }، وفيها مقالان جديدان.
        [few] آخر جولة: { $time }، وفيها { $articles } مقالات جديدة.
        [many] آخر جولة: { $time }، وفيها { $articles } مقالًا جديدًا.
       *[other] آخر جولة: { $time }، وفيها { $articles } مقال جديد.
    }
status-last-round-never = لم تجرِ أي جولة بعد.
status-recipients = القرّاء: { $readers } (حظر البوتَ منهم { $blocked }). القنوات: { $channels } (المعطّلة منها { $disabled }).
story-refused = توقّف إرسال الخبر «<b>{ $headline }</b>» لأن تيليغرام رفض مضمونه: { $reason }. نرجو مراجعة المقال في مصدره.
correction-refused = تعذّر تصحيح الخبر «<b>{ $headline }</b>» عند من وصلهم لأن تيليغرام رفض مضمون التصحيح: { $reason }. نرجو مراجعة المقال في مصدره.

## المواضيع التي يقترحها النموذج

suggestion-question =
    <b>{ $headline }</b>

    هل نضيف هذا الخبر إلى موضوع «<b>{ $topic }</b>»؟ يرجّح النموذج ذلك بنسبة { $percent }%.
suggestion-accept-button = ✓ نعم، أضِفه
suggestion-dismiss-button = ✗ ليس منه
suggestion-accepted =
    <b>{ $headline }</b>

    ✅ أُضيف إلى موضوع «<b>{ $topic }</b>».
suggestion-accepted-told =
    <b>{ $headline }</b>

    ✅ أُضيف إلى موضوع «<b>{ $topic }</b>»، وسيصل إلى متابعيه.
suggestion-accepted-untold =
    <b>{ $headline }</b>

    ✅ أُضيف إلى موضوع «<b>{ $topic }</b>»، ولن يُرسل إلى متابعيه لأنه قديم أو مسحوب.
suggestion-dismissed =
    <b>{ $headline }</b>

    ✖️ ليس من موضوع «<b>{ $topic }</b>»، ولن يُضاف إليه.
suggestion-decided-answer = سبق البتّ في هذا الاقتراح.
suggestion-gone-answer = لم يعد هذا الاقتراح قائمًا. أرسل /suggestions لترى ما ينتظر قرارك.
suggestions-none = لا اقتراحات تنتظر قرارك. هنا تجد المواضيع التي يرجّحها النموذج لبعض الأخبار ولا يجزم بها.
suggestions-more =
    { $count ->
        [zero] لم يبقَ اقتراح آخر.
        [one] بقي اقتراح واحد.
        [two] بقي اقتراحان.
        [few] بقيت { $count } اقتراحات.
        [many] بقي { $count } اقتراحًا.
       *[other] بقي { $count } اقتراح.
    }
suggestions-more-button = عرض المزيد

## سحب الأخبار

withdraw-ask = أرسل /withdraw وبعده رابط المقال، أو أرسله ردًا على الخبر كما وصلك في هذه المحادثة.
withdraw-unknown = لم نجد الخبر الذي تقصده. أرسل /withdraw وبعده رابط المقال كما هو في مصدره، أو أرسله ردًا على الخبر كما وصلك هنا.
withdraw-confirm =
    <b>{ $headline }</b>

    { $count ->
        [zero] هل نسحب هذا الخبر؟ لم يصل أحدًا بعد، ولن يصل.
        [one] هل نسحب هذا الخبر؟ وصل إلى محادثة واحدة، وسيُحذف منها، أو يُشطب إن مضى عليه يومان.
        [two] هل نسحب هذا الخبر؟ وصل إلى محادثتين، وسيُحذف منهما، أو يُشطب إن مضى عليه يومان.
        [few] هل نسحب هذا الخبر؟ وصل إلى { $count } محادثات، وسيُحذف منها، أو يُشطب إن مضى عليه يومان.
        [many] هل نسحب هذا الخبر؟ وصل إلى { $count } محادثة، وسيُحذف منها، أو يُشطب إن مضى عليه يومان.
       *[other] هل نسحب هذا الخبر؟ وصل إلى { $count } محادثة، وسيُحذف منها، أو يُشطب إن مضى عليه يومان.
    }

    لا رجعة في السحب.
withdraw-yes-button = اسحبه
withdraw-no-button = أبقِه
withdraw-done =
    <s>{ $headline }</s>

    سُحب هذا الخبر، ويجري حذفه أو شطبه عند من وصلهم.
withdraw-already =
    <s>{ $headline }</s>

    سبق أن سُحب هذا الخبر.
withdraw-kept =
    <b>{ $headline }</b>

    لم يُسحب هذا الخبر، وبقي كما هو.

## لماذا وصل الخبر أو لم يصل

why-ask =
    لماذا وصل خبر إلى محادثة، أو لماذا لم يصل؟ أرسل الأمر وبعده رقم المحادثة أو اسم القناة، ثم رقم الخبر أو رابطه:
    /why @channel https://news.example/story

    ومن دون خبر ترى آخر ما كان لهذه المحادثة. ويكفي أن ترسل /why ردًا على خبر وصلك هنا، أو على منشور أعدت توجيهه من قناة.
why-chat-unknown = لا نعرف المحادثة { $chat }: لم تبدأ مع البوت، وليست قناة ننشر فيها. أرسل رقمها، أو اسم القناة مسبوقًا بعلامة @.
why-story-unknown = لم نجد الخبر الذي تقصده. أرسل رقمه أو رابط المقال كما هو في مصدره، أو أرسل /why ردًا على الخبر كما وصلك هنا.
why-nothing = لم يكن لهذه المحادثة شيء بعد.
why-story =
    <b>{ $headline }</b>
    { $chat }
why-owed = آخر ما كان لهذه المحادثة، والأحدث أولًا. { $chat }

explain-subscriber = قارئ، رقم محادثته { $chat }
explain-channel = قناة { $chat }
explain-group = مجموعة { $chat }
explain-of-story = خبر: { $headline }
explain-of-digest = موجز رقم { $digest }
explain-of-broadcast = رسالة المحررين في { $at }
explain-of-correction = تصحيح الخبر: { $headline }
explain-of-withdrawal = سحب الخبر: { $headline }
explain-unknown-time-label = وقت غير معروف
explain-lane-breaking-label = العاجل
explain-lane-answer-label = الأجوبة
explain-lane-story-label = الأخبار
explain-lane-digest-label = الموجزات
explain-lane-broadcast-label = رسائل المحررين
explain-lane-correction-label = التصحيحات

explain-sent = أُرسل في { $at }، ورقم رسالته هناك { $message }.
explain-sent-unnamed = أُرسل في { $at }، ولا يُعرف رقم رسالته، أو أنها لم تعد هناك.
explain-perhaps-twice = لم يأتِ جواب عن محاولة قبلها فأُعيد الإرسال: ربما وصل مرتين.
explain-by-topics = السبب: متابعة المواضيع { $topics }.
explain-by-keywords = السبب: ورود كلمات تتابعها المحادثة: { $keywords }.
explain-lane = دوره مع { $lane }، وتقرّر إرساله في { $at }.
explain-planned = ينتظر الإرسال.
explain-next = ينتظر الإرسال، ولا شيء قبله.
explain-waits =
    { $count ->
        [zero] ينتظر الإرسال، ولا رسائل قبله.
        [one] ينتظر الإرسال، وقبله رسالة واحدة (الدفعات قبل دفعته: { $total }).
        [two] ينتظر الإرسال، وقبله رسالتان (الدفعات قبل دفعته: { $total }).
        [few] ينتظر الإرسال، وقبله { $count } رسائل (الدفعات قبل دفعته: { $total }).
        [many] ينتظر الإرسال، وقبله { $count } رسالة (الدفعات قبل دفعته: { $total }).
       *[other] ينتظر الإرسال، وقبله { $count } رسالة (الدفعات قبل دفعته: { $total }).
    }
explain-in-hands = تُرسل دفعته الآن.
explain-waits-until = ينتظر الإرسال حتى { $at } على الأقل.
explain-held = ينتظر ليُجمع مع غيره في موجز.
explain-tried =
    { $count ->
        [zero] لم يُجرَّب إرساله بعد.
        [one] جُرِّب إرساله مرة ولم يُرسل بعد: { $reason }
        [two] جُرِّب إرساله مرتين ولم يُرسل بعد: { $reason }
        [few] جُرِّب إرساله { $count } مرات ولم يُرسل بعد: { $reason }
        [many] جُرِّب إرساله { $count } مرة ولم يُرسل بعد: { $reason }
       *[other] جُرِّب إرساله { $count } مرة ولم يُرسل بعد: { $reason }
    }
explain-chat-pace = لا يُكتب إلى هذه المحادثة قبل { $at }، مراعاةً لما يسمح به تيليغرام لكل محادثة.
explain-paused = طلب تيليغرام التمهّل، والإرسال كله متوقف. المدة الباقية: { $duration }.
explain-slowed = الإرسال مُبطأ إلى { $percent }% من سرعته لأن تيليغرام طلب التمهّل.
explain-sending = يُرسل في هذه اللحظة، ولم يأتِ الجواب بعد.
explain-doubtful = أُرسل ولم يأتِ الجواب ({ $reason }): ربما وصل. سيُعاد إرساله مرة واحدة.
explain-unknown-twice = لا نعرف إن وصل: أُرسل ثم أُعيد إرساله ولم يأتِ جواب في المرتين، ولن يُعاد. { $at }: { $reason }
explain-unknown-once = لا نعرف إن وصل: أُرسل ولم يأتِ جواب، ولم يُعَد لأنه طُلب مرّة واحدة على الأكثر. { $at }: { $reason }
explain-unknown-since = لا نعرف إن وصل: أُرسل ولم يأتِ جواب، ثم لم يُعَد لهذا السبب: { $reason } ({ $at })
explain-failed = لم يُرسل. هذا ما كان الجواب في { $at }: { $reason }
explain-canceled = لم يُرسل، وأُغلق في { $at } لهذا السبب: { $reason }
explain-canceled-withdrawn = لم يُرسل، لأنه سُحب قبل أن يأتي دوره ({ $reason }). أُغلق في { $at }.
explain-canceled-superseded = لم يُرسل، لأن ما جاء بعده يغني عنه ({ $reason }). أُغلق في { $at }.
explain-canceled-stale = لم يُرسل، لأنه كان أقدم من أن يُرسل ({ $reason }). أُغلق في { $at }.
explain-canceled-left = لم يُرسل، لأن المحادثة لم تعد تُراسَل حين جاء دوره ({ $reason }). أُغلق في { $at }.
explain-in-digest = لم يُرسل وحده، بل في الموجز رقم { $digest }:
explain-will-not = لن يُرسل: { $reason }. يُغلق حين يأتي دوره.
explain-will-not-away = لن يُرسل، لأن المحادثة لا تُراسَل الآن. يُغلق حين يأتي دوره.
explain-will-not-left = لن يُرسل، لأن المحادثة توقّفت في { $at } بعد أن تقرّر، ثم عادت. يُغلق حين يأتي دوره.
explain-chat-stopped = المحادثة متوقفة بالأمر /stop منذ { $at }.
explain-chat-blocked = البوت محظور في المحادثة منذ { $at }: { $reason }
explain-chat-disabled = لا يستطيع البوت الكتابة في المحادثة منذ { $at }: { $reason }
explain-came-later = لم تكن المحادثة عندنا حين تقرّر إلى من يُرسل الخبر ({ $planned }). انضمّت في { $at }.
explain-away = كانت المحادثة قد توقّفت في { $at } ثم عادت. ما دام الخبر لم يُقرَّر لها، فقد كانت متوقفة حين تقرّر.
explain-no-topics = الخبر بلا موضوع، والمحادثة لا تتابع أي موضوع.
explain-story-no-topics = الخبر بلا موضوع. المحادثة تتابع { $chatTopics }.
explain-chat-no-topics = المحادثة لا تتابع أي موضوع. مواضيع الخبر { $storyTopics }.
explain-no-common-topic = مواضيع الخبر { $storyTopics }، والمحادثة لا تتابع أيًا منها، بل تتابع { $chatTopics }.
explain-followed-later = المحادثة تتابع { $topics }، ولكن منذ ما بعد { $planned } حين تقرّر إلى من يُرسل الخبر.
explain-keywords-later = تتابع المحادثة كلمات ترد فيه: { $keywords }، ولكن منذ ما بعد { $planned } حين تقرّر إلى من يُرسل.
explain-keywords-not-found = لا ترد فيه أي من كلمات المحادثة: { $keywords }.
explain-language-differs = لغة الخبر { $storyLanguage }، وهذه القناة لا تنشر إلا بلغتها: { $chatLanguage }.
explain-no-reason = لم يتقرّر لهذه المحادثة، وليس فيما نعرفه اليوم ما يقول لماذا: ربما كانت تتابع غير ما تتابعه الآن، أو تغيّرت مواضيع الخبر.
explain-story-unplanned = لم يتقرّر بعد إلى من يُرسل الخبر.
explain-story-waits-model = ينتظر الخبر موجزه من النموذج حتى { $at } على الأكثر، ثم يتقرّر إلى من يُرسل.
explain-story-withdrawn = سُحب هذا الخبر في { $at }.
explain-article-old = جاء المقال في { $at } مع أول جولة لمصدره ولم يكن جديدًا، وما كان كذلك يُحفظ ولا يُرسل.
explain-article-waits = وصل المقال في { $at }، ولم يُقرأ ويُضمّ إلى خبر بعد.
explain-article-withdrawn = سُحب المقال في { $at }: { $reason }
explain-article-joined = لا يُروى المقال وحده، فقد انضم إلى الخبر رقم { $story }: { $headline }
explain-corrected = صُحّحت رسالته في { $at }.
explain-correcting = ينتظر تصحيح رسالته.
explain-not-corrected = لم تُصحَّح رسالته: { $reason }
explain-taken-back = حُذفت رسالته أو شُطبت في { $at }.
explain-taking-back = ينتظر حذف رسالته أو شطبها.
explain-not-taken-back = لم تُحذف رسالته ولم تُشطب: { $reason }

## القنوات

channel-added = أصبح البوت مشرفًا في قناة «<b>{ $title }</b>».
channel-added-without-rights =
    ليس للبوت صلاحية النشر في قناة «<b>{ $title }</b>»، فلن يصلها شيء.

    امنحه صلاحية «نشر الرسائل» من إعدادات المشرفين في القناة، وسنخبرك حين يصبح جاهزًا.
channel-removed = لم يعد البوت في قناة «<b>{ $title }</b>»، فأوقفنا النشر فيها. لاستئنافه أضِف البوت إليها مشرفًا من جديد.
channel-disabled =
    توقّف النشر في قناة «<b>{ $title }</b>» لأن تيليغرام رفضه: { $reason }

    تأكد من أن البوت مشرف فيها وله صلاحية «نشر الرسائل»، ثم أضِفه إليها من جديد.
channel-topics-prompt =
    { $count ->
        [zero] اختر المواضيع التي تُنشر أخبارها في «<b>{ $title }</b>»: لا شيء يُنشر فيها حتى الآن.
        [one] يُنشر في «<b>{ $title }</b>» موضوع واحد. اضغط موضوعًا لإضافته أو حذفه.
        [two] يُنشر في «<b>{ $title }</b>» موضوعان. اضغط موضوعًا لإضافته أو حذفه.
        [few] يُنشر في «<b>{ $title }</b>» { $count } مواضيع. اضغط موضوعًا لإضافته أو حذفه.
        [many] يُنشر في «<b>{ $title }</b>» { $count } موضوعًا. اضغط موضوعًا لإضافته أو حذفه.
       *[other] يُنشر في «<b>{ $title }</b>» { $count } موضوع. اضغط موضوعًا لإضافته أو حذفه.
    }
channel-topics-done =
    { $count ->
        [zero] لم تختر لقناة «<b>{ $title }</b>» أي موضوع، فلن يُنشر فيها شيء.
        [one] تم. ستُنشر في «<b>{ $title }</b>» أخبار موضوع واحد فور صدورها.
        [two] تم. ستُنشر في «<b>{ $title }</b>» أخبار موضوعين فور صدورها.
        [few] تم. ستُنشر في «<b>{ $title }</b>» أخبار { $count } مواضيع فور صدورها.
        [many] تم. ستُنشر في «<b>{ $title }</b>» أخبار { $count } موضوعًا فور صدورها.
       *[other] تم. ستُنشر في «<b>{ $title }</b>» أخبار { $count } موضوع فور صدورها.
    }
channel-topic-on-answer = أصبحت أخبار «{ $topic }» تُنشر في «{ $title }».
channel-topic-off-answer = لم تعد أخبار «{ $topic }» تُنشر في «{ $title }».

## الأخبار نفسها

story-breaking-label = 🔴 عاجل
story-read-button = قراءة الخبر كاملًا
story-follow-up-label = متابعة
story-also-reported =
    { $count ->
        [zero] ورد أيضًا في: { $names }
        [one] ورد أيضًا في: { $names } ومصدر آخر
        [two] ورد أيضًا في: { $names } ومصدرين آخرين
        [few] ورد أيضًا في: { $names } و{ $count } مصادر أخرى
        [many] ورد أيضًا في: { $names } و{ $count } مصدرًا آخر
       *[other] ورد أيضًا في: { $names } و{ $count } مصدر آخر
    }
story-updated = تحديث: { $time }
story-withdrawn = سُحب هذا الخبر.
digest-heading =
    { $count ->
        [zero] ما فاتك
        [one] ما فاتك: خبر واحد
        [two] ما فاتك: خبران
        [few] ما فاتك: { $count } أخبار
        [many] ما فاتك: { $count } خبرًا
       *[other] ما فاتك: { $count } خبر
    }
digest-other-stories = أخبار أخرى
digest-more =
    { $count ->
        [zero] …
        [one] … وخبر آخر
        [two] … وخبران آخران
        [few] … و{ $count } أخبار أخرى
        [many] … و{ $count } خبرًا آخر
       *[other] … و{ $count } خبر آخر
    }

## الأوامر والتعريف بالبوت

command-start = بدء استقبال الأخبار
command-topics = اختيار المواضيع التي تتابعها
command-keywords = متابعة كلمات تختارها أنت
command-search = البحث في الأخبار
command-language = تغيير لغة البوت
command-stop = إيقاف الرسائل
command-help = ما يفعله هذا البوت وأوامره
command-broadcast = إرسال رسالة إلى القرّاء والقنوات
command-status = حال المصادر والإرسال
command-suggestions = البتّ في المواضيع التي يقترحها النموذج
command-withdraw = سحب خبر ممن وصلهم
command-why = لماذا وصل خبر إلى محادثة أو لم يصل
command-cancel = إلغاء ما تعمل عليه
bot-description =
    أخبار المواضيع التي تختارها، مُلخّصة وفور نشرها.

    اضغط «ابدأ» واختر مواضيعك: يصلك كل خبر مرة واحدة، ولا شيء غير الأخبار، وتستطيع التوقف متى شئت.
bot-short-description = أخبار المواضيع التي تختارها، مُلخّصة وفور نشرها.

## المدد

duration-seconds =
    { $count ->
        [zero] أقل من ثانية
        [one] ثانية واحدة
        [two] ثانيتان
        [few] { $count } ثوانٍ
        [many] { $count } ثانية
       *[other] { $count } ثانية
    }
duration-minutes =
    { $count ->
        [zero] أقل من دقيقة
        [one] دقيقة واحدة
        [two] دقيقتان
        [few] { $count } دقائق
        [many] { $count } دقيقة
       *[other] { $count } دقيقة
    }
duration-hours =
    { $count ->
        [zero] أقل من ساعة
        [one] ساعة واحدة
        [two] ساعتان
        [few] { $count } ساعات
        [many] { $count } ساعة
       *[other] { $count } ساعة
    }
