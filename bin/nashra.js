#!/usr/bin/env node
// Starts the nashra command line on Node 24, whichever Node (18 or newer) it is called with.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const oldestMajor = 24;

/** In megabytes, for objects that live for a moment only: left to itself V8 takes up to a hundred. As package.json's start. */
const nodeFlags = ['--max-semi-space-size=16'];

const node = findNode();
if (node === undefined) {
  console.error(
    `Nashra needs Node ${oldestMajor} or newer, but this is Node ${process.versions.node}. ` +
      `Run "npm ci" in Nashra's folder, which brings Node ${oldestMajor} where npm has it, or install Node ${oldestMajor}.`,
  );
  process.exitCode = 1;
} else {
  run(node, [...nodeFlags, pathOf('../src/cli/main.ts'), ...process.argv.slice(2)]);
}

function findNode() {
  if (Number.parseInt(process.versions.node, 10) >= oldestMajor) return process.execPath;
  const isWindows = process.platform === 'win32';
  const platform = isWindows ? 'win' : process.platform;
  const program = isWindows ? 'node.exe' : 'node';
  const places = [`../node_modules/.bin/${program}`, `../node_modules/node-${platform}-${process.arch}/bin/${program}`];
  return places.map(pathOf).find((place) => existsSync(place));
}

function run(program, args) {
  const child = spawn(program, args, { stdio: 'inherit' });
  child.on('error', (error) => {
    console.error(`${program} cannot be started: ${error.message}`);
    process.exitCode = 1;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C at a terminal reaches the child by itself; twice would be once too often.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function pathOf(place) {
  return fileURLToPath(new URL(place, import.meta.url));
}
