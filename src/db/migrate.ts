// Brings a database to the newest schema; safe to run by several processes at once (Kysely holds a lock).
import { readdir } from 'node:fs/promises';
import { type Migration, Migrator } from 'kysely/migration';
import type { Db } from './database.ts';

const migrationsFolder = new URL('../../migrations/', import.meta.url);

/** Applies what is missing, in order of name; returns the names applied. Throws, with the cause, at the first failure. */
export async function migrate(db: Db): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) {
    const failed = results.find((result) => result.status === 'Error');
    throw new Error(`migration ${failed?.migrationName ?? ''} failed`, { cause: error });
  }
  return results.map((result) => result.migrationName);
}

async function getMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.ts')).toSorted();
  const migrations: Record<string, Migration> = {};
  for (const file of files) {
    migrations[file.slice(0, -'.ts'.length)] = (await import(new URL(file, migrationsFolder).href)) as Migration;
  }
  return migrations;
}
