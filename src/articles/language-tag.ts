// What a language tag says first: the language itself.

/** `ar-SY` → `ar`; null for what is no language tag. */
export function primarySubtag(tag: string | null): string | null {
  return /^([a-z]{2,3})(?:[-_]|$)/i.exec(tag?.trim() ?? '')?.[1]?.toLowerCase() ?? null;
}
