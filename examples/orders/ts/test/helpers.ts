import { readFileSync } from "node:fs";
import type { Context } from "aws-lambda";

export const ORDER_ID = "6d3f7a52-8f3e-5b0c-9d0a-1f6f2a9b7c11";

/** A sample from ../../events, read relative to where the tests were started (`ts/`). */
export function sample(name: string): any {
  return JSON.parse(readFileSync(`../events/${name}.json`, "utf8"));
}

export function context(remaining = 30_000): Context {
  return { awsRequestId: "request-1", getRemainingTimeInMillis: () => remaining } as Context;
}

export interface Request {
  url: URL;
  init: RequestInit;
}

/** Replaces `fetch`; each request is kept and answered by `how`. */
export function fakeFetch(how: (request: Request) => Response): Request[] {
  const requests: Request[] = [];
  globalThis.fetch = (async (url: URL, init: RequestInit) => {
    const request = { url: new URL(url), init };
    requests.push(request);
    return how(request);
  }) as typeof fetch;
  return requests;
}

export function named(name: string): Error {
  const error = new Error(name);
  error.name = name;
  return error;
}
