// A page as a WordPress news theme renders it, with its plug-ins: ticker, share counts, related posts, an appeal.
import { escapeAttribute as escape } from '../../src/lib/html.ts';
import { dateText } from './article.ts';
import type { PageParts } from './page.ts';
import type { PublishedArticle } from './publication.ts';

const blankPixel = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

export function renderWordpressPage(article: PublishedArticle, { head, others, readAlso, before, after }: PageParts) {
  const { headline, kicker, author, categories, tags, publishedAt, number } = article;
  const post = 41_000 + number * 37;
  return `<!DOCTYPE html>
<html lang="ar" dir="rtl" class="no-js">
<head>
  ${head}
  <link rel="pingback" href="/xmlrpc.php" />
  <script>document.documentElement.className = 'js';</script>
</head>
<body class="rtl single single-post postid-${post} single-format-standard">
<div id="cookie-bar" class="cookie-notice" role="dialog">
  <p>نستعين بملفات تعريف الارتباط كي يعمل الموقع كما تحب، ولنعرف أي الأخبار تهم قراءنا.</p>
  <button>موافق</button> <a href="/privacy">سياسة الخصوصية</a>
</div>
<header id="masthead" class="site-header">
  <div class="top-bar"><span>${dateText(publishedAt, 'day', 'ar')}</span> <span class="weather">رأس الزيتون 24°</span></div>
  <a class="custom-logo-link" href="/" rel="home"><span class="logo">بريد المرفأ</span></a>
  <nav class="main-navigation" aria-label="القائمة الرئيسة">
    <ul id="primary-menu" class="menu">
      <li class="menu-item"><a href="/">الرئيسة</a></li>
      <li class="menu-item"><a href="/category/local">محليات</a></li>
      <li class="menu-item"><a href="/category/economy">اقتصاد</a></li>
      <li class="menu-item"><a href="/category/culture">ثقافة</a></li>
      <li class="menu-item"><a href="/category/sport">رياضة</a></li>
      <li class="menu-item"><a href="/category/science">علوم وتقنية</a></li>
      <li class="menu-item"><a href="/video">مرئيات</a></li>
      <li class="menu-item"><a href="/en/">English</a></li>
    </ul>
  </nav>
  <form role="search" class="search-form"><input type="search" placeholder="ابحث في الموقع..." /><button>بحث</button></form>
</header>
<div class="breaking-news ticker"><strong>عاجل</strong><ul>${others
    .slice(0, 3)
    .map((other) => `<li>${other}</li>`)
    .join('')}</ul></div>
<div class="ad ad-leaderboard"><span>إعلان</span><iframe src="about:blank" title="إعلان" width="728" height="90"></iframe></div>
<div id="content" class="site-content">
<main id="primary" class="content-area">
<nav class="breadcrumbs"><a href="/">الرئيسة</a> » <a href="/category/x">${escape(categories[0] ?? '')}</a></nav>
<article id="post-${post}" class="post-${post} post type-post status-publish format-standard has-post-thumbnail hentry">
  <header class="entry-header">
    ${kicker ? `<div class="post-kicker">${escape(kicker)}</div>` : ''}
    <h1 class="entry-title">${escape(headline)}</h1>
    <div class="entry-meta"><span class="byline">${escape(author)}</span> <time class="entry-date published" datetime="${publishedAt.toISOString()}">${dateText(publishedAt, 'stamp', 'ar')}</time> <span class="views">${1200 + number * 73} مشاهدة</span></div>
  </header>
  ${photo(article)}
  <div class="post-tools"><span class="icon-tag">tag icon</span> <span class="font-resize"><a href="#" data-size="1">ع</a> <a href="#" data-size="2">ع</a> <a href="#" data-size="3">ع</a></span></div>
  <div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">شارك الخبر</h3><ul><li><a href="#fb">فيسبوك</a></li><li><a href="#tg">تلغرام</a></li><li><a href="#wa">واتساب</a></li><li><a href="#cp">نسخ الرابط</a></li></ul></div>
  <div class="entry-content">
    ${before.map((text) => `<p>${text}</p>`).join('\n    <div class="code-block ad-inline"></div>\n    ')}
    <p><strong>اقرأ أيضًا: ${readAlso}</strong></p>
    ${after.map((text) => `<p>${text}</p>`).join('\n    ')}
    <p>&nbsp;</p>
  </div>
  <footer class="entry-footer">
    <span class="tags-links">الوسوم: ${tags.map((tag) => `<a href="/tag/${encodeURIComponent(tag)}" rel="tag">${escape(tag)}</a>`).join('، ')}</span>
    <p class="report-error">إذا كنت تعتقد أن في هذا الخبر معلومة غير دقيقة <a href="/correct">أخبرنا بها</a></p>
  </footer>
</article>
<section class="related-posts"><h3>مقالات متعلقة</h3><ul>${others
    .slice(0, 4)
    .map((other) => `<li><a href="#"><img src="/pictures/thumb.jpg" alt="" /></a> ${other}</li>`)
    .join('')}</ul></section>
<div class="donate-box" id="donate"><button class="close">×</button>
  <p>وصلك هذا الخبر مجانًا، ونريد أن يبقى كذلك للجميع..</p>
  <h4>لا معلن يملي علينا ما نكتب.. قراؤنا يكفوننا</h4>
  <h3>ادعم بريد المرفأ</h3>
  <p>ثمن فنجان قهوة كل شهر يبقي غرفة الأخبار مضاءة</p>
  <a class="button" href="/support">اضغط هنا للمساهمة</a>
</div>
<div id="comments" class="comments-area"><h2 class="comments-title">تعليقان على “${escape(headline)}”</h2>
  <ol class="comment-list">
    <li class="comment"><b class="fn">أبو كنان</b><p>خبر يفرح القلب في هذا الصباح، شكرًا لكم على المتابعة الدائمة لما يجري عندنا.</p></li>
    <li class="comment"><b class="fn">سها</b><p>ليتكم تذكرون في المرة المقبلة أرقام الهواتف أيضًا، فقد تعبنا ونحن نبحث عنها.</p></li>
  </ol>
  <form class="comment-form"><p>لن يُنشر عنوان بريدك الإلكتروني. الحقول الإلزامية مشار إليها بعلامة *</p><textarea></textarea><button>إرسال التعليق</button></form>
</div>
</main>
<aside id="secondary" class="widget-area">
  <section class="widget widget_popular"><h2>الأكثر قراءة</h2><ol>${others
    .slice(2, 7)
    .map((other) => `<li>${other}</li>`)
    .join('')}</ol></section>
  <section class="widget widget_newsletter"><h2>نشرة الصباح في بريدك</h2><p>سبع دقائق تكفي لتعرف ما جرى أمس.</p><form><input type="email" placeholder="بريدك الإلكتروني" /><button>اشترك</button></form></section>
  <div class="ad ad-sidebar"><span>مساحة إعلانية</span></div>
</aside>
</div>
<footer id="colophon" class="site-footer">
  <ul><li><a href="/about">من نحن</a></li><li><a href="/contact">اتصل بنا</a></li><li><a href="/ads">أعلن معنا</a></li></ul>
  <p>جميع الحقوق محفوظة © بريد المرفأ. يُسمح بالنقل مع ذكر المصدر.</p>
</footer>
<script>for (const image of document.querySelectorAll('img[data-src]')) image.src = image.dataset.src;</script>
<script>window.dataLayer = window.dataLayer || []; dataLayer.push({ post: ${post}, section: 'news' });</script>
</body>
</html>
`;
}

function photo({ pictureUrl, caption, habits }: PublishedArticle): string {
  if (!pictureUrl) return '';
  const image = habits.hasLazyPicture
    ? `<img class="lazyload wp-post-image" src="${blankPixel}" data-src="${pictureUrl}" alt="" width="1000" height="560" /><noscript><img src="${pictureUrl}" alt="" /></noscript>`
    : `<img class="wp-post-image" src="${pictureUrl}" alt="" width="1000" height="560" />`;
  return `<figure class="post-thumbnail wp-caption">${image}
    <figcaption class="wp-caption-text"><span class="icon-camera">camera icon</span>${escape(caption ?? '')}</figcaption>
  </figure>`;
}
