import { Api, GrammyError, HttpError } from 'grammy';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SendFailure } from '../../src/deliveries/sender.ts';
import { UnwrittenError } from '../../src/lib/http-pool.ts';
import { classify, isPhotoForbidden, isPhotoProblem } from '../../src/telegram/outcome.ts';

const token = '123456:AAbbCCddEEffGGhhIIjjKKllMMnnOOpp';

function refusal(code: number, description: string, parameters = {}): GrammyError {
  return new GrammyError('Call failed!', { ok: false, error_code: code, description, parameters }, 'sendMessage', {});
}

type Row = [kind: SendFailure['kind'], code: number, description: string];

const notModified =
  'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a ' +
  'current content and reply markup of the message';

const rows: Row[] = [
  ['benign', 400, notModified],
  ['benign', 400, 'Bad Request: query is too old and response timeout expired or query ID is invalid'],

  ['retry', 500, 'Internal Server Error: restart'],
  ['retry', 500, 'Internal Server Error'],
  ['retry', 502, 'Bad Gateway'],
  ['retry', 503, 'Service Unavailable'],
  ['retry', 409, 'Conflict: terminated by setWebhook request'],
  ['unknown', 500, "Internal Server Error: sent message was immediately deleted and can't be returned"],
  ['unknown', 504, 'Gateway Timeout'],

  ['dead-reader', 403, 'Forbidden: bot was blocked by the user'],
  ['dead-reader', 400, 'Bad Request: USER_IS_BLOCKED'],
  ['dead-reader', 403, 'Forbidden: user is deactivated'],
  ['dead-reader', 400, 'Bad Request: INPUT_USER_DEACTIVATED'],
  ['dead-reader', 403, "Forbidden: bot can't initiate conversation with a user"],
  ['dead-reader', 403, "Forbidden: the bot can't send messages to the bot"],
  ['dead-reader', 403, "Forbidden: bot can't send messages to bots"],
  ['dead-reader', 400, 'Bad Request: chat not found'],
  ['dead-reader', 400, 'Bad Request: private chat not found'],
  ['dead-reader', 400, 'Bad Request: PEER_ID_INVALID'],

  ['dead-chat', 403, 'Forbidden: bot was kicked from the group chat'],
  ['dead-chat', 403, 'Forbidden: bot was kicked from the supergroup chat'],
  ['dead-chat', 403, 'Forbidden: bot was kicked from the channel chat'],
  ['dead-chat', 403, 'Forbidden: bot is not a member of the group chat'],
  ['dead-chat', 403, 'Forbidden: bot is not a member of the supergroup chat'],
  ['dead-chat', 403, 'Forbidden: bot is not a member of the channel chat'],
  ['dead-chat', 403, 'Forbidden: the group chat was deleted'],
  ['dead-chat', 400, 'Bad Request: need administrator rights in the channel chat'],
  ['dead-chat', 400, 'Bad Request: not enough rights to send text messages to the chat'],
  ['dead-chat', 400, 'Bad Request: have no rights to send a message'],
  ['dead-chat', 400, 'Bad Request: have no write access to the chat'],
  ['dead-chat', 400, 'Bad Request: CHAT_WRITE_FORBIDDEN'],
  ['dead-chat', 400, 'Bad Request: CHAT_ADMIN_REQUIRED'],
  ['dead-chat', 400, 'Bad Request: CHANNEL_PRIVATE'],

  // Text may still be allowed there.
  ...['photos', 'videos', 'documents', 'polls', 'animations', 'music', 'stickers', 'voice notes', 'paid media'].map(
    (kind): Row => ['rejected', 400, `Bad Request: not enough rights to send ${kind} to the chat`],
  ),
  ['rejected', 400, 'Bad Request: not enough rights to send the rich message to the chat'],
  ['rejected', 400, 'Bad Request: not enough rights to send checklists to the chat'],
  ['rejected', 400, 'Bad Request: not enough rights to manage pinned messages in the chat'],

  ['thread-gone', 400, 'Bad Request: message thread not found'],
  ['thread-gone', 400, 'Bad Request: TOPIC_CLOSED'],

  ['content', 400, 'Bad Request: message text is empty'],
  ['content', 400, 'Bad Request: text must be non-empty'],
  ['content', 400, 'Bad Request: message is too long'],
  ['content', 400, 'Bad Request: MESSAGE_TOO_LONG'],
  ['content', 400, 'Bad Request: message caption is too long'],
  ['content', 400, 'Bad Request: MEDIA_CAPTION_TOO_LONG'],
  ['content', 400, 'Bad Request: text is too long'],
  ['content', 400, 'Bad Request: unsupported parse_mode'],
  ['content', 400, 'Bad Request: can\'t parse entities: Unsupported start tag "br" at byte offset 4'],
  ['content', 400, 'Bad Request: can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'],
  ['content', 400, 'Bad Request: strings must be encoded in UTF-8'],
  ['content', 400, 'Bad Request: wrong file identifier/HTTP URL specified'],
  ['content', 400, 'Bad Request: failed to get HTTP URL content'],
  ['content', 400, 'Bad Request: wrong type of the web page content'],
  ['content', 400, 'Bad Request: wrong HTTP URL specified'],
  ['content', 400, 'Bad Request: wrong remote file identifier specified: wrong padding in the string'],
  ['content', 400, "Bad Request: can't use file of type Video as Photo"],
  ['content', 400, 'Bad Request: file is too big'],
  ['content', 400, 'Bad Request: there is no photo in the request'],
  ['content', 400, 'Bad Request: IMAGE_PROCESS_FAILED'],
  ['content', 400, 'Bad Request: PHOTO_INVALID_DIMENSIONS'],
  ['content', 400, 'Bad Request: WEBPAGE_MEDIA_EMPTY'],
  ['content', 400, 'Bad Request: photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp'],
  ['content', 400, "Bad Request: can't use the media of the specified type in the album"],
  ['content', 400, 'Bad Request: group send failed'],
  ['content', 400, 'Bad Request: failed to send message #2 with the error message "WEBPAGE_CURL_FAILED"'],
  [
    'content',
    400,
    "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
  ],
  ['content', 400, 'Bad Request: BUTTON_DATA_INVALID'],
  ['content', 400, 'Bad Request: BUTTON_URL_INVALID'],
  ['content', 400, "Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL"],
  ['content', 400, 'Bad Request: reply markup is too long'],
  ['content', 400, 'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'],
  ['content', 400, "Bad Request: can't parse reply keyboard markup JSON object"],
  ['content', 400, 'Bad Request: message to copy not found'],
  ['content', 400, 'Bad Request: message to forward not found'],
  ['content', 400, 'Bad Request: there are no messages to forward'],
  ['content', 400, "Bad Request: the message can't be copied"],
  ['content', 400, 'Bad Request: MESSAGE_ID_INVALID'],
  ['content', 400, 'Bad Request: message identifiers must be in a strictly increasing order'],
  ['content', 400, 'Bad Request: too many message identifiers specified'],

  ['rejected', 400, 'Bad Request: chat_id is empty'],
  ['rejected', 400, 'Bad Request: group chat was upgraded to a supergroup chat'],
  ['message-gone', 400, 'Bad Request: message to edit not found'],
  ['message-gone', 400, 'Bad Request: message to delete not found'],
  ['rejected', 400, "Bad Request: message can't be edited"],
  ['rejected', 400, "Bad Request: message can't be deleted for everyone"],
  ['rejected', 400, 'Bad Request: there is no text in the message to edit'],
  ['rejected', 400, 'Bad Request: message to be replied not found'],
  ['rejected', 400, 'Bad Request: inline keyboard expected'],
  ['rejected', 400, 'Bad Request: web App buttons can be used in private chats only'],
  ['rejected', 400, 'Bad Request: something that Telegram has not said before'],
  ['rejected', 403, 'Forbidden: something that Telegram has not said before'],
  ['rejected', 413, 'Request Entity Too Large'],

  ['unauthorized', 401, 'Unauthorized'],
  ['unauthorized', 401, 'Unauthorized: invalid token specified'],
  ['unauthorized', 404, 'Not Found'],
  ['unauthorized', 404, 'Not Found: method not found'],
  ['unauthorized', 421, 'Misdirected Request: unallowed token specified'],
  ['unauthorized', 400, 'Bad Request: Logged out'],
];

describe("Telegram's answers", () => {
  test.each(rows)('%s: %i %s', (kind, code, description) => {
    expect(classify(refusal(code, description))).toEqual({ kind, reason: description });
  });

  test('a message id that Telegram does not know is the original of a copy, or the message of an edit', () => {
    const answer = {
      ok: false,
      error_code: 400,
      description: 'Bad Request: MESSAGE_ID_INVALID',
      parameters: {},
    } as const;
    const kind = (method: string) => classify(new GrammyError('Call failed!', answer, method, {})).kind;
    expect(kind('copyMessage')).toBe('content');
    expect(kind('editMessageText')).toBe('message-gone');
    expect(kind('deleteMessage')).toBe('message-gone');
  });

  test('a 429 says for how long everybody waits', () => {
    const description = 'Too Many Requests: retry after 35';

    expect(classify(refusal(429, description, { retry_after: 35 }))).toEqual({
      kind: 'wait',
      retryAfterMs: 35_000,
      reason: description,
    });
    expect(classify(refusal(429, description))).toMatchObject({ kind: 'wait', retryAfterMs: 35_000 });
    expect(classify(refusal(429, 'Too Many Requests'))).toMatchObject({ kind: 'wait', retryAfterMs: 30_000 });
    expect(classify(refusal(429, 'Too Many Requests', { retry_after: 0 }))).toMatchObject({ retryAfterMs: 1000 });
  });

  test('a group that became a supergroup says where it has moved', () => {
    const description = 'Bad Request: group chat was upgraded to a supergroup chat';

    expect(classify(refusal(400, description, { migrate_to_chat_id: -1_001_234_567_890 }))).toEqual({
      kind: 'moved',
      chatId: -1_001_234_567_890,
      reason: description,
    });
  });

  test('a description that repeats the token is kept without it', () => {
    expect(classify(refusal(400, `Bad Request: no bot ${token} here`))).toEqual({
      kind: 'rejected',
      reason: 'Bad Request: no bot *** here',
    });
  });
});

describe('pictures that Telegram refuses', () => {
  test.each([
    'Bad Request: wrong file identifier/HTTP URL specified',
    'Bad Request: failed to get HTTP URL content',
    'Bad Request: wrong type of the web page content',
    'Bad Request: wrong HTTP URL specified',
    "Bad Request: can't use file of type Document as Photo",
    'Bad Request: file is too big',
    'Bad Request: there is no photo in the request',
    'Bad Request: photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp',
    'Bad Request: IMAGE_PROCESS_FAILED',
    'Bad Request: PHOTO_INVALID_DIMENSIONS',
    'Bad Request: WEBPAGE_MEDIA_EMPTY',
    'Bad Request: WEBPAGE_CURL_FAILED',
    'Bad Request: failed to send message #2 with the error message "WEBPAGE_CURL_FAILED"',
    'Bad Request: not enough rights to send photos to the chat',
  ])('%s: the story goes out as text', (description) => {
    expect(isPhotoProblem(description)).toBe(true);
  });

  test.each([
    'Bad Request: message caption is too long',
    'Bad Request: chat not found',
    'Forbidden: bot was blocked by the user',
    'Bad Request: not enough rights to send text messages to the chat',
    'Bad Request: can\'t parse entities: Unsupported start tag "photo" at byte offset 0',
    'Bad Request: BUTTON_URL_INVALID',
  ])('%s: text would fare no better', (description) => {
    expect(isPhotoProblem(description)).toBe(false);
  });
});

test.each([
  ['Bad Request: not enough rights to send photos to the chat', true],
  ['Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN', true],
  ['Bad Request: IMAGE_PROCESS_FAILED', false],
])('%s: about the chat rather than the picture: %s', (description, isForbidden) => {
  expect(isPhotoForbidden(description)).toBe(isForbidden);
});

describe('the network', () => {
  const failing = (properties: object, message = 'failed', cause?: unknown) =>
    new HttpError('Network request failed!', Object.assign(new Error(message, { cause }), properties));

  const unwritten = (code?: string) => {
    const cause = Object.assign(new Error('why'), code === undefined ? {} : { code });
    return new HttpError('Network request failed!', new UnwrittenError('The call was not made.', { cause }));
  };

  const fetchError = (code: string, cause: string) =>
    failing({ code }, `request to https://api.telegram.org/bot${token}/sendMessage failed, reason: ${cause}`);

  test.each([
    ['a refused connection', fetchError('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:9')],
    ['an unknown host', fetchError('ENOTFOUND', 'getaddrinfo ENOTFOUND api.telegram.org')],
    ['a name server that does not answer', fetchError('EAI_AGAIN', 'getaddrinfo EAI_AGAIN api.telegram.org')],
    ['a connection that never came about', fetchError('ETIMEDOUT', 'connect ETIMEDOUT 149.154.167.220:443')],
    ['an unreachable network', fetchError('ENETUNREACH', 'connect ENETUNREACH 2001:67c::1:443')],
    ['several addresses, none reachable', fetchError('ETIMEDOUT', '')],
    ['a wrong certificate', fetchError('CERT_HAS_EXPIRED', 'certificate has expired')],
    [
      'a time limit while connecting',
      failing({}, 'fetch failed', Object.assign(new Error('x'), { code: 'UND_ERR_CONNECT_TIMEOUT' })),
    ],
    ['a connection that broke before the call was written', unwritten('ECONNRESET')],
    ['a client that was destroyed before', unwritten('UND_ERR_DESTROYED')],
    ['a time limit while waiting for a connection', unwritten()],
    ['a connect error of Node', failing({ code: 'EHOSTUNREACH', syscall: 'connect' })],
    [
      'addresses that Node tried in turn',
      failing(
        {},
        'fetch failed',
        new AggregateError([Object.assign(new Error('x'), { code: 'ETIMEDOUT', syscall: 'connect' })]),
      ),
    ],
  ])('%s: surely not sent', (_name, error) => {
    expect(classify(error).kind).toBe('retry');
  });

  test.each([
    ['a reset connection', fetchError('ECONNRESET', 'read ECONNRESET')],
    ['a socket that hung up', fetchError('ECONNRESET', 'socket hang up')],
    ['a time limit while reading', fetchError('ETIMEDOUT', 'read ETIMEDOUT')],
    ['a broken pipe', fetchError('EPIPE', 'write EPIPE')],
    ["grammY's own time limit", failing({}, "Request to 'sendMessage' timed out after 60 seconds")],
    ['an abort', failing({ name: 'AbortError', type: 'aborted' }, 'The user aborted a request.')],
    ['something that is no error', new HttpError('Network request failed!', 'oops')],
    ['a connection that undici lost', failing({ code: 'UND_ERR_SOCKET' }, 'other side closed')],
    ['no answer in time', failing({ code: 'UND_ERR_HEADERS_TIMEOUT' }, 'Headers Timeout Error')],
    ['an answer that stopped', failing({ code: 'UND_ERR_BODY_TIMEOUT' }, 'Body Timeout Error')],
    ['a client that was destroyed', failing({ code: 'UND_ERR_DESTROYED' }, 'The client is destroyed')],
    ['an aborted call', failing({ code: 'UND_ERR_ABORTED' }, 'Request aborted')],
  ])('%s: perhaps sent', (_name, error) => {
    expect(classify(error).kind).toBe('unknown');
  });

  test('the reason names the trouble and never the token', () => {
    const reasons = [
      classify(fetchError('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:9')),
      classify(fetchError('ECONNRESET', 'socket hang up')),
    ].map((outcome) => outcome.kind !== 'moved' && outcome.reason);

    expect(reasons).toEqual([
      'request to the Bot API failed, reason: connect ECONNREFUSED 127.0.0.1:9',
      'ECONNRESET: request to the Bot API failed, reason: socket hang up',
    ]);
  });

  test('what grammY did not throw is a bug, and thrown on', () => {
    const bug = new TypeError('undefined is not a function');

    expect(() => classify(bug)).toThrow(bug);
  });
});

describe('real connections through grammY', () => {
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const send = async (apiRoot: string, signal?: AbortSignal): Promise<SendFailure> => {
    try {
      await new Api(token, { apiRoot }).sendMessage(1, 'news', {}, signal as never);
    } catch (error) {
      return classify(error);
    }
    throw new Error('The message was sent');
  };

  test('nobody listens: surely not sent', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));

    const outcome = await send(`http://127.0.0.1:${port}`);

    expect(outcome.kind).toBe('retry');
    expect(JSON.stringify(outcome)).not.toContain(token);
  });

  test('the connection breaks after the request: perhaps sent', async () => {
    const outcome = await send(await serve((request) => request.socket.destroy()));

    expect(outcome.kind).toBe('unknown');
    expect(JSON.stringify(outcome)).not.toContain(token);
  });

  test('a proxy answers with a page instead: perhaps sent', async () => {
    const outcome = await send(
      await serve((_request, response) => response.writeHead(502).end('<h1>Bad Gateway</h1>')),
    );

    expect(outcome.kind).toBe('unknown');
    expect(JSON.stringify(outcome)).not.toContain(token);
  });

  test('we stop waiting for the answer: perhaps sent', async () => {
    const stop = new AbortController();

    expect((await send(await serve(() => stop.abort()), stop.signal)).kind).toBe('unknown');
  });
});
