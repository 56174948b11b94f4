/**
 * Lambda authorizer of the shop's API: checks the customer's token and says who they are.
 *
 * The login service signs with RS256; we hold only its public key. No library: a token is three
 * parts, and each check below has a reason.
 */
import { createPublicKey, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent, Context } from "aws-lambda";
import * as log from "./lib/log";

const ISSUER = process.env.TOKEN_ISSUER ?? "https://login.tidewater.example";
const AUDIENCE = "shop-api";
const CLOCK_SKEW_SECONDS = 60;
const MAX_TOKEN_LENGTH = 4096;

interface Claims {
  sub: string;
  iss: string;
  aud: string | string[];
  exp: number;
  nbf?: number;
  scope?: string;
}

class Refused extends Error {}

let key: KeyObject | undefined;

function publicKey(): KeyObject {
  // parsed once an environment; a bad key fails the request and not the start
  key ??= createPublicKey((process.env.AUTH_PUBLIC_KEY ?? "").replaceAll("\\n", "\n"));
  return key;
}

export async function handler(
  event: APIGatewayTokenAuthorizerEvent,
  context: Context,
): Promise<APIGatewayAuthorizerResult> {
  log.bind(context.awsRequestId);
  try {
    const claims = check(event.authorizationToken ?? "");
    return policy("Allow", claims.sub, event.methodArn, {
      customerId: claims.sub,
      scope: claims.scope ?? "",
    });
  } catch (caught) {
    if (caught instanceof Refused) {
      log.warn("token refused", { why: caught.message, token: event.authorizationToken });
      // API Gateway turns exactly this word into a 401
      throw new Error("Unauthorized");
    }
    log.error("cannot check tokens", { reason: log.reason(caught) });
    throw caught;
  }
}

export function check(header: string, now: number = Date.now() / 1000): Claims {
  const [scheme, token, ...rest] = header.split(" ");
  if (scheme?.toLowerCase() !== "bearer" || !token || rest.length > 0) {
    throw new Refused("not a bearer token");
  }
  if (token.length > MAX_TOKEN_LENGTH) {
    throw new Refused("too long");
  }
  const parts = token.split(".");
  if (parts.length !== 3) {
    throw new Refused("not three parts");
  }
  const [head, body, signature] = parts as [string, string, string];

  // the algorithm is ours to choose, not the token's: "none" and HS256 with the public key end here
  const header64 = decode(head);
  if (header64.alg !== "RS256") {
    throw new Refused("wrong algorithm");
  }
  const signed = verify("RSA-SHA256", Buffer.from(`${head}.${body}`), publicKey(), Buffer.from(signature, "base64url"));
  if (!signed) {
    throw new Refused("wrong signature");
  }

  const claims = decode(body) as unknown as Claims;
  if (claims.iss !== ISSUER) {
    throw new Refused("wrong issuer");
  }
  const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  if (!audiences.includes(AUDIENCE)) {
    throw new Refused("wrong audience");
  }
  if (typeof claims.exp !== "number" || claims.exp + CLOCK_SKEW_SECONDS < now) {
    throw new Refused("expired");
  }
  if (typeof claims.nbf === "number" && claims.nbf - CLOCK_SKEW_SECONDS > now) {
    throw new Refused("not valid yet");
  }
  if (typeof claims.sub !== "string" || !/^[A-Za-z0-9-]{8,64}$/.test(claims.sub)) {
    throw new Refused("no usable subject");
  }
  return claims;
}

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // falls through: the caller need not know which part was broken
  }
  throw new Refused("not a token");
}

function policy(
  effect: "Allow" | "Deny",
  principal: string,
  methodArn: string,
  context: Record<string, string>,
): APIGatewayAuthorizerResult {
  // arn:aws:execute-api:region:account:api/stage/METHOD/path: the answer is cached for five minutes
  // and serves every route of this stage, so it must not name only the first one
  const stage = methodArn.split("/").slice(0, 2).join("/");
  return {
    principalId: principal,
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: effect, Resource: `${stage}/*` }],
    },
    context,
  };
}
