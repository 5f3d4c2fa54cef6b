// A broadcast: an editor's own message to an audience. Its pure rules; its deliveries are sent like all others.
import { messagesPerSecond } from './pace.ts';

/** Seconds that sending to `size` recipients takes at the bot's pace, at least one. */
export function estimateSeconds(size: number): number {
  return Math.max(1, Math.ceil(size / messagesPerSecond));
}

/** Between two edits of a progress message. */
export const progressEveryMs = 3_000;
