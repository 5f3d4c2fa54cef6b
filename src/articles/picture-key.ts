// Whether two addresses show the same picture: hosts, parameters and sizes change with every request, names do not.

/** Where the picture's own name is in the path, the parameters only say how large it is and who asks. */
const pictureFile = /\.(?:jpe?g|png|webp|gif|avif)$/i;

/** How WordPress, image servers and screens of double density write a size at the end of a name: -300x200, _w640, @2x. */
const sizeOfName = /(?:[-_]\d{2,4}x\d{2,4}|[-_](?:[wh]\d{2,4}|\d{2,4}[wh])|-scaled|@\dx)(?=\.\w{3,4}$)/i;
/** And as a folder of its own: /300x200/, /w640/, /640w/, /w_640,h_360,c_fill/. */
const sizeFolder =
  /^(?:\d{2,4}x\d{2,4}|[wh][_-]?\d{2,4}|\d{2,4}[wh]|(?:[a-z]{1,2}_[\w.:-]{1,20},)+[a-z]{1,2}_[\w.:-]{1,20})$/i;

/** What stays of a picture's address from one answer to the next: its path without sizes, or path and parameters. */
export function pictureKey(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return url;
  const path = parsed.pathname
    .split('/')
    .filter((folder) => !sizeFolder.test(folder))
    .join('/')
    .replace(sizeOfName, '');
  return pictureFile.test(path) ? path : `${path}${parsed.search}`;
}

/** `next`, unless it is what `known` shows already: then the known address, so that nothing seems to have changed. */
export function samePictureOr(known: string | null, next: string | null): string | null {
  return known !== null && next !== null && pictureKey(known) === pictureKey(next) ? known : next;
}
