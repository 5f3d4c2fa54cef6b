// The methods that answer a question a person asked by a button or an inline search.
import { badRequest } from '../errors.ts';
import { codePoints } from '../entity.ts';
import { defined } from '../params.ts';
import type { CallbackAnswer } from '../world.ts';
import type { Call, Methods } from './method.ts';

const tooOld = 'query is too old and response timeout expired or query ID is invalid';

function answerCallbackQuery({ world, params }: Call): unknown {
  const id = params.string('callback_query_id');
  const query = world.openQuery(id);
  if (!query) throw badRequest(tooOld);
  const text = params.string('text');
  if (codePoints(text) > 200) throw badRequest('MESSAGE_TOO_LONG');
  const url = params.string('url');
  const showAlert = params.boolean('show_alert');
  const answer = defined<CallbackAnswer>({
    text: text === '' ? undefined : text,
    showAlert,
    url: url === '' ? undefined : url,
  });
  const { chatId, userId } = query;
  world.events.emit({ type: 'callback-answer', chatId, userId, queryId: id, showAlert, ...answer });
  query.answer?.(answer);
  query.answer = undefined;
  return true;
}

function answerInlineQuery({ world, params }: Call): unknown {
  const results = params.json('results', "Can't parse inline query results JSON object");
  if (!Array.isArray(results)) throw badRequest('Expected an Array of InlineQueryResult');
  if (results.length > 50) throw badRequest('RESULTS_TOO_MUCH');
  if (Buffer.byteLength(params.string('next_offset')) > 64) throw badRequest('NEXT_OFFSET_INVALID');
  const query = world.openQuery(params.string('inline_query_id'));
  if (!query) throw badRequest(tooOld);
  return true;
}

export const queryMethods: Methods = { answerCallbackQuery, answerInlineQuery };
