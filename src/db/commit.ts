// How durable a statement is by itself.
import { sql } from 'kysely';

/**
 * Selected or returned by a statement that need not survive a power cut by itself: whatever is written durably after it
 * takes it along. Saves the wait for the disk.
 */
export const lightly = sql`set_config('synchronous_commit', 'off', true)`;
