import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { context, sample } from "./helpers";

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = keys.publicKey.export({ type: "spki", format: "pem" }).toString();
process.env.AUTH_PUBLIC_KEY = pem.replaceAll("\n", "\\n"); // as the parameter store gives it
process.env.TOKEN_ISSUER = "https://login.test";

const { check, handler } = await import("../src/authorizer");

const now = Math.floor(Date.now() / 1000);
const good = { sub: "cust-20417", iss: "https://login.test", aud: "shop-api", exp: now + 600 };
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(claims: object, head: object = { alg: "RS256", typ: "JWT" }): string {
  const signed = `${encode(head)}.${encode(claims)}`;
  return `Bearer ${signed}.${sign("RSA-SHA256", Buffer.from(signed), keys.privateKey).toString("base64url")}`;
}

test("a good token allows the whole stage and names the customer", async () => {
  const result = await handler({ ...sample("authorizer"), authorizationToken: token(good) }, context());
  const [statement] = result.policyDocument.Statement as { Resource: string; Effect: string }[];
  assert.equal(statement?.Effect, "Allow");
  assert.equal(statement?.Resource, "arn:aws:execute-api:eu-west-1:111122223333:abc123/dev/*");
  assert.equal(result.context?.customerId, "cust-20417");
});

const bad: Record<string, string> = {
  "no scheme": token(good).slice(7),
  "not three parts": "Bearer a.b",
  "other algorithm": token(good, { alg: "none" }),
  "expired": token({ ...good, exp: now - 3600 }),
  "not yet valid": token({ ...good, nbf: now + 3600 }),
  "other issuer": token({ ...good, iss: "https://login.evil" }),
  "other audience": token({ ...good, aud: ["backoffice"] }),
  "strange subject": token({ ...good, sub: "../admin" }),
  "changed claims": token(good).replace(/\.[^.]+\./, `.${encode({ ...good, sub: "cust-00001" })}.`),
};

for (const [what, value] of Object.entries(bad)) {
  test(`refused: ${what}`, async () => {
    await assert.rejects(handler({ ...sample("authorizer"), authorizationToken: value }, context()), /^Error: Unauthorized$/);
  });
}

test("a token signed with the public key as an HMAC secret is refused", () => {
  const signed = `${encode({ alg: "HS256" })}.${encode(good)}`;
  const mac = createHmac("sha256", pem).update(signed).digest("base64url");
  assert.throws(() => check(`Bearer ${signed}.${mac}`), /wrong algorithm/);
});
