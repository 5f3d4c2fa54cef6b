// nashra migrate: the database, brought to the newest schema.
import { Command } from 'commander';
import { type Shell, withWorld } from './context.ts';
import { counted, json } from './output.ts';

export function migrateCommand(shell: Shell): Command {
  return new Command('migrate')
    .description('Bring the database to the newest schema; every other command, and npm start, do so by themselves.')
    .option('--json', 'print {"applied": […]}')
    .addHelpText('after', '\nExample:\n  nashra migrate')
    .action((flags: { json?: boolean }) =>
      withWorld(shell, ({ migrated }) => {
        if (flags.json) shell.print(json({ applied: migrated }));
        else if (migrated.length === 0) shell.print('The database is on the newest schema already.\n');
        else shell.print(`Applied ${counted(migrated.length, 'migration')}: ${migrated.join(', ')}.\n`);
        return Promise.resolve();
      }),
    );
}
