// A text file that a person names at the keyboard: read as UTF-8, or refused in a sentence.
import { readFile } from 'node:fs/promises';
import { CommandError } from './context.ts';

/** Throws a CommandError when it cannot be read or is no text. */
export async function readTextFile(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new CommandError(`${file} cannot be read: ${fileProblem(error)}.`);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(`${file} is not a text file in UTF-8; nothing was changed.`);
  }
}

const fileProblems: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission is denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'its path leads through a file',
  EROFS: 'the disk cannot be written to',
  ENOSPC: 'the disk is full',
};

/** What the system says about a file, in words. */
export function fileProblem(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return fileProblems[code ?? ''] ?? message;
}
