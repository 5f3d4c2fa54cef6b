// A peer in a process of its own.
import { answer } from './child.ts';
import { type Peer, type PeerTask, peers } from './peers.ts';

const handlers = {
  run: ({ peer, task }: { peer: Peer; task: PeerTask }): Promise<void> => peers[peer](task),
};

export type PeerHandlers = typeof handlers;

answer(handlers);
