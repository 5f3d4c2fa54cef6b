// Which URLs Telegram takes in a link or on a button, and how it writes them down.
// Who says so: TDLib, LinkManager::check_link and parse_url (error words seen in public reports).

export type CheckedLink = { ok: true; url: string } | { ok: false; reason: string };

/** The user behind `tg://user?id=N`, if the link is one. */
export function linkedUserId(url: string): number | undefined {
  const match = /^tg:(?:\/\/)?user\/?\?(?:.*&)?id=(\d{1,16})(?:&.*)?$/i.exec(url.trim());
  if (match?.[1] === undefined) return undefined;
  const id = Number(match[1]);
  return id > 0 ? id : undefined;
}

export function checkLink(given: string): CheckedLink {
  const link = given.trim();
  const refuse = (reason: string): CheckedLink => ({ ok: false, reason });
  if (link === '') return refuse('URL host is empty');

  const ownScheme = /^(tg|ton|tonsite):(?:\/\/)?(.*)$/is.exec(link);
  if (ownScheme) {
    const rest = ownScheme[2] ?? '';
    if (!/^[A-Za-z0-9_.-]/.test(rest)) return refuse('URL host is empty');
    return { ok: true, url: `${(ownScheme[1] ?? '').toLowerCase()}://${rest}` };
  }

  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(link)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return refuse('Unsupported URL protocol');
  const withScheme = scheme === undefined ? `http://${link}` : link;
  if (/[\s<>"]/.test(withScheme)) return refuse('Wrong HTTP URL');

  const [, authority = '', tail = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(withScheme) ?? [];
  const hostAndPort = authority.slice(authority.lastIndexOf('@') + 1);
  const [, host = '', port] = /^(.*?)(?::(\d*))?$/s.exec(hostAndPort) ?? [];
  if (host === '') return refuse('URL host is empty');
  if (port !== undefined && (port === '' || Number(port) < 1 || Number(port) > 65535)) {
    return refuse('Wrong port number specified in the URL');
  }
  if (!host.includes('.') || host.startsWith('.') || host.endsWith('.') || /[^\p{L}\p{M}\p{N}._~-]/u.test(host)) {
    return refuse('Wrong HTTP URL');
  }
  const path = tail === '' || tail.startsWith('/') ? tail : `/${tail}`;
  const user = authority.slice(0, authority.lastIndexOf('@') + 1);
  const usual = scheme === 'https' ? 443 : 80;
  const portPart = port === undefined || Number(port) === usual ? '' : `:${Number(port)}`;
  return { ok: true, url: `${scheme ?? 'http'}://${user}${host.toLowerCase()}${portPart}${path === '' ? '/' : path}` };
}
