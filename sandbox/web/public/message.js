// One message as a bubble. Only `html`, which the server has made safe, becomes markup; all else is text.

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const days = new Intl.DateTimeFormat('ar-SY-u-nu-latn', { weekday: 'long', day: 'numeric', month: 'long' });

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

export function dayOf(message) {
  return days.format(new Date(message.date * 1000));
}

/** `act`: what a command and a button of the bubble do. */
export function renderMessage(message, act) {
  const { html, photo, file, preview, buttons } = message;
  const card = preview && renderPreview(preview);
  const bubble = element(
    'article',
    { class: `bubble${photo ? ' with-photo' : ''}`, dir: message.direction },
    photo && renderPhoto(photo),
    preview?.isAboveText ? card : undefined,
    file === undefined ? undefined : element('p', { class: 'file' }, element('bdi', {}, file)),
    html === '' ? undefined : renderText(html, act.command),
    preview?.isAboveText ? undefined : card,
    renderMeta(message),
  );
  return element(
    'li',
    { class: `message ${message.isOwn ? 'own' : 'theirs'}`, 'data-id': String(message.id) },
    bubble,
    buttons.length > 0 ? renderButtons(buttons, act.press) : undefined,
  );
}

function renderText(html, onCommand) {
  const text = element('div', { class: 'text' });
  text.innerHTML = html;
  for (const command of text.querySelectorAll('.bot-command')) {
    command.setAttribute('role', 'button');
    command.setAttribute('tabindex', '0');
    const send = () => onCommand(command.textContent);
    command.addEventListener('click', send);
    command.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') send();
    });
  }
  return text;
}

function renderPhoto({ url, width, height }) {
  const link = element('a', { href: url, target: '_blank', rel: 'noopener', class: 'photo' });
  link.append(
    element('img', { src: url, width: String(width), height: String(height), alt: 'الصورة المرفقة بالرسالة' }),
  );
  return link;
}

function renderPreview({ url, site, title, imageUrl }) {
  return element(
    'a',
    { class: 'preview', href: url, target: '_blank', rel: 'noopener' },
    element('span', { class: 'preview-site', dir: 'auto' }, site),
    title && element('span', { class: 'preview-title', dir: 'auto' }, title),
    imageUrl && element('img', { src: imageUrl, alt: '', loading: 'lazy' }),
  );
}

function renderMeta({ date, isEdited, isOwn }) {
  const time = new Date(date * 1000);
  return element(
    'footer',
    { class: 'meta', dir: 'rtl' },
    isEdited ? element('span', {}, 'معدّلة') : undefined,
    element('time', { datetime: time.toISOString() }, clock.format(time)),
    isOwn ? element('span', { class: 'ticks', 'aria-hidden': 'true' }) : undefined,
  );
}

function renderButtons(rows, onPress) {
  return element(
    'div',
    { class: 'keyboard' },
    ...rows.map((row) => element('div', { class: 'row' }, ...row.map((button) => renderButton(button, onPress)))),
  );
}

function renderButton({ text, data, url }, onPress) {
  const label = element('span', { dir: 'auto' }, text);
  if (url !== undefined) {
    return element('a', { class: 'key link', href: url, target: '_blank', rel: 'noopener' }, label);
  }
  const button = element('button', { type: 'button', class: 'key', disabled: data === undefined }, label);
  button.addEventListener('click', async () => {
    button.setAttribute('aria-busy', 'true');
    await onPress(data);
    button.removeAttribute('aria-busy');
  });
  return button;
}
