// Tells an image by its first bytes: kind, width and height, without decoding it.

export interface ImageInfo {
  mime: string;
  extension: string;
  width: number;
  height: number;
}

export function sniffImage(bytes: Uint8Array): ImageInfo | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length >= 24 && data.readUInt32BE(0) === 0x89504e47) {
    return { mime: 'image/png', extension: 'png', width: data.readUInt32BE(16), height: data.readUInt32BE(20) };
  }
  if (data.length >= 10 && /^GIF8[79]a$/.test(data.toString('latin1', 0, 6))) {
    return { mime: 'image/gif', extension: 'gif', width: data.readUInt16LE(6), height: data.readUInt16LE(8) };
  }
  if (data.length >= 26 && data.toString('latin1', 0, 2) === 'BM') {
    return {
      mime: 'image/bmp',
      extension: 'bmp',
      width: data.readUInt32LE(18),
      height: Math.abs(data.readInt32LE(22)),
    };
  }
  if (data.length >= 30 && data.toString('latin1', 0, 4) === 'RIFF' && data.toString('latin1', 8, 12) === 'WEBP') {
    return { mime: 'image/webp', extension: 'webp', ...webpSize(data) };
  }
  if (data.length >= 4 && data.readUInt16BE(0) === 0xffd8) {
    const size = jpegSize(data);
    return size && { mime: 'image/jpeg', extension: 'jpg', ...size };
  }
  return undefined;
}

function webpSize(data: Buffer): { width: number; height: number } {
  const format = data.toString('latin1', 12, 16);
  if (format === 'VP8X') return { width: data.readUIntLE(24, 3) + 1, height: data.readUIntLE(27, 3) + 1 };
  if (format === 'VP8L') {
    const bits = data.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  return { width: data.readUInt16LE(26) & 0x3fff, height: data.readUInt16LE(28) & 0x3fff };
}

/** Walks the segments of a JPEG to its frame header. */
function jpegSize(data: Buffer): { width: number; height: number } | undefined {
  let at = 2;
  while (at + 9 < data.length) {
    if (data[at] !== 0xff) return undefined;
    const marker = data[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: data.readUInt16BE(at + 5), width: data.readUInt16BE(at + 7) };
    }
    at += 2 + data.readUInt16BE(at + 2);
  }
  return undefined;
}
