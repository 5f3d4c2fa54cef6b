// nashra try match: whether a topic's or a reader's keyword is found in a text.
import { type KeywordKind, matchesKeyword } from '../../lib/keywords.ts';
import { CommandError } from '../context.ts';
import type { Material } from './material.ts';
import { type Fields, optionalTextIn, textIn, type Trial } from './trial.ts';

interface MatchAnswer {
  matches: boolean;
}

export function createMatchTrial({ material }: { material: Material }): Trial {
  return {
    async answer(fields): Promise<MatchAnswer> {
      const keyword = textIn(fields, 'keyword');
      const kind = kindIn(fields);
      const file = optionalTextIn(fields, 'file');
      const text = file === undefined ? textIn(fields, 'text') : await material.text(file);
      return { matches: matchesKeyword(text, keyword, kind === undefined ? {} : { kind }) };
    },
  };
}

const keywordKinds: readonly KeywordKind[] = ['name', 'word', 'phrase'];

function kindIn(fields: Fields): KeywordKind | undefined {
  const text = optionalTextIn(fields, 'kind');
  const kind = keywordKinds.find((each) => each === text);
  if (text !== undefined && kind === undefined) {
    throw new CommandError(`The kind of a keyword is one of ${keywordKinds.join(', ')}.`);
  }
  return kind;
}

export function showMatch({ matches }: MatchAnswer): string {
  return matches ? 'It is found.\n' : 'It is not found.\n';
}
