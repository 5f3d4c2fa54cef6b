// One spelling for each article's URL, so that the same link from two feeds is the same article.

// Parameters that only say where a reader came from. A name that could also choose the content (source, id, p, page,
// lang, cid …) is not here: a tracking parameter left over costs a duplicate, one taken wrongly loses an article.
const trackingNames = new Set(
  `fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh mc_cid mc_eid _ga _gl
   _hsenc _hsmi mkt_tok oly_anon_id oly_enc_id vero_id vero_conv wickedid s_cid cmpid cmp ref ref_src ref_url refsrc
   __twitter_impression spm wprov ocid smid smtyp guccounter guce_referrer guce_referrer_sig ncid sr_share sfnsn
   fb_action_ids fb_action_types fb_ref fb_source at_medium at_campaign at_campaign_type at_link_id at_link_type
   at_link_origin at_format at_ptr_name at_bbc_team xtor ito`.split(/\s+/),
);
const trackingPrefix = /^(?:utm|pk|mtm|piwik|matomo|hsa|stm|itm)_/;

/**
 * The identity of a URL; null unless it is http(s). It is for comparing: keep the original for links and requests.
 *
 * - http and https are the same article (https is chosen), unless a port is named: other ports are other servers.
 * - The host in lower case, without a final dot, default port, user name and password. `www.` stays.
 * - The fragment goes, except `#!…`, which old sites use as the path.
 * - Tracking parameters go; all others stay in their order, because they may choose the content.
 * - Percent-encoding as the URL Standard writes it, so that an Arabic slug is the same raw and encoded.
 * - The path keeps its case and its final slash: `/a` and `/a/` may be two pages.
 */
export function canonicalUrl(url: string): string | null {
  const parsed = URL.parse(url.trim());
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.hostname === '') return null;

  const scheme = parsed.port === '' ? 'https:' : parsed.protocol;
  const host = parsed.hostname.replace(/\.$/, '') + (parsed.port === '' ? '' : `:${parsed.port}`);
  const query = parsed.search
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !isTracking(part))
    .map(normalizeEscapes)
    .join('&');
  const fragment = parsed.hash.startsWith('#!') ? normalizeEscapes(parsed.hash) : '';
  return `${scheme}//${host}${normalizeEscapes(parsed.pathname)}${query === '' ? '' : `?${query}`}${fragment}`;
}

function isTracking(parameter: string): boolean {
  const name = decode(parameter.split('=', 1)[0] ?? '').toLowerCase();
  return trackingNames.has(name) || trackingPrefix.test(name);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Escapes in upper case, and none for what needs none (RFC 3986, 6.2.2); the URL class did the raw characters. */
function normalizeEscapes(text: string): string {
  return text.replaceAll(/%[\da-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : escape.toUpperCase();
  });
}
