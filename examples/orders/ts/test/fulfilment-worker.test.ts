import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { context, fakeFetch, ORDER_ID, sample } from "./helpers";
import { answer, inputs, reset } from "./stubs/aws-sdk";

process.env.CARRIER_URL = "https://carrier.test/v3";
const { handler } = await import("../src/fulfilment-worker");

const order = {
  orderId: ORDER_ID,
  status: "paid",
  address: { name: "Ada Holm", street: "Kajvägen 4", city: "Malmö", postcode: "211 19", country: "SE", door: "1234" },
  lines: [{ sku: "LAMP-114", quantity: 2 }],
};

beforeEach(() => {
  reset();
  answer("GetSecretValueCommand", () => ({ SecretString: JSON.stringify({ token: "carrier-token" }) }));
  answer("GetCommand", () => ({ Item: order }));
});

test("books the shipment once and remembers it", async () => {
  const requests = fakeFetch(() => Response.json({ trackingNumber: "SP1" }));
  assert.deepEqual(await handler(sample("fulfilment-queue"), context()), { batchItemFailures: [] });
  assert.equal(requests[0]?.url.href, `https://carrier.test/v3/shipments/${ORDER_ID}`);
  const body = JSON.parse(requests[0]?.init.body as string);
  assert.equal(body.pieces, 2);
  assert.equal("door" in body.recipient, false);
  assert.equal(inputs("UpdateCommand")[0]?.ExpressionAttributeValues[":shipment"].trackingNumber, "SP1");
});

test("a failure is that message's alone", async () => {
  fakeFetch(() => new Response("", { status: 503 }));
  const event = sample("fulfilment-queue");
  const broken = { ...event.Records[0], messageId: "broken", body: '{"detail": {"orderId": "../etc"}}' };
  const result = await handler({ Records: [event.Records[0], broken] }, context());
  assert.deepEqual(
    result.batchItemFailures.map((failure) => failure.itemIdentifier),
    ["2e1424d4-f796-459a-8184-9c92662be6da", "broken"],
  );
});

test("without time left nothing is begun", async () => {
  const requests = fakeFetch(() => Response.json({}));
  const result = await handler(sample("fulfilment-queue"), context(5_000));
  assert.equal(result.batchItemFailures.length, 1);
  assert.equal(requests.length, 0);
});

test("orders that are not paid are left alone", async () => {
  answer("GetCommand", () => ({ Item: { ...order, status: "cancelled" } }));
  const requests = fakeFetch(() => Response.json({}));
  assert.deepEqual(await handler(sample("fulfilment-queue"), context()), { batchItemFailures: [] });
  assert.equal(requests.length, 0);
});

test("a way to ship that only the prototype has is refused", async () => {
  answer("GetCommand", () => ({ Item: { ...order, shipping: "constructor" } }));
  fakeFetch(() => Response.json({ trackingNumber: "SP1" }));
  assert.equal((await handler(sample("fulfilment-queue"), context())).batchItemFailures.length, 1);
});
