// Tells whether the Node that runs us is new enough: older ones fail later, with messages that nobody understands.

const oldestMajor = 24;

/** A sentence for the person who started us, or undefined when `version` (like "24.21.0") will do. */
export function nodeVersionProblem(version: string): string | undefined {
  const major = Number.parseInt(version.replace(/^v/, ''), 10);
  if (major >= oldestMajor) return undefined;
  return (
    `Nashra needs Node ${oldestMajor} or newer, but this is Node ${version}. ` +
    `Start it with the npm commands of the README (npm start, npm run demo, npm test): after npm ci they run on the ` +
    `Node ${oldestMajor} among the dependencies. Where npm has none for the platform (macOS), install Node ${oldestMajor}.`
  );
}
