// TOPIC: what people follow.

export interface Topic {
  topicId: number;
  slug: string;
  /** Language → name. */
  name: Record<string, string>;
  /** Language → keywords. */
  keywords: Record<string, string[]>;
  /** The order in which readers see the topics. */
  position: number;
}

/** The topic's name in `language`, else in any language it has one in, else its slug. */
export function topicName({ name, slug }: Pick<Topic, 'name' | 'slug'>, language: string): string {
  return name[language] || Object.values(name).find((each) => each !== '') || slug;
}
