// The bench's hold on the emulated Telegram in its own process.
import { type Child, startChild } from './child.ts';
import type { TelegramHandlers, TelegramOptions } from './telegram-process.ts';

export interface Telegram extends Child<TelegramHandlers> {
  apiRoot: string;
  token: string;
}

/** The latency and the limits under which everything is measured that has to keep them. */
export const realistic = { latencyMs: 50, limits: true } as const;

export async function startTelegram(options: TelegramOptions): Promise<Telegram> {
  const child = await startChild<TelegramHandlers>('telegram-process.ts');
  return { ...child, ...(await child.ask('start', options)) };
}
