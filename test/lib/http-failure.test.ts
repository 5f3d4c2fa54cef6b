import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/lib/download.ts';
import { answerOrFailure, parseRetryAfter } from '../../src/lib/http-failure.ts';

const now = new Date('2026-05-01T12:00:00Z');

function answerOf(
  status: number,
  { headers = {}, body = '' }: { headers?: Record<string, string>; body?: string } = {},
): Answer {
  return {
    kind: 'answered',
    status,
    headers: new Headers(headers),
    bytes: Buffer.from(body),
    url: 'https://news.example/feed?key=secret',
    movedTo: null,
  };
}

describe('answerOrFailure', () => {
  test.each([200, 201, 206, 304])('status %i is an answer', (status) => {
    expect(answerOrFailure(answerOf(status), now).kind).toBe('answered');
  });

  test.each([
    [400, 'server-error'],
    [401, 'denied'],
    [402, 'denied'],
    [403, 'denied'],
    [404, 'missing'],
    [405, 'server-error'],
    [407, 'denied'],
    [410, 'gone'],
    [429, 'slow-down'],
    [451, 'denied'],
    [500, 'server-error'],
    [503, 'server-error'],
    [302, 'server-error'],
  ])('status %i is %s, and the reason keeps the path to itself', (status, kind) => {
    const failure = answerOrFailure(answerOf(status), now);
    expect(failure).toMatchObject({ kind, reason: expect.stringContaining(`news.example`) });
    expect(failure).toMatchObject({ reason: expect.stringContaining(String(status)) });
    expect(JSON.stringify(failure)).not.toContain('secret');
  });

  test.each([
    [429, '120', 120_000],
    [503, '120', 120_000],
    [503, 'Fri, 01 May 2026 12:01:30 GMT', 90_000],
    [429, 'Fri, 01 May 2026 11:00:00 GMT', 0],
    [429, 'soon', null],
  ])('status %i with Retry-After %s asks for %s ms', (status, value, retryAfterMs) => {
    const failure = answerOrFailure(answerOf(status, { headers: { 'retry-after': value } }), now);
    expect(failure).toMatchObject({ kind: 'slow-down', retryAfterMs });
  });

  test.each([
    ['a header', answerOf(403, { headers: { 'cf-mitigated': 'challenge' } })],
    ['its title', answerOf(503, { body: '<!DOCTYPE html><html><head><title>Just a moment...</title>' })],
    ['its title, with a good status', answerOf(200, { body: '\n<html><head><title>One moment, please...</title>' })],
    ['its script', answerOf(200, { body: '<html><script src="/_Incapsula_Resource?x=1"></script></html>' })],
  ])('a page that tests for a browser is told by %s', (_what, answer) => {
    expect(answerOrFailure(answer, now)).toMatchObject({ kind: 'denied', reason: expect.stringMatching(/check/) });
  });

  test.each([
    [
      'an article that loads such a script',
      `<html><script src="/_Incapsula_Resource"></script>${'<p>news</p>'.repeat(1000)}`,
    ],
    [
      'a feed with such a title',
      '<rss version="2.0"><channel><item><title>Just a moment</title></item></channel></rss>',
    ],
  ])('%s is no such page', (_what, body) => {
    expect(answerOrFailure(answerOf(200, { body }), now).kind).toBe('answered');
  });

  test('a failed download is the failure itself', () => {
    const timeout = { kind: 'timeout', reason: 'Too slow.' } as const;
    expect(answerOrFailure(timeout, now)).toBe(timeout);
  });
});

test('without a time to count from, a date in Retry-After is not read', () => {
  expect(parseRetryAfter('Fri, 01 May 2026 12:01:30 GMT', undefined)).toBeNull();
  expect(parseRetryAfter('7', undefined)).toBe(7000);
});
