// nashra article: takes back what should not have been told.
import { Command } from 'commander';
import { findArticleByUrl } from '../articles/article-store.ts';
import { findWithdrawable, withdraw } from '../deliveries/withdrawal-store.ts';
import { type Shell, CommandError, withWorld } from './context.ts';
import { isolated, json, printable } from './output.ts';

export function articleCommand(shell: Shell): Command {
  const withdraw = new Command('withdraw')
    .description(
      'Withdraws what an article told, with all that other sources said of it: deleted where it was delivered less than ' +
        '48 hours ago, struck through elsewhere, and not told again. The running program does it, with its next rounds.',
    )
    .argument('<url>', 'the address at which the article is read')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  nashra article withdraw https://news.example/2026/11/mistake')
    .action((url: string, flags: { json?: boolean }) => withdrawNow(shell, url, flags));
  return new Command('article').description('Looks after single articles.').addCommand(withdraw);
}

function withdrawNow(shell: Shell, url: string, { json: asJson }: { json?: boolean }): Promise<void> {
  return withWorld(shell, async ({ db, clock }) => {
    const article = await findArticleByUrl(db, url);
    const found = article && (await findWithdrawable(db, article.articleId));
    if (!found) throw new CommandError(`No article with the address ${url} is known.`);
    const { headline, copies, isWithdrawn } = found;
    if (!isWithdrawn) {
      await withdraw(db, found, { because: 'by an editor on the command line', now: clock.now() });
    }
    if (asJson) {
      shell.print(json({ headline, copies, withdrawn: isWithdrawn ? 'before' : 'now' }));
      return;
    }
    const name = isolated(printable(headline));
    shell.print(
      isWithdrawn
        ? `It was withdrawn before: ${name}\n`
        : `Withdrawn: ${name}\n${copies === 1 ? '1 copy is' : `${copies} copies are`} taken back with the next rounds.\n`,
    );
  });
}
