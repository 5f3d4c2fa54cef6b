// The machine on which was measured: figures mean nothing without it.
import { cpus, release, totalmem, type } from 'node:os';
import { startPostgres } from './postgres.ts';

export interface Machine {
  cpu: string;
  cores: number;
  memory: string;
  os: string;
  node: string;
  postgres: string;
}

export async function describeMachine(): Promise<Machine> {
  await using postgres = await startPostgres();
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    os: `${type()} ${release()}`,
    node: process.versions.node,
    postgres: postgres.version,
  };
}
