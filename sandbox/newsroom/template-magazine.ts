// A page of a home-made site: divs all the way, few semantic tags, everything inside one column.
import { escapeAttribute as escape } from '../../src/lib/html.ts';
import { dateText } from './article.ts';
import type { PageParts } from './page.ts';
import type { PublishedArticle } from './publication.ts';

export function renderMagazinePage(article: PublishedArticle, { head, others, readAlso, before, after }: PageParts) {
  const { headline, kicker, author, tags, publishedAt, picture, caption, number, categories } = article;
  return `<!DOCTYPE html>
<html lang="ar" dir="rtl">
<head>
  ${head}
  <script>var page = { id: ${number}, type: 'details' };</script>
</head>
<body class="details">
<div class="top-nav"><div class="container">
  <a class="brand" href="/"><b>بريد المرفأ</b><small>أخبار الساحل كما يرويها أهله</small></a>
  <div class="links"><a href="/s/local">محليات</a><a href="/s/economy">اقتصاد</a><a href="/s/culture">ثقافة</a><a href="/s/sport">رياضة</a><a href="/s/science">علوم وتقنية</a><a href="/live">بث مباشر</a></div>
  <div class="login"><a href="/login">دخول</a> | <a href="/join">حساب جديد</a></div>
</div></div>
<div class="urgent"><span>شريط الأخبار</span><marquee direction="right">${others.slice(0, 4).join(' • ')}</marquee></div>
<div class="banner-ad" data-slot="top">إعلان ممول</div>
<div class="container two-columns">
 <div class="main-col">
  <div class="article-box">
   <div class="section-name"><a href="/s/x">${escape(categories[0] ?? '')}</a></div>
   ${kicker ? `<h4 class="sub-title">${escape(kicker)}</h4>` : ''}
   <h1 class="title">${escape(headline)}</h1>
   <div class="info"><span class="author">بقلم: ${escape(author)}</span><span class="date">${dateText(publishedAt, 'day', 'ar')}</span><span class="read-time">مدة القراءة: دقيقتان</span></div>
   <div class="share-row"><a href="#f" class="fb">مشاركة</a><a href="#x" class="tw">تغريد</a><a href="#t" class="tg">إرسال</a><a href="javascript:window.print()">طباعة</a></div>
   ${
     picture
       ? `<figure class="main-photo"><img src="/pictures/${picture}" alt="${escape(headline)}"><figcaption>camera icon ${escape(caption ?? '')}</figcaption></figure>`
       : ''
   }
   <div class="font-tools">tag icon <button>ع</button> <button>ع</button> <button>ع</button></div>
   <div class="text" id="details-text">
    ${before.map((text) => `<p>${text}</p>`).join('\n    ')}
    <div class="read-more-box"><span>اقرأ أيضًا:</span>${readAlso}</div>
    ${after.map((text, index) => `<p>${text}</p>${index === 0 ? '\n    <div class="in-text-ad" data-slot="mid"><span>تابع القراءة بعد الإعلان</span></div>' : ''}`).join('\n    ')}
    <div class="follow-us">تابعونا على تلغرام لتصلكم الأخبار أولًا بأول</div>
   </div>
   <div class="keywords"><span>كلمات مفتاحية:</span>${tags.map((tag) => `<a href="/k/${encodeURIComponent(tag)}">${escape(tag)}</a>`).join(' ')}</div>
   <div class="reactions"><span>ما رأيك في الخبر؟</span><button>أعجبني</button><button>أحزنني</button><button>أدهشني</button></div>
  </div>
  <div class="support-popup"><a class="x" href="#">×</a>
   <div class="small">الأخبار الصغيرة تصنع المدن الكبيرة..</div>
   <div class="big">نكتب عن شارعك لأننا نسكن فيه، ونستمر بفضلك</div>
   <div class="cta-title">ادعم بريد المرفأ</div>
   <div class="small">اختر المبلغ الذي يناسبك، ولو مرة واحدة</div>
   <a class="cta" href="/support">اضغط هنا للمساهمة</a>
  </div>
  <div class="related"><div class="head">مقالات متعلقة</div>${others
    .slice(0, 5)
    .map((other) => `<div class="card">${other}</div>`)
    .join('')}</div>
  <div class="comments"><div class="head">التعليقات (1)</div>
   <div class="one"><b>قارئة من حي الكروم</b><p>أتابع هذه القصة منذ بدايتها، وأتمنى أن تعودوا إليها بعد شهر لنعرف ماذا تغير.</p></div>
   <form><input placeholder="الاسم"><textarea placeholder="اكتب تعليقك"></textarea><button>أضف تعليقًا</button></form>
  </div>
 </div>
 <div class="side-col">
  <div class="box"><div class="head">الأكثر قراءة</div><ol>${others
    .slice(3, 8)
    .map((other) => `<li>${other}</li>`)
    .join('')}</ol></div>
  <div class="box poll"><div class="head">استطلاع</div><p>هل تقرأ الأخبار صباحًا أم مساء؟</p><label><input type="radio" name="p">صباحًا</label><label><input type="radio" name="p">مساء</label><button>صوّت</button></div>
  <div class="box newsletter"><div class="head">اشترك في نشرتنا البريدية</div><form><input type="email"><button>اشتراك</button></form></div>
 </div>
</div>
<div class="bottom"><p>بريد المرفأ - رأس الزيتون، شارع الميناء القديم. التصميم والبرمجة: فريق الموقع.</p><a href="/terms">شروط الاستخدام</a> <a href="/privacy">الخصوصية</a></div>
<div class="cookie">هذا الموقع يستخدم ملفات الارتباط. <button>قبول الكل</button> <button>رفض</button></div>
<noscript><img height="1" width="1" src="/pixel.gif" alt="" /></noscript>
<script>document.querySelectorAll('.support-popup .x').forEach((x) => (x.onclick = () => x.parentNode.remove()));</script>
</body>
</html>
`;
}
