// One chat: its messages, kept at the newest unless the person reads further up, and the field to write in.
import { dayOf, element, renderMessage } from './message.js';

const nearEndPx = 90;
const toastMs = 3500;
const template = document.querySelector('#pane');
const dialog = document.querySelector('#alert');

export function createPane(info, { send, press, block, onUnread }) {
  const section = template.content.firstElementChild.cloneNode(true);
  const find = (selector) => section.querySelector(selector);
  const list = find('.messages');
  const field = find('textarea');
  const items = new Map();
  let current = info;
  let isAtEnd = true;
  let lastTop = 0;
  let unread = 0;
  let photo;
  let toastTimer;

  section.dataset.chat = info.name;
  section.id = `chat-${info.name}`;
  const act = {
    command: (text) => submit(text),
    async press(messageId, data) {
      const answer = await attempt(() => press(messageId, data));
      if (answer?.url) window.open(answer.url, '_blank', 'noopener');
      if (answer?.text && answer.showAlert) showAlert(answer.text);
      else if (answer?.text) toast(answer.text);
    },
  };

  function setInfo(next) {
    current = next;
    const { title, subtitle, canWrite, isBlocked, commands, name } = next;
    find('h2').textContent = title;
    find('.pane-names p').textContent = subtitle;
    find('.avatar').textContent = [...title][0];
    list.setAttribute('aria-label', `رسائل ${title}`);
    field.setAttribute('aria-label', `رسالة من ${title}`);
    find('.read-only').hidden = canWrite;
    find('.composer').hidden = !canWrite || isBlocked;
    find('.unblock').hidden = !isBlocked;
    find('.attach').hidden = name !== 'editor';
    const blockButton = find('.block');
    blockButton.hidden = name !== 'reader';
    blockButton.textContent = isBlocked ? 'إلغاء الحظر' : 'حظر البوت';
    find('.menu-button').hidden = commands.length === 0;
    find('.menu').replaceChildren(...commands.map(renderCommand));
  }

  function renderCommand({ command, description }) {
    const button = element(
      'button',
      { type: 'button' },
      element('span', { class: 'menu-text', dir: 'auto' }, description),
      element('span', { class: 'menu-command', dir: 'ltr' }, `/${command}`),
    );
    button.addEventListener('click', () => {
      setMenu(false);
      void submit(`/${command}`);
    });
    return button;
  }

  function setMenu(isOpen) {
    find('.menu').hidden = !isOpen;
    find('.menu-button').setAttribute('aria-expanded', String(isOpen));
  }

  function put(message, { isNew = false } = {}) {
    const made = renderMessage(message, { ...act, press: (data) => act.press(message.id, data) });
    const old = items.get(message.id);
    items.set(message.id, made);
    if (old) {
      replace(old, made);
    } else {
      const day = dayOf(message);
      if (list.dataset.day !== day) list.append(element('li', { class: 'day' }, element('span', {}, day)));
      list.dataset.day = day;
      if (isNew) made.classList.add('arriving');
      list.append(made);
    }
    if (isAtEnd || message.isOwn) toEnd();
    else if (!old && isNew) setUnread(unread + 1);
    if (!old && isNew && !message.isOwn) onUnread();
  }

  /** The button under the finger keeps the focus when its message is edited. */
  function replace(old, made) {
    const keys = (item) => [...item.querySelectorAll('.key')];
    const focused = keys(old).indexOf(document.activeElement);
    old.replaceWith(made);
    if (focused >= 0) keys(made)[focused]?.focus({ preventScroll: true });
  }

  function remove(id) {
    items.get(id)?.remove();
    items.delete(id);
  }

  function reset(messages) {
    items.clear();
    list.replaceChildren();
    delete list.dataset.day;
    for (const message of messages) put(message);
    toEnd();
  }

  function toEnd() {
    isAtEnd = true;
    list.scrollTop = list.scrollHeight;
    setUnread(0);
  }

  function setUnread(count) {
    unread = count;
    const mark = find('.unread');
    mark.hidden = count === 0;
    mark.textContent = String(count);
  }

  async function submit(text) {
    setMenu(false);
    isAtEnd = true;
    return await attempt(() => send({ text, photo }));
  }

  async function attempt(action) {
    try {
      return await action();
    } catch (error) {
      toast(error.message);
      return undefined;
    }
  }

  function toast(text) {
    const note = find('.toast');
    clearTimeout(toastTimer);
    note.textContent = text;
    note.dir = 'auto';
    note.hidden = false;
    toastTimer = setTimeout(() => (note.hidden = true), toastMs);
  }

  async function setPhoto(file) {
    photo = file && (await readBase64(file));
    find('.attachment').hidden = !file;
    find('.attachment span').textContent = file?.name ?? '';
    find('.attach input').value = '';
  }

  /** An empty field takes the page's direction, and with it the words that ask for a message. */
  function fitField() {
    field.dir = field.value === '' ? 'rtl' : 'auto';
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  }

  // Only a person scrolls up; what grows or shrinks around the messages is no wish to leave the newest.
  list.addEventListener('scroll', () => {
    const isNear = list.scrollHeight - list.scrollTop - list.clientHeight < nearEndPx;
    if (isNear) isAtEnd = true;
    else if (list.scrollTop < lastTop) isAtEnd = false;
    lastTop = list.scrollTop;
    find('.to-newest').hidden = isAtEnd;
    if (isAtEnd) setUnread(0);
  });
  const keepAtEnd = () => isAtEnd && toEnd();
  new ResizeObserver(keepAtEnd).observe(list);
  list.addEventListener('load', keepAtEnd, true);
  find('.to-newest').addEventListener('click', toEnd);
  find('.menu-button').addEventListener('click', () => setMenu(find('.menu').hidden));
  find('.block').addEventListener('click', () => attempt(() => block(!current.isBlocked)));
  find('.unblock').addEventListener('click', () => attempt(() => block(false)));
  find('.attach input').addEventListener('change', (event) => setPhoto(event.target.files[0]));
  find('.attachment button').addEventListener('click', () => setPhoto(undefined));
  section.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || find('.menu').hidden) return;
    setMenu(false);
    find('.menu-button').focus();
  });
  field.addEventListener('input', fitField);
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    find('.composer').requestSubmit();
  });
  find('.composer').addEventListener('submit', async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text === '' && photo === undefined) return;
    field.value = '';
    fitField();
    if (await submit(text)) await setPhoto(undefined);
    else field.value ||= text;
    field.focus();
  });

  setInfo(info);
  return { section, setInfo, put, remove, reset };
}

function showAlert(text) {
  dialog.querySelector('p').textContent = text;
  dialog.showModal();
}

function readBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result).split(',')[1]));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
