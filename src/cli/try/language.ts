// nashra try language: the language that a text is taken for.
import { detectLanguage } from '../../articles/language.ts';
import type { Material } from './material.ts';
import { optionalTextIn, textIn, type Trial } from './trial.ts';

interface LanguageAnswer {
  language: string;
}

export function createLanguageTrial({ material }: { material: Material }): Trial {
  return {
    async answer(fields): Promise<LanguageAnswer> {
      const file = optionalTextIn(fields, 'file');
      return {
        language: detectLanguage(file === undefined ? textIn(fields, 'text') : await material.text(file), null),
      };
    },
  };
}

export function showLanguage({ language }: LanguageAnswer): string {
  if (language === 'und') return 'und (it cannot be told)\n';
  const name = new Intl.DisplayNames('en', { type: 'language' }).of(language);
  return `${language} (${name ?? language})\n`;
}
