// Every method the emulator knows, found by name in any case.
import { botMethods } from './bot.ts';
import { chatMethods } from './chat.ts';
import { copyMethods } from './copy.ts';
import { editMethods } from './edit.ts';
import type { Method } from './method.ts';
import { queryMethods } from './query.ts';
import { sendMethods } from './send.ts';

interface KnownMethod {
  name: string;
  run: Method;
}

const byLowerName: ReadonlyMap<string, KnownMethod> = new Map(
  Object.entries({
    ...botMethods,
    ...sendMethods,
    ...editMethods,
    ...copyMethods,
    ...chatMethods,
    ...queryMethods,
  }).map(([name, run]) => [name.toLowerCase(), { name, run }]),
);

export function findMethod(name: string): KnownMethod | undefined {
  return byLowerName.get(name.toLowerCase());
}
