// Reads a call's arguments from wherever they came: the query string, a form, JSON, or multipart with files.
import type { IncomingMessage } from 'node:http';
import { ApiError, badRequest } from './errors.ts';
import { isRecord, Params, type Upload } from './params.ts';

const maxBodyBytes = 60 * 1024 * 1024;

export async function readParams(request: IncomingMessage, query: URLSearchParams): Promise<Params> {
  const values: Record<string, unknown> = Object.fromEntries(query);
  const uploads = new Map<string, Upload>();
  const body = await readBody(request);
  const type = (request.headers['content-type'] ?? '').toLowerCase();
  if (body.length === 0) return new Params(values);

  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    })
      .formData()
      .catch(() => {
        throw badRequest("can't parse multipart request");
      });
    for (const [name, value] of form) {
      if (typeof value === 'string') values[name] = value;
      else {
        const bytes = new Uint8Array(await value.arrayBuffer());
        uploads.set(name, { bytes, name: value.name, contentType: value.type });
      }
    }
    return new Params(values, uploads);
  }

  const text = decodeUtf8(body);
  if (type.startsWith('application/json')) {
    const parsed = parseJson(text);
    if (!isRecord(parsed)) throw badRequest("can't parse JSON object");
    return new Params({ ...values, ...parsed });
  }
  return new Params({ ...values, ...Object.fromEntries(new URLSearchParams(text)) });
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new ApiError(413, 'Request Entity Too Large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decodeUtf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw badRequest('Strings must be encoded in UTF-8');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest("can't parse JSON object");
  }
}
