// The characters behind HTML's character references: the named ones that news text uses, and the numbered ones.

const named = `amp=& lt=< gt=> quot=" apos=' nbsp=\u00A0 iexcl=¡ cent=¢ pound=£ yen=¥ sect=§ copy=© ordf=ª laquo=« not=¬
  shy=\u00AD reg=® deg=° plusmn=± sup2=² sup3=³ acute=´ micro=µ para=¶ middot=· ordm=º raquo=» frac14=¼ frac12=½ frac34=¾
  iquest=¿ times=× divide=÷ szlig=ß agrave=à aacute=á acirc=â atilde=ã auml=ä aring=å aelig=æ ccedil=ç egrave=è eacute=é
  ecirc=ê euml=ë igrave=ì iacute=í icirc=î iuml=ï ntilde=ñ ograve=ò oacute=ó ocirc=ô otilde=õ ouml=ö oslash=ø ugrave=ù
  uacute=ú ucirc=û uuml=ü yuml=ÿ Agrave=À Aacute=Á Acirc=Â Atilde=Ã Auml=Ä Aring=Å AElig=Æ Ccedil=Ç Egrave=È Eacute=É
  Ecirc=Ê Euml=Ë Igrave=Ì Iacute=Í Icirc=Î Iuml=Ï Ntilde=Ñ Ograve=Ò Oacute=Ó Ocirc=Ô Otilde=Õ Ouml=Ö Oslash=Ø Ugrave=Ù
  Uacute=Ú Ucirc=Û Uuml=Ü OElig=Œ oelig=œ Scaron=Š scaron=š ensp=\u2002 emsp=\u2003 thinsp=\u2009 zwnj=\u200C zwj=\u200D
  lrm=\u200E rlm=\u200F ndash=– mdash=— lsquo=‘ rsquo=’ sbquo=‚ ldquo=“ rdquo=” bdquo=„ dagger=† bull=• hellip=…
  permil=‰ prime=′ Prime=″ lsaquo=‹ rsaquo=› euro=€ trade=™ larr=← uarr=↑ rarr=→ darr=↓ minus=− infin=∞ ne=≠ le=≤ ge=≥
  brvbar=¦ uml=¨ macr=¯ cedil=¸ curren=¤ sup1=¹ ETH=Ð eth=ð THORN=Þ thorn=þ Yacute=Ý yacute=ý Yuml=Ÿ fnof=ƒ circ=ˆ tilde=˜
  Alpha=Α Beta=Β Gamma=Γ Delta=Δ Omega=Ω alpha=α beta=β gamma=γ delta=δ epsilon=ε lambda=λ mu=μ pi=π sigma=σ tau=τ omega=ω
  Dagger=‡ oline=‾ frasl=⁄ harr=↔ rArr=⇒ lArr=⇐ part=∂ sum=∑ radic=√ asymp=≈ equiv=≡ loz=◊ spades=♠ clubs=♣ hearts=♥
  diams=♦ check=✓ star=☆ starf=★ comma=, period=. colon=: semi=; excl=! quest=? num=# dollar=$ percnt=% ast=* plus=+
  lpar=( rpar=) lsqb=[ rsqb=] lowbar=_ sol=/ bsol=\\ equals=\u003D hyphen=‐ dash=‐ horbar=― Tab=\u0009`;

export const namedCharacters: ReadonlyMap<string, string> = new Map(
  // Split on plain white space only: some of the values are spaces themselves.
  named.split(/[ \n]+/).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const),
);

// https://html.spec.whatwg.org/#numeric-character-reference-end-state: 0x80–0x9F mean windows-1252.
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009Dž\u009F';

/** The character of a numeric reference; nothing for zero, surrogates and numbers that Unicode does not have. */
export function codePointOf(value: number): string {
  if (value >= 0x80 && value <= 0x9f) return windows1252.charAt(value - 0x80);
  if (value === 0 || value > 0x10_ff_ff || (value >= 0xd8_00 && value <= 0xdf_ff)) return '';
  return String.fromCodePoint(value);
}
