// The newsroom file (YAML) that makes Nashra follow the sample newsroom.
import { stringify } from 'yaml';
import { feedCategories, site, topics } from './site.ts';

export interface ChannelOfFile {
  chat: string | number;
  topics: readonly string[];
  language?: string;
}

export function sampleNewsroomFile(origin: string, channels: readonly ChannelOfFile[]): string {
  const feeds = [
    { url: origin + site.ar.feedPath, language: 'ar', categories: feedCategories },
    { url: origin + site.en.feedPath, language: 'en', topics: ['english'] },
  ];
  return stringify({ topics, feeds, ...(channels.length > 0 ? { channels } : {}) }, { aliasDuplicateObjects: false });
}
