import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static, type TObject, type TProperties, type TSchema } from 'typebox';
import type { RouteMethod } from '../server/json-routes.ts';
import type { AdminContext } from './context.ts';

/** A request to the admin API whose parts have been validated. */
export interface AdminRequest<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Aborted when the client closes the connection before the answer. */
  readonly signal: AbortSignal;
  /** For routes that set headers or stream their answer. */
  readonly http: { readonly request: FastifyRequest; readonly reply: FastifyReply };
}

/** One method of a path. Validation, the OpenAPI document and the answers' types are derived from it. */
export interface AdminRoute {
  readonly method: RouteMethod;
  /** Below `/api/v1`; parameters in braces: `/calls/{number}`. */
  readonly path: string;
  /** One line, such as "Lists calls, newest first". */
  readonly summary: string;
  /** The heading of the route in the documentation. */
  readonly tag: string;
  readonly params?: TObject | undefined;
  readonly query?: TObject | undefined;
  readonly body?: TSchema | undefined;
  /** The most bytes of the body. Default: 1 MiB. */
  readonly maxBytes?: number | undefined;
  /** Null: status 204. */
  readonly answer: TSchema | null;
  /** Default: `application/json`. */
  readonly answerType?: string | undefined;
  /** Needs neither token nor session. */
  readonly isOpen?: boolean | undefined;
  handle(request: AdminRequest, context: AdminContext): Promise<unknown>;
}

type StaticOf<Schema> = Schema extends TSchema ? Static<Schema> : undefined;

/** Answers may be made of what nobody may change. */
type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Name in keyof Value]: DeepReadonly<Value[Name]> }
    : Value;

/** Declares a route. The types of its request and answer follow from its schemas. */
export function adminRoute<
  Answer extends TSchema | null,
  Params extends TObject | undefined = undefined,
  Query extends TObject | undefined = undefined,
  Body extends TSchema | undefined = undefined,
>(
  route: Omit<AdminRoute, 'params' | 'query' | 'body' | 'answer' | 'handle'> & {
    readonly params?: Params;
    readonly query?: Query;
    readonly body?: Body;
    readonly answer: Answer;
    handle(
      request: AdminRequest<StaticOf<Params>, StaticOf<Query>, StaticOf<Body>>,
      context: AdminContext,
    ): Promise<Answer extends TSchema ? DeepReadonly<Static<Answer>> : void>;
  },
): AdminRoute {
  return route as AdminRoute;
}

/** Declares an object without other properties. */
export const closed = <Properties extends TProperties>(properties: Properties, description?: string) =>
  Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });

/** Query parameters of a list that is read page by page. */
export const pageQuery = {
  after: Type.Optional(Type.String({ description: '`next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'items at most; default 50' })),
};

/** Declares the answer of a list that is read page by page. */
export const pageOf = <Item extends TSchema>(item: Item) =>
  closed({
    items: Type.Array(item),
    next: Type.Union([Type.String(), Type.Null()], {
      description: 'goes back as `after` to get the next page; null: there is none',
    }),
  });

/** Declares a value or null. */
export const orNull = <Value extends TSchema>(value: Value) => Type.Union([value, Type.Null()]);
