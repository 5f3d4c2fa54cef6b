// nashra article: takes back what should not have been told.
import { Command } from 'commander';
import { findArticleByUrl, withdrawArticle } from '../articles/article-store.ts';
import { type Shell, CommandError, withWorld } from './context.ts';
import { isolated, json, printable } from './output.ts';

export function articleCommand(shell: Shell): Command {
  const withdraw = new Command('withdraw')
    .description(
      'Withdraws an article: its story is deleted where it was delivered less than 48 hours ago, and struck through ' +
        'elsewhere; where other sources tell the story, it is told from them. The running program does it, with its next round.',
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
    if (!article) throw new CommandError(`No article with the address ${url} is known.`);
    const { articleId, headline, withdrawnAt } = article;
    if (withdrawnAt === null) {
      await withdrawArticle(db, articleId, { because: 'an editor withdrew it', now: clock.now() });
    }
    if (asJson) {
      shell.print(json({ articleId, headline, withdrawn: withdrawnAt === null ? 'now' : 'before' }));
      return;
    }
    const name = isolated(printable(headline));
    shell.print(withdrawnAt === null ? `Withdrawn: ${name}\n` : `It was withdrawn before: ${name}\n`);
  });
}
