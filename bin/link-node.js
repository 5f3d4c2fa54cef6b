// After an install: makes sure that npm's scripts run on the Node 24 among the dependencies. npm 10 forgets the link
// node_modules/.bin/node when it leaves out the packages of other platforms that bring a program of the same name.
import { copyFileSync, existsSync, linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
const isWindows = process.platform === 'win32';
const program = isWindows ? 'node.exe' : 'node';
const packaged = `node-${isWindows ? 'win' : process.platform}-${process.arch}/bin/${program}`;
const link = `${modules}.bin/${program}`;

if (existsSync(modules + packaged) && !existsSync(link)) {
  mkdirSync(`${modules}.bin`, { recursive: true });
  if (!isWindows) {
    symlinkSync(`../${packaged}`, link);
  } else {
    try {
      linkSync(modules + packaged, link);
    } catch {
      copyFileSync(modules + packaged, link);
    }
  }
}
