// nashra migrate: the database, brought to the newest schema.
import { Command } from 'commander';
import { type CliWorld, withDatabase } from './context.ts';
import { counted, json } from './output.ts';

export function migrateCommand(world: CliWorld): Command {
  return new Command('migrate')
    .description('Bring the database to the newest schema; every other command, and npm start, do so by themselves.')
    .option('--json', 'print {"applied": […]}')
    .addHelpText('after', '\nExample:\n  nashra migrate')
    .action((flags: { json?: boolean }) =>
      withDatabase(world, ({ migrated }) => {
        if (flags.json) world.print(json({ applied: migrated }));
        else if (migrated.length === 0) world.print('The database is on the newest schema already.\n');
        else world.print(`Applied ${counted(migrated.length, 'migration')}: ${migrated.join(', ')}.\n`);
        return Promise.resolve();
      }),
    );
}
