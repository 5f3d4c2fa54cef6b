// Changes a long text piece by piece, so that millions of small changes are never held at once.

const pieceCharacters = 256 * 1024;
/** A piece is cut before a character that begins what is to be changed, if there is one so near. */
const maxSearchCharacters = 100;

/** `text` with `change` made in each piece; none is cut between `start` and the hundred characters after it. */
export function changeInPieces(text: string, start: string, change: (piece: string) => string): string {
  if (text.length <= pieceCharacters) return change(text);
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    const cut = from + pieceCharacters;
    const near = text.slice(cut, cut + maxSearchCharacters).indexOf(start);
    const end = near === -1 ? cut : cut + near;
    pieces.push(flat(change(text.slice(from, end))));
    from = end;
  }
  return pieces.join('');
}

/** The same text in one stretch of memory: V8 keeps what was joined in its parts until somebody searches it. */
export function flat(text: string): string {
  return text.search(/^/) === 0 ? text : '';
}
