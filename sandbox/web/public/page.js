// The desk: three chats side by side, kept up to date by the server's events.
import { element } from './message.js';
import { createPane } from './pane.js';

const panes = new Map();
const tabs = new Map();
const find = (selector) => document.querySelector(selector);
const plural = new Intl.PluralRules('ar');

const remainingWords = {
  zero: () => 'لم يبقَ شيء',
  one: () => 'بقي خبر واحد',
  two: () => 'بقي خبران',
  few: (count) => `بقيت ${count} أخبار`,
  many: (count) => `بقي ${count} خبرًا`,
  other: (count) => `بقي ${count} خبر`,
};

async function post(path, body = {}) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Error('لم يصل الطلب: هل ما زال العرض يعمل؟');
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

function addPane(info) {
  const chat = info.name;
  const tab = element('button', { type: 'button', 'aria-controls': `chat-${chat}` }, info.title);
  const pane = createPane(info, {
    send: (content) => post('/send', { chat, ...content }),
    press: (messageId, data) => post('/press', { chat, messageId, data }),
    block: (isBlocked) => post('/block', { chat, isBlocked }),
    onUnread: () => tab.toggleAttribute('data-unread', tab.getAttribute('aria-current') !== 'true'),
  });
  tab.addEventListener('click', () => pane.section.scrollIntoView({ inline: 'start', block: 'nearest' }));
  panes.set(chat, pane);
  tabs.set(pane.section, tab);
  find('#tabs').append(tab);
  find('#panes').append(pane.section);
  seen.observe(pane.section);
}

/** On a narrow screen one chat is seen at a time; its tab says so. */
const seen = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const tab = tabs.get(target);
      tab.setAttribute('aria-current', String(isIntersecting));
      if (isIntersecting) tab.removeAttribute('data-unread');
    }
  },
  { root: find('#panes'), threshold: 0.6 },
);

function showNewsroom({ remaining, last, siteUrl }) {
  find('#publish').disabled = remaining === 0;
  find('#remaining').textContent = remainingWords[plural.select(remaining)](remaining);
  find('#published').replaceChildren(
    ...(last
      ? [
          element('span', {}, `نُشر في «${last.topic}»: `),
          element('a', { href: last.url, target: '_blank', rel: 'noopener', dir: 'auto' }, last.headline),
        ]
      : [element('a', { href: siteUrl, target: '_blank', rel: 'noopener' }, 'موقع غرفة الأخبار')]),
  );
}

const changes = {
  state({ state }) {
    for (const { info, messages } of state.chats) {
      if (panes.has(info.name)) panes.get(info.name).setInfo(info);
      else addPane(info);
      panes.get(info.name).reset(messages);
    }
    showNewsroom(state.newsroom);
  },
  message: ({ chat, message }) => panes.get(chat).put(message, { isNew: true }),
  delete: ({ chat, id }) => panes.get(chat).remove(id),
  info: ({ info }) => panes.get(info.name).setInfo(info),
  newsroom: ({ newsroom }) => showNewsroom(newsroom),
};

function listen() {
  const events = new EventSource('/events');
  events.addEventListener('message', ({ data }) => {
    const change = JSON.parse(data);
    changes[change.type](change);
  });
  events.addEventListener('open', () => (find('#connection').hidden = true));
  events.addEventListener('error', () => {
    find('#connection').hidden = false;
    // Some browsers give up for good when nobody answers.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}

find('#publish').addEventListener('click', async () => {
  try {
    await post('/publish');
  } catch (error) {
    find('#published').textContent = error.message;
  }
});

listen();
