import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { closed, pageQuery } from '../../src/admin/route.ts';
import { bodyReader, textReader } from '../../src/admin/validate.ts';
import { Problem } from '../../src/server/json-routes.ts';

function problemOf(read: () => unknown): Problem {
  try {
    read();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('It was accepted');
}

describe('parameters in the query', () => {
  const read = textReader(
    Type.Object({
      ...pageQuery,
      where: Type.Optional(Type.Array(Type.String())),
      fault: Type.Optional(Type.Boolean()),
    }),
    'the query',
  );

  it('have their types', () => {
    expect(read({ limit: '5', after: '17', where: 'a:eq:1', fault: 'true' })).toEqual({
      limit: 5,
      after: '17',
      where: ['a:eq:1'],
      fault: true,
    });
    expect(read({ where: ['a', 'b'] })).toEqual({ where: ['a', 'b'] });
    expect(read({})).toEqual({});
  });

  it.each([
    [{ limit: '0' }, 'limit in the query: expected at least 1, not 0'],
    [{ limit: '201' }, 'limit in the query: expected at most 200, not 201'],
    [{ limit: '1e2' }, 'limit in the query: expected a whole number, not "1e2"'],
    [{ limit: ['1', '2'] }, 'limit in the query: expected a whole number, not a list'],
    [{ fault: 'yes' }, 'fault in the query: expected true or false, not "yes"'],
    [
      { limt: '5' },
      'limt in the query: unknown property (did you mean limit?); expected one of after, limit, where, fault',
    ],
  ])('are refused: %j', (sent, detail) => {
    expect(problemOf(() => read(sent))).toMatchObject({ status: 400, message: detail });
  });
});

describe('a body', () => {
  const read = bodyReader(
    closed({ name: Type.String(), costs: Type.Array(closed({ amount: Type.Integer() })) }),
  );

  it('names each mistake by its path, ten at most', () => {
    const { message, errors } = problemOf(() => read({ costs: Array(20).fill({ amount: 'x' }) }));
    expect(message).toMatch(/in the body: /);
    expect(errors).toHaveLength(10);
    expect(errors?.map(({ path }) => path)).toContain('costs[0].amount');
  });

  it('that is no object is refused', () => {
    expect(problemOf(() => read('a')).message).toBe('the body: expected an object, not "a"');
  });
});
