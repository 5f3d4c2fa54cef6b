import { describe, expect, it } from 'vitest';
import { explain, explainOwed } from '../../src/deliveries/explain.ts';
import type {
  ArticleFacts,
  ChatFacts,
  Facts,
  OwedFacts,
  Place,
  StoryFacts,
} from '../../src/deliveries/explain-facts.ts';
import { lanes, states } from '../../src/deliveries/delivery.ts';

const now = new Date('2026-11-22T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

const local = { topicId: 1, slug: 'local', name: { ar: 'محليات' } };
const sport = { topicId: 2, slug: 'sport', name: { ar: 'رياضة' } };

const reader: ChatFacts = {
  recipientId: 7,
  kind: 'subscriber',
  state: 'active',
  stateReason: null,
  leftAt: null,
  language: 'ar',
  createdAt: hoursAgo(100),
  nextSendAt: null,
};

const place: Place = {
  dueAt: hoursAgo(1),
  isClaimed: false,
  chunksBefore: 0,
  messagesBefore: 0,
  pausedMs: 0,
  factor: 1,
};

const owed: OwedFacts = {
  kind: 'story',
  lane: lanes.story,
  plannedAt: hoursAgo(2),
  atMostOnce: false,
  stoppedAt: null,
  stoppedBecause: null,
  state: 'planned',
  attempts: 0,
  doubts: 0,
  outcome: null,
  outcomeReason: null,
  messageId: null,
  closedAt: null,
  topics: [],
  keywords: [],
  place,
  digestId: null,
  digest: null,
};

const said = (facts: Partial<OwedFacts>, chat: Partial<ChatFacts> = {}) =>
  explainOwed({ ...owed, ...facts }, { ...reader, ...chat }, now)
    .map(({ says }) => says)
    .filter((says) => says !== 'lane');

const closed = { closedAt: hoursAgo(1), place: null };

describe('what became of a delivery', () => {
  it.each<[string, Partial<OwedFacts>, string[]]>([
    ['sent', { ...closed, state: 'sent', messageId: 12, attempts: 1 }, ['sent']],
    ['sent, and its message is not there any more', { ...closed, state: 'sent' }, ['sent-unnamed']],
    [
      'sent once more after no answer came',
      { ...closed, state: 'sent', messageId: 12, doubts: 1 },
      ['sent', 'perhaps-twice'],
    ],
    [
      'found by a topic and by keywords',
      { ...closed, state: 'sent', messageId: 12, topics: [local], keywords: ['جسر'] },
      ['sent', 'by-topics', 'by-keywords'],
    ],
    ['first in line', {}, ['next']],
    ['behind others', { place: { ...place, messagesBefore: 900, chunksBefore: 2 } }, ['waits']],
    ['in a chunk that is being sent', { place: { ...place, isClaimed: true } }, ['in-hands']],
    ['held for a digest', { place: { ...place, dueAt: null } }, ['held']],
    ['not written down yet', { place: null }, ['planned']],
    [
      'tried before, and put off',
      { attempts: 2, outcome: 'retry', outcomeReason: '500', place: { ...place, dueAt: hoursAgo(-1) } },
      ['tried', 'waits-until'],
    ],
    ['behind a pause, slowed', { place: { ...place, pausedMs: 5_000, factor: 0.5 } }, ['next', 'paused', 'slowed']],
    ['on its way', { state: 'sending', place: null }, ['sending']],
    ['doubtful', { state: 'doubtful', doubts: 1, attempts: 1 }, ['doubtful', 'next']],
    ['unknown twice', { ...closed, state: 'unknown', doubts: 2, outcome: 'unknown' }, ['unknown-twice']],
    [
      'unknown, and not to be sent again',
      { ...closed, state: 'unknown', doubts: 1, outcome: 'unknown', atMostOnce: true },
      ['unknown-once'],
    ],
    ['unknown, and then left', { ...closed, state: 'unknown', doubts: 1, outcome: 'left' }, ['unknown-since']],
    ['failed', { ...closed, state: 'failed', outcome: 'dead-reader', outcomeReason: 'Forbidden' }, ['failed']],
    ['withdrawn', { ...closed, state: 'canceled', outcome: 'withdrawn' }, ['canceled-withdrawn']],
    ['superseded', { ...closed, state: 'canceled', outcome: 'superseded' }, ['canceled-superseded']],
    ['too old', { ...closed, state: 'canceled', outcome: 'stale' }, ['canceled-stale']],
    ['of somebody who left', { ...closed, state: 'canceled', outcome: 'left' }, ['canceled-left']],
    ['canceled for a reason of another time', { ...closed, state: 'canceled', outcome: 'odd' }, ['canceled']],
    [
      'told in a digest',
      {
        ...closed,
        state: 'canceled',
        digestId: 55,
        digest: { ...owed, ...closed, kind: 'digest', state: 'sent', messageId: 80 },
      },
      ['in-digest', 'sent'],
    ],
    [
      'told in a digest that waits',
      { ...closed, state: 'canceled', digestId: 55, digest: { ...owed, kind: 'digest' } },
      ['in-digest', 'next'],
    ],
    ['of a subject that is stopped', { stoppedAt: hoursAgo(1), stoppedBecause: 'refused' }, ['will-not']],
  ])('%s', (_, facts, expected) => {
    expect(said(facts)).toEqual(expected);
  });

  it('is not promised to whoever left, or left and came back', () => {
    expect(said({}, { state: 'stopped', leftAt: hoursAgo(1) })).toEqual(['will-not-away', 'chat-stopped']);
    expect(said({}, { state: 'blocked', leftAt: hoursAgo(1) })).toEqual(['will-not-away', 'chat-blocked']);
    expect(said({}, { leftAt: hoursAgo(1) })).toEqual(['will-not-left']);
    expect(said({}, { leftAt: hoursAgo(3) })).toEqual(['next']);
    expect(said({ kind: 'correction' }, { state: 'stopped', leftAt: hoursAgo(1) })).toEqual(['next']);
  });

  it('says why a chat itself has to wait', () => {
    expect(said({}, { nextSendAt: hoursAgo(-1) })).toEqual(['next', 'chat-pace']);
  });

  it('is said in every state, with its lane', () => {
    for (const state of states) {
      const [first, ...rest] = explainOwed({ ...owed, state }, reader, now);
      expect(first).toBeDefined();
      expect(rest.at(-1)).toEqual({ says: 'lane', with: { lane: { lane: 'story' }, at: owed.plannedAt } });
    }
  });

  it('names the reason in the words of Telegram', () => {
    const [first] = explainOwed(
      { ...owed, ...closed, state: 'failed', outcome: 'dead-reader', outcomeReason: 'Forbidden: bot was blocked' },
      reader,
      now,
    );
    expect(first?.with).toEqual({ at: hoursAgo(1), reason: 'Forbidden: bot was blocked' });
  });
});

describe('why nothing is owed', () => {
  const story: StoryFacts = {
    storyId: 3,
    language: 'ar',
    withdrawnAt: null,
    plannedAt: hoursAgo(2),
    modelUntil: null,
    topics: [local],
    keywords: ['جسر'],
  };
  const followed = { topics: [{ ...local, since: hoursAgo(50) }], keywords: [] };
  const facts: Facts = { chat: reader, article: null, story, owed: null, correction: null, follows: followed };
  const article: ArticleFacts = {
    state: 'grouped',
    createdAt: hoursAgo(3),
    withdrawnAt: null,
    withdrawnBecause: null,
    joined: null,
  };
  const channel = { ...reader, kind: 'channel', language: 'ar-SY' } as const;
  const nothing = { topics: [], keywords: [] };
  const keyword = (word: string, hours: number) => ({
    topics: [],
    keywords: [{ keyword: word, since: hoursAgo(hours) }],
  });

  it.each<[string, Partial<Facts>, string[]]>([
    [
      'the chat follows other topics',
      { follows: { ...nothing, topics: [{ ...sport, since: hoursAgo(50) }] } },
      ['no-common-topic'],
    ],
    ['the chat follows no topic', { follows: nothing }, ['chat-no-topics']],
    ['the story has no topic', { story: { ...story, topics: [] } }, ['story-no-topics']],
    ['neither has a topic', { story: { ...story, topics: [] }, follows: nothing }, ['no-topics']],
    ['no keyword was found', { follows: keyword('نهر', 50) }, ['chat-no-topics', 'keywords-not-found']],
    [
      'the topic was followed later',
      { follows: { ...nothing, topics: [{ ...local, since: hoursAgo(1) }] } },
      ['followed-later'],
    ],
    ['the keyword was followed later', { follows: keyword('جسر', 1) }, ['keywords-later']],
    [
      'the channel speaks another language',
      { chat: channel, story: { ...story, language: 'en' } },
      ['language-differs'],
    ],
    ['the channel speaks a form of it', { chat: channel }, ['no-reason']],
    ['the reader had stopped', { chat: { ...reader, state: 'stopped', leftAt: hoursAgo(9) } }, ['chat-stopped']],
    ['the bot was blocked', { chat: { ...reader, state: 'blocked', leftAt: hoursAgo(9) } }, ['chat-blocked']],
    ['the channel was lost', { chat: { ...channel, state: 'disabled', leftAt: null } }, ['chat-disabled']],
    ['the reader stopped only later', { chat: { ...reader, state: 'stopped', leftAt: hoursAgo(1) } }, ['no-reason']],
    ['the reader was away', { chat: { ...reader, leftAt: hoursAgo(9) } }, ['away']],
    ['the reader came later', { chat: { ...reader, createdAt: hoursAgo(1) } }, ['came-later']],
    ['the story is not planned', { story: { ...story, plannedAt: null } }, ['story-unplanned']],
    [
      'the story waits for a model',
      { story: { ...story, plannedAt: null, modelUntil: hoursAgo(-1) } },
      ['story-waits-model'],
    ],
    ['the story is withdrawn', { story: { ...story, withdrawnAt: hoursAgo(1) } }, ['story-withdrawn']],
    ['the article came with the first round', { story: null, article: { ...article, state: 'old' } }, ['article-old']],
    ['the article is not read yet', { story: null, article: { ...article, state: 'new' } }, ['article-waits']],
    [
      'the article is withdrawn',
      { story: null, article: { ...article, state: 'read', withdrawnAt: hoursAgo(1) } },
      ['article-withdrawn'],
    ],
    [
      'the article joined a story that the chat does not follow',
      { article: { ...article, joined: { storyId: 3, headline: 'خبر' } }, follows: nothing },
      ['article-joined', 'chat-no-topics'],
    ],
  ])('%s', (_, given, expected) => {
    expect(explain({ ...facts, ...given }, now).map(({ says }) => says)).toEqual(expected);
  });

  it('names the topics of both', () => {
    const [statement] = explain({ ...facts, follows: { ...nothing, topics: [{ ...sport, since: now }] } }, now);
    expect(statement?.with).toMatchObject({
      storyTopics: { topics: [{ slug: 'local' }] },
      chatTopics: { topics: [{ slug: 'sport' }] },
    });
  });

  it('says what became of a copy since', () => {
    const sent = { ...owed, ...closed, state: 'sent', messageId: 5 } as const;
    const saidOf = (kind: 'update' | 'withdrawal', state: OwedFacts['state']) =>
      explain({ ...facts, owed: sent, correction: { kind, owed: { ...owed, kind: 'correction', state } } }, now)
        .map(({ says }) => says)
        .filter((says) => !['sent', 'lane'].includes(says));
    expect(saidOf('update', 'sent')).toEqual(['corrected']);
    expect(saidOf('update', 'planned')).toEqual(['correcting']);
    expect(saidOf('update', 'failed')).toEqual(['not-corrected']);
    expect(saidOf('withdrawal', 'sent')).toEqual(['taken-back']);
    expect(saidOf('withdrawal', 'doubtful')).toEqual(['taking-back']);
    expect(saidOf('withdrawal', 'failed')).toEqual(['not-taken-back']);
    expect(saidOf('withdrawal', 'canceled')).toEqual([]);
  });
});
