// nashra try summary: the sentences that a story would be summed up in.
import { detectLanguage } from '../../articles/language.ts';
import { summaryMaxCharacters } from '../../stories/tell.ts';
import { summarize } from '../../stories/summarize.ts';
import { optionalCountIn, optionalTextIn, textIn, type Trial } from './trial.ts';
import type { Material } from './material.ts';

interface SummaryAnswer {
  sentences: string[];
}

export function createSummaryTrial({ material }: { material: Material }): Trial {
  return {
    async answer(fields): Promise<SummaryAnswer> {
      const file = optionalTextIn(fields, 'file');
      const article = file === undefined ? { title: '', text: textIn(fields, 'text') } : await material.article(file);
      const language = optionalTextIn(fields, 'language') ?? detectLanguage(article.text, null);
      // Asked for a length, whole sentences come near to it; a story's own limit is hard.
      const aboutCharacters = optionalCountIn(fields, 'characters');
      const length = aboutCharacters === undefined ? { maxCharacters: summaryMaxCharacters } : { aboutCharacters };
      return { sentences: summarize(article.text, { language, headline: article.title, ...length }) };
    },
  };
}

export function showSummary({ sentences }: SummaryAnswer): string {
  return sentences.length === 0 ? 'There is nothing to sum up.\n' : `${sentences.join('\n')}\n`;
}
