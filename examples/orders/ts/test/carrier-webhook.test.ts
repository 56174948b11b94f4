import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { beforeEach, test } from "node:test";
import { context, named, ORDER_ID, sample } from "./helpers";
import { answer, inputs, reset } from "./stubs/aws-sdk";

process.env.CARRIER_SECRET_ARN = "arn:carrier";
const { handler } = await import("../src/carrier-webhook");

const now = Math.floor(Date.now() / 1000);

function signed(body: string, at = now, secret = "signing-secret"): any {
  const mac = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  const event = sample("carrier-webhook");
  return { ...event, body, headers: { ...event.headers, "x-swift-signature": `t=${at},v1=${mac}` } };
}

const delivered: string = sample("carrier-webhook").body;

beforeEach(() => {
  reset();
  answer("GetSecretValueCommand", () => ({ SecretString: JSON.stringify({ signing: "signing-secret" }) }));
});

test("a signed event moves the order", async () => {
  const reply = await handler(signed(delivered), context());
  assert.equal(reply.statusCode, 200);
  const [update] = inputs("UpdateCommand");
  assert.deepEqual(update?.Key, { orderId: ORDER_ID });
  assert.equal(update?.ExpressionAttributeValues[":to"], "delivered");
});

test("the signature covers the body as it came", async () => {
  const spaced = JSON.stringify(JSON.parse(delivered), null, 2);
  assert.equal((await handler(signed(spaced), context())).statusCode, 200);
  assert.equal((await handler({ ...signed(delivered), body: spaced }, context())).statusCode, 401);
});

test("base64 bodies are signed as bytes", async () => {
  const event = { ...signed(delivered), body: Buffer.from(delivered).toString("base64"), isBase64Encoded: true };
  assert.equal((await handler(event, context())).statusCode, 200);
});

const refused: Record<string, any> = {
  "another secret": signed(delivered, now, "guess"),
  "an old event again": signed(delivered, now - 900),
  "an event from the future": signed(delivered, now + 900),
  "no signature": sample("carrier-webhook"),
};
for (const [what, event] of Object.entries(refused)) {
  test(`refused: ${what}`, async () => {
    assert.equal((await handler(event, context())).statusCode, 401);
    assert.equal(inputs("UpdateCommand").length, 0);
  });
}

test("an event seen before changes nothing", async () => {
  answer("UpdateCommand", () => {
    throw named("ConditionalCheckFailedException");
  });
  assert.equal((await handler(signed(delivered), context())).body, '{"changed":false}');
});

test("incomplete, unknown and unlucky events", async () => {
  assert.equal((await handler(signed("{}"), context())).statusCode, 422);
  assert.equal((await handler(signed(delivered.replace("DELIVERED", "constructor")), context())).statusCode, 202);
  answer("UpdateCommand", () => {
    throw named("InternalServerError");
  });
  assert.equal((await handler(signed(delivered), context())).statusCode, 503);
});
