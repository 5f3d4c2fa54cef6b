// Has the newsroom's model sum up a story, within the day's ceiling, and lets its answer count only where it holds.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { dayOf } from '../lib/time-zone.ts';
import { refusalOf } from './grounding.ts';
import type { ModelRequest, ModelSummarizer } from './summary-model.ts';
import { reserveTokens, settleTokens } from './summary-usage-store.ts';

export interface SummaryDeps {
  /** Not a transaction: the model may take many seconds. */
  db: Db;
  clock: Clock;
  log: Log;
  /** IANA: whose midnight begins a new day of tokens. */
  timeZone: string;
  /** Undefined: every story keeps its own sentences. */
  model: ModelSummarizer | undefined;
}

/** `extract`: the story keeps the summary that was made of its article's own sentences. */
export type StorySummary = { by: 'model'; summary: string } | { by: 'extract'; summary: undefined };

const extract: StorySummary = { by: 'extract', summary: undefined };

/**
 * A summary of at most `maxCharacters` code points. Whatever goes wrong with the model, one line is logged, without the
 * article's text; only the database's errors are thrown.
 */
export async function summarizeStory(
  { db, clock, log, timeZone, model }: SummaryDeps,
  request: ModelRequest,
  signal?: AbortSignal,
): Promise<StorySummary> {
  if (!model || request.body.trim() === '') return extract;

  const day = dayOf(clock.now(), timeZone);
  const reserved = model.estimateTokens(request);
  if (!(await reserveTokens(db, { day, tokens: reserved, dailyTokens: model.dailyTokens }))) {
    log.info('summary by the model left out', { reason: 'ceiling', day });
    return extract;
  }

  const outcome = await model.ask(request, signal);
  const used = outcome.tokens ?? reserved;
  if (outcome.kind === 'failed') {
    await settleTokens(db, { day, reserved, used, end: 'failed' });
    log.warn('summary by the model failed', { reason: outcome.reason });
    return extract;
  }
  const refusal = refusalOf(outcome.text, request);
  await settleTokens(db, { day, reserved, used, end: refusal ? 'refused' : 'accepted' });
  if (refusal === undefined) return { summary: outcome.text, by: 'model' };
  log.warn('summary by the model refused', { reason: refusal });
  return extract;
}
