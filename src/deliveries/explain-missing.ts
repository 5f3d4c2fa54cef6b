// Why nothing of a story is owed to a recipient, as far as what is known today tells. Pure.
import { type ChatFacts, type Facts, say, type Statement, type StoryFacts } from './explain-facts.ts';

/** Every reason that there is: whoever asks may want to change more than one. */
export function explainMissing({ chat, follows }: Facts, story: StoryFacts): Statement[] {
  const { plannedAt, withdrawnAt, modelUntil } = story;
  const was = plannedAt ?? undefined;
  const statements: Statement[] = [];
  if (withdrawnAt !== null) statements.push(say('story-withdrawn', { at: withdrawnAt }));
  else if (was === undefined) {
    statements.push(modelUntil === null ? say('story-unplanned') : say('story-waits-model', { at: modelUntil }));
  }
  // Who left after that was there when it was planned.
  if (was === undefined || chat.leftAt === null || chat.leftAt <= was) statements.push(...explainAbsence(chat));
  const isNewer = was !== undefined && chat.createdAt > was;
  if (isNewer) statements.push(say('came-later', { at: chat.createdAt, planned: was }));
  statements.push(...explainInterest(chat, follows, story));
  if (was !== undefined && statements.length === 0) {
    const wasAway = chat.leftAt !== null && chat.leftAt <= was;
    statements.push(wasAway ? say('away', { at: chat.leftAt }) : say('no-reason'));
  }
  return statements;
}

/** Empty where the chat follows what the story has, and did so when it was planned. */
function explainInterest(chat: ChatFacts, follows: Facts['follows'], story: StoryFacts): Statement[] {
  const planned = story.plannedAt;
  const isReader = chat.kind === 'subscriber';
  const common = follows.topics.filter(({ topicId }) => story.topics.some((topic) => topic.topicId === topicId));
  const found = isReader ? follows.keywords.filter(({ keyword }) => story.keywords.includes(keyword)) : [];
  const inTime = <T extends { since: Date }>(list: readonly T[]) =>
    list.filter(({ since }) => planned === null || since <= planned);
  if (inTime(common).length > 0 || inTime(found).length > 0) {
    return isReader || inTime(common).length === 0 ? [] : explainLanguage(chat, story);
  }
  if (planned !== null && (common.length > 0 || found.length > 0)) {
    return [
      ...(common.length > 0 ? [say('followed-later', { topics: { topics: common }, planned })] : []),
      ...(found.length > 0
        ? [say('keywords-later', { keywords: { keywords: found.map(({ keyword }) => keyword) }, planned })]
        : []),
    ];
  }
  return [
    ...explainTopics(follows, story),
    ...(isReader ? explainKeywords(follows, story) : explainLanguage(chat, story)),
  ];
}

function explainTopics({ topics }: Facts['follows'], story: StoryFacts): Statement[] {
  const ofStory = { topics: story.topics };
  if (story.topics.length === 0) {
    return [topics.length === 0 ? say('no-topics') : say('story-no-topics', { chatTopics: { topics } })];
  }
  if (topics.length === 0) return [say('chat-no-topics', { storyTopics: ofStory })];
  return [say('no-common-topic', { storyTopics: ofStory, chatTopics: { topics } })];
}

function explainKeywords({ keywords }: Facts['follows'], { plannedAt }: StoryFacts): Statement[] {
  if (keywords.length === 0 || plannedAt === null) return [];
  return [say('keywords-not-found', { keywords: { keywords: keywords.map(({ keyword }) => keyword) } })];
}

/** As planning compares them: ar-SY is Arabic too. */
function explainLanguage(chat: ChatFacts, story: StoryFacts): Statement[] {
  const base = (language: string) => language.toLowerCase().split('-', 1)[0];
  if (chat.language === null || base(chat.language) === base(story.language)) return [];
  return [
    say('language-differs', { storyLanguage: { language: story.language }, chatLanguage: { language: chat.language } }),
  ];
}

/** Why the chat is not written to at all. */
export function explainAbsence({ state, leftAt: at, stateReason }: ChatFacts): Statement[] {
  const reason = stateReason ?? '';
  switch (state) {
    case 'active':
      return [];
    case 'stopped':
      return [say('chat-stopped', { at })];
    case 'blocked':
    case 'disabled':
      return [say(`chat-${state}`, { at, reason })];
  }
}
