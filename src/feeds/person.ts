// Finds the name of a person in the ways that feeds write one: "mail (Name)", "Name <mail>", or a link around it.

/** The name, or nothing where there is an address alone. */
export function nameOfPerson(text: string): string {
  if (!text.includes('@')) return text.includes('<') ? text.replaceAll(/<\/?[a-z][^<>]{0,500}>/gi, ' ').trim() : text;
  return text
    .replaceAll(/[<(]?(?:mailto:)?[^\s<>()@,;"]{1,100}@[^\s<>()@,;"]{1,200}[>)]?/gi, ' ')
    .replace(/^[\s"'(,;-]+/, '')
    .replace(/[\s"'),;-]{1,20}$/, '');
}
