// Reads the data's archives, with the system's own tar and Node's gunzip; nothing is left on the disk.
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';

/** Path → content of each file in a .tar.gz; in the order of the paths. */
export async function readArchive(path: string): Promise<Map<string, Buffer>> {
  const directory = await mkdtemp(join(tmpdir(), 'nashra-eval-'));
  try {
    await promisify(execFile)('tar', ['-xzf', path, '-C', directory]);
    const files = globSync('**/*', { cwd: directory, withFileTypes: true }).filter((file) => file.isFile());
    const paths = files.map((file) => join(file.parentPath, file.name)).toSorted();
    return new Map(paths.map((file) => [file.slice(directory.length + 1), readFileSync(file)]));
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The text of a gzipped file. */
export function readGzip(path: string): string {
  return gunzipSync(readFileSync(path)).toString('utf8');
}
