import { Identifier, Message, parse, type SelectExpression, VariableReference, Visitor } from '@fluent/syntax';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatText } from '../../sandbox/telegram/formatted.ts';
import { codePoints } from '../../src/lib/text.ts';
import { loadLocales } from '../../src/telegram/i18n.ts';

const root = new URL('../../', import.meta.url);
const locales = await loadLocales(new URL('locales/', root));

interface Described {
  variables: Set<string>;
  /** The variants of each plural selector. */
  plurals: { variable: string; variants: string[] }[];
}

const categories = new Set(['zero', 'one', 'two', 'few', 'many', 'other']);

class Description extends Visitor implements Described {
  variables = new Set<string>();
  plurals: Described['plurals'] = [];

  override visitVariableReference(node: VariableReference): void {
    this.variables.add(node.id.name);
  }

  override visitSelectExpression(node: SelectExpression): void {
    const variants = node.variants.map(({ key }) => (key instanceof Identifier ? key.name : key.value));
    if (node.selector instanceof VariableReference && variants.some((variant) => categories.has(variant))) {
      this.plurals.push({ variable: node.selector.id.name, variants });
    }
    this.genericVisit(node);
  }
}

function describeMessages(language: string): Map<string, Described> {
  const { body } = parse(readFileSync(new URL(`locales/${language}.ftl`, root), 'utf8'), {});
  expect(body.filter(({ type }) => type === 'Junk')).toEqual([]);
  return new Map(
    body
      .filter((entry) => entry instanceof Message)
      .map((message) => {
        const description = new Description();
        description.visit(message);
        return [message.id.name, description];
      }),
  );
}

const reference = describeMessages(locales.fallback);

/** As locales/*.ftl say at their head. */
const isPlain = (key: string) => /-(button|answer|label|name)$|^(command|bot|duration)-/.test(key);

const numbers = new Set(
  'count total sent blocked failed unknown ok failing paused readers channels disabled articles'.split(' '),
);

const hostileName = '<b>News & "Views"';

/** A message with every plural form of its numbers, and with names that would break careless markup. */
function said(language: string, key: string, { variables }: Described): string[] {
  return [0, 1, 2, 3, 11, 100, 1_234_567].map((number) => {
    const args = Object.fromEntries([...variables].map((name) => [name, numbers.has(name) ? number : hostileName]));
    return isPlain(key) ? locales.plain(language, key, args) : locales.t(language, key, args);
  });
}

describe.each(locales.languages)('the locale %s', (language) => {
  const messages = describeMessages(language);

  test('has exactly the messages that every language has', () => {
    expect([...messages.keys()].sort()).toEqual([...reference.keys()].sort());
  });

  test('asks for the same arguments in every message', () => {
    const variables = (of: Map<string, Described>) =>
      Object.fromEntries([...of].map(([key, message]) => [key, [...message.variables].sort()]));

    expect(variables(messages)).toEqual(variables(reference));
  });

  test("covers every plural form of the language's grammar", () => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, { plurals }] of messages) {
      for (const { variable, variants } of plurals) {
        expect(variants, `${key}, $${variable}`).toEqual(expect.arrayContaining(needed));
      }
    }
  });

  test('has no markup where Telegram shows none', () => {
    const texts = [...messages]
      .filter(([key]) => isPlain(key))
      .flatMap(([key, message]) => said(language, key, message));

    expect(texts.filter((text) => /[<>]/.test(text.replaceAll(hostileName, '')))).toEqual([]);
  });

  test.each([...messages])('%s is text that Telegram takes, whatever its arguments', (key, message) => {
    for (const text of said(language, key, message)) {
      const parsed = formatText(text, { parseMode: isPlain(key) ? '' : 'HTML', entities: undefined });

      expect(parsed.text).not.toBe('');
      expect(parsed.text).not.toMatch(/&(lt|gt|amp|quot);/);
    }
  });

  test("keeps Telegram's lengths", () => {
    const longest = (pattern: RegExp) =>
      Math.max(
        ...[...messages]
          .filter(([key]) => pattern.test(key))
          .flatMap(([key, message]) => said(language, key, message).map(codePoints)),
      );

    expect(longest(/-answer$/)).toBeLessThanOrEqual(200);
    expect(longest(/^command-/)).toBeLessThanOrEqual(256);
    expect(longest(/^bot-description$/)).toBeLessThanOrEqual(512);
    expect(longest(/^bot-short-description$/)).toBeLessThanOrEqual(120);
  });
});

describe('the messages and the code', () => {
  const code = globSync('src/**/*.ts', { cwd: root })
    .map((path) => readFileSync(new URL(path, root), 'utf8'))
    .join('\n');

  test('every message that the code asks for is there', () => {
    const asked = [...code.matchAll(/\b(?:t|plain)\(\s*(?:[\w.]+,\s*)?'([a-z]+(?:-[a-z]+)+)'/g)].map(([, key]) => key);

    expect(asked).toContain('story-read-button');
    expect(asked.filter((key) => !reference.has(key ?? ''))).toEqual([]);
  });

  test('no message is without use', () => {
    const templates = [...code.matchAll(/`([a-z-]*)\$\{[^`}]*\}([a-z-]*)`/g)]
      .filter(([, start = '', end = '']) => `${start}${end}`.includes('-') && start.length > 3)
      .map(([, start = '', end = '']) => new RegExp(`^${start}[a-z-]+${end}$`));
    const unused = [...reference.keys()].filter(
      (key) => !code.includes(`'${key}'`) && !templates.some((template) => template.test(key)),
    );

    expect(unused).toEqual([]);
  });
});
