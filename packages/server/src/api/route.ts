/** A route as data: what it takes and gives as schemas, and what it does over Control. Server and documentation are both made of it. Shared, types only. */
import type { Control } from "@knowledge-chipper/core";
import type { z } from "zod";

export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** With `{name}` for parameters. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** The body may be left out. */
  readonly bodyOptional?: boolean;
  readonly status?: 200 | 201;
  /** Of a JSON answer. */
  readonly response?: z.ZodType;
  /** Media type of another answer. */
  readonly contentType?: string;
  /** Media types of texts that it can be asked for instead. */
  readonly alsoTypes?: readonly string[];
  /** Codes of problems that it may answer with, beside those of every route. */
  readonly problems?: readonly number[];
  handle(call: Call): Promise<unknown>;
}

export interface Call {
  readonly control: Control;
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  /** As the route's schemas made them. */
  readonly query: never;
  readonly body: never;
  /** Whether it came over a port instead of the home's own socket. */
  readonly isRemote: boolean;
}

interface Definition<Q extends z.ZodType, B extends z.ZodType> extends Omit<
  Route,
  "query" | "body" | "handle"
> {
  readonly query?: Q;
  readonly body?: B;
  handle(
    call: Omit<Call, "query" | "body"> & {
      readonly query: z.output<Q>;
      readonly body: z.output<B>;
    },
  ): Promise<unknown>;
}

/** Checks that handler and schemas fit each other. */
export function route<Q extends z.ZodType, B extends z.ZodType>(
  definition: Definition<Q, B>,
): Route {
  return definition as unknown as Route;
}
