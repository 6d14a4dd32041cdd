import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { createWriterMutexMemory, writerMutex } from '../../src/store/sqlite/writer-mutex.ts';

it('it is acquired at once when it is free', () => {
  const mutex = writerMutex(createWriterMutexMemory());
  expect(mutex.acquire()).toBeUndefined();
  mutex.release();
  expect(mutex.acquire()).toBeUndefined();
});

it('a thread is told whether others held it since it did last', () => {
  const memory = createWriterMutexMemory();
  const [one, two] = [writerMutex(memory), writerMutex(memory)];
  const has = (mutex: typeof one) => {
    mutex.acquire();
    mutex.release();
    return mutex.othersWrite();
  };
  expect([has(one), has(one), has(two), has(one), has(one)]).toEqual([false, false, true, true, false]);
});

it('those who wait acquire it in the order in which they asked', async () => {
  const memory = createWriterMutexMemory();
  const [one, two] = [writerMutex(memory), writerMutex(memory)];
  const had: string[] = [];
  one.acquire();
  const second = two.acquire()?.then(() => had.push('second'));
  const third = one.acquire()?.then(() => had.push('third'));
  await nextTurn();
  expect(had).toEqual([]);
  one.release();
  await second;
  await nextTurn();
  expect(had).toEqual(['second']);
  two.release();
  await third;
  expect(had).toEqual(['second', 'third']);
});

const COUNTING = `
const { parentPort, workerData } = require('node:worker_threads');
// Waiting for the mutex does not keep a thread alive.
const alive = setInterval(() => {}, 1000);
import(workerData.module).then(async ({ writerMutex }) => {
  const mutex = writerMutex(workerData.memory);
  const numbers = new Int32Array(workerData.numbers);
  for (let round = 0; round < 3000; round++) {
    await mutex.acquire();
    const read = numbers[0];
    for (let pause = 0; pause < 200; pause++) numbers[1] = pause;
    numbers[0] = read + 1;
    mutex.release();
  }
  clearInterval(alive);
  parentPort.postMessage('done');
});`;

it('threads that hold it in turn lose none of their updates', async () => {
  const numbers = new SharedArrayBuffer(8);
  const module = new URL('../../src/store/sqlite/writer-mutex.ts', import.meta.url).href;
  const workerData = { module, memory: createWriterMutexMemory(), numbers };
  const threads = [1, 2, 3].map(() => new Worker(COUNTING, { eval: true, workerData }));
  await Promise.all(threads.map((thread) => new Promise((resolve) => thread.once('message', resolve))));
  await Promise.all(threads.map((thread) => thread.terminate()));
  expect(new Int32Array(numbers)[0]).toBe(9000);
});
