import { expect, test } from 'vitest';
import { nodeVersionProblem } from '../../src/lib/node-version.ts';

test.each(['24.0.0', '24.21.0', 'v25.1.0', '100.0.0'])('Node %s will do', (version) => {
  expect(nodeVersionProblem(version)).toBeUndefined();
});

test.each(['20.19.5', '22.22.0', 'v23.9.0', '9.0.0'])(
  'Node %s is too old, and the sentence says which is needed',
  (version) => {
    expect(nodeVersionProblem(version)).toContain(`needs Node 24 or newer, but this is Node ${version}`);
  },
);
