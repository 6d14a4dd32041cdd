import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { createWriterMutexMemory, writerMutex } from '../../src/store/sqlite/writer-mutex.ts';

it('a turn is had at once when nobody else has it', () => {
  const turns = writerMutex(createWriterMutexMemory());
  expect(turns.take()).toBeUndefined();
  turns.give();
  expect(turns.take()).toBeUndefined();
});

it('who has a turn knows whether others had some since the one before', () => {
  const memory = createWriterMutexMemory();
  const [one, two] = [writerMutex(memory), writerMutex(memory)];
  const has = (turns: typeof one) => {
    turns.take();
    turns.give();
    return turns.othersWrite;
  };
  expect([has(one), has(one), has(two), has(one), has(one)]).toEqual([false, false, true, true, false]);
});

it('those who wait have their turns one by one, in the order in which they asked', async () => {
  const memory = createWriterMutexMemory();
  const [one, two] = [writerMutex(memory), writerMutex(memory)];
  const had: string[] = [];
  one.take();
  const second = two.take()?.then(() => had.push('second'));
  const third = one.take()?.then(() => had.push('third'));
  await nextTurn();
  expect(had).toEqual([]);
  one.give();
  await second;
  await nextTurn();
  expect(had).toEqual(['second']);
  two.give();
  await third;
  expect(had).toEqual(['second', 'third']);
});

const COUNTING = `
const { parentPort, workerData } = require('node:worker_threads');
// To wait for a turn does not keep a thread alive.
const alive = setInterval(() => {}, 1000);
import(workerData.module).then(async ({ writerMutex }) => {
  const turns = writerMutex(workerData.memory);
  const numbers = new Int32Array(workerData.numbers);
  for (let round = 0; round < 3000; round++) {
    await turns.take();
    const read = numbers[0];
    for (let pause = 0; pause < 200; pause++) numbers[1] = pause;
    numbers[0] = read + 1;
    turns.give();
  }
  clearInterval(alive);
  parentPort.postMessage('done');
});`;

it('threads that take turns do not lose what each other wrote', async () => {
  const numbers = new SharedArrayBuffer(8);
  const module = new URL('../../src/store/sqlite/writer-mutex.ts', import.meta.url).href;
  const workerData = { module, memory: createWriterMutexMemory(), numbers };
  const threads = [1, 2, 3].map(() => new Worker(COUNTING, { eval: true, workerData }));
  await Promise.all(threads.map((thread) => new Promise((resolve) => thread.once('message', resolve))));
  await Promise.all(threads.map((thread) => thread.terminate()));
  expect(new Int32Array(numbers)[0]).toBe(9000);
});
