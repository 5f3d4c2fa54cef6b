// Holds the ledger against what really came: each recipient has got it once, or the ledger says why nobody knows.
import { sql } from 'kysely';
import type { Db } from '../../src/db/database.ts';
import type { Report } from '../../sandbox/telegram/remote-emulator.ts';

export interface LedgerCheck {
  /** Deliveries of stories and broadcasts. */
  rows: number;
  /** By state; those that failed, also by outcome. */
  states: Record<string, number>;
  /** Messages that came twice or more often, each time beyond the first. */
  twice: number;
  /** Rows that say sent, although nothing came. */
  lost: number;
  /** What must not be, in words; the first of them. */
  problems: string[];
}

interface LedgerRow {
  subjectId: number;
  chatId: number;
  marker: string;
  state: string;
  doubts: number;
  /** What may have arrived is not sent again. */
  atMostOnce: boolean;
  outcome: string | null;
  digestState: string | null;
  digestDoubts: number | null;
}

const shownProblems = 20;

/**
 * The marker of a story is its headline's, the one of a broadcast is given by its id. What was told by a digest counts
 * as told. `chatIds`: where a group was at first, by where it is now.
 */
export async function checkLedger(
  db: Db,
  told: Report['told'],
  { markerOf = {}, firstIds = new Map() }: { markerOf?: Record<number, string>; firstIds?: Map<number, number> } = {},
): Promise<LedgerCheck> {
  const { rows } = await sql<Omit<LedgerRow, 'marker'> & { headline: string | null; broadcastId: number | null }>`
    select d.subject_id, r.chat_id, story.headline, s.broadcast_id, d.state, d.doubts, s.at_most_once, d.outcome,
      digest.state as digest_state, digest.doubts as digest_doubts
    from delivery d
    join subject s using (subject_id)
    join recipient r using (recipient_id)
    left join story on story.story_id = s.story_id
    left join delivery digest on digest.subject_id = d.digest_id and digest.recipient_id = d.recipient_id
    where s.kind in ('story', 'broadcast')
  `.execute(db);
  const miscounted = await miscountedSubjects(db);
  const came = new Map(told.map(([chatId, times]) => [chatId, times]));
  const check: LedgerCheck = { rows: rows.length, states: {}, twice: 0, lost: 0, problems: miscounted };
  const seen = new Map<string, number>();

  for (const { headline, broadcastId, ...row } of rows) {
    const marker = headline ?? markerOf[broadcastId ?? 0] ?? '';
    const chatId = firstIds.get(row.chatId) ?? row.chatId;
    const times = came.get(chatId)?.[marker] ?? 0;
    const state = row.state === 'failed' ? `failed (${row.outcome})` : row.state;
    check.states[state] = (check.states[state] ?? 0) + 1;
    check.twice += Math.max(0, times - 1);
    seen.set(`${chatId} ${marker}`, times);
    const problem = problemOf({ ...row, marker }, times);
    if (problem === undefined) continue;
    if (row.state === 'sent' && times === 0) check.lost += 1;
    check.problems.push(
      `${marker} to ${chatId}: ${problem} (subject ${row.subjectId}, ${row.outcome ?? 'no outcome'})`,
    );
  }
  for (const [chatId, times] of told) {
    for (const marker of Object.keys(times)) {
      if (!seen.has(`${chatId} ${marker}`)) check.problems.push(`${marker} came to ${chatId}, and no row says so`);
    }
  }
  const hidden = check.problems.length - shownProblems;
  if (hidden > 0) check.problems.splice(shownProblems, hidden, `and ${hidden} more`);
  return check;
}

/** What is wrong with a row, when its message has come so often. */
function problemOf(
  { state, doubts, atMostOnce, digestState, digestDoubts }: LedgerRow,
  times: number,
): string | undefined {
  const isTold = state === 'sent' || digestState === 'sent';
  const isUnknown = state === 'unknown' || digestState === 'unknown';
  // Each doubt is one message that may have come besides the last.
  const doubted = doubts + (digestDoubts ?? 0);
  if (!['sent', 'failed', 'canceled', 'unknown'].includes(state)) return `it is still ${state}`;
  if (isTold && times === 0) return 'the ledger says sent, and nothing came';
  const most = atMostOnce ? Math.min(1, doubted + (isTold ? 1 : 0)) : (isTold || isUnknown ? 1 : 0) + doubted;
  return times > most ? `came ${times} times; the ledger is ${state} with ${doubted} doubts` : undefined;
}

/** Subjects whose chunks count other than their rows do. */
async function miscountedSubjects(db: Db): Promise<string[]> {
  const { rows } = await sql<{ problem: string }>`
    with counted as (
      select subject_id, sum(size) as size, sum(sent) as sent, sum(blocked + failed) as failed, sum(canceled) as canceled,
        sum(unknown) as unknown
      from chunk group by subject_id
    ), listed as (
      select subject_id, count(*) as size, count(*) filter (where state = 'sent') as sent,
        count(*) filter (where state = 'failed') as failed, count(*) filter (where state = 'canceled') as canceled,
        count(*) filter (where state = 'unknown') as unknown
      from delivery group by subject_id
    )
    select format('subject %s: its chunks count %s, its rows %s', subject_id, c, l) as problem
    from counted c full join listed l using (subject_id)
    where (c.size, c.sent, c.failed, c.canceled, c.unknown)
      is distinct from (l.size::numeric, l.sent::numeric, l.failed::numeric, l.canceled::numeric, l.unknown::numeric)
  `.execute(db);
  return rows.map(({ problem }) => problem);
}
