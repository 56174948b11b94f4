import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { context, sample } from "./helpers";
import { answer, inputs, reset } from "./stubs/aws-sdk";

process.env.BUS_NAME = "orders";
const { handler } = await import("../src/order-stream");

beforeEach(reset);

function changed(image: object): any {
  const event = sample("order-stream");
  Object.assign(event.Records[0].dynamodb.NewImage, image);
  return event;
}

const detail = (): any => JSON.parse(inputs("PutEventsCommand")[0]?.Entries[0].Detail);

test("a change of status becomes an event and counts", async () => {
  await handler(sample("order-stream"), context());
  const [put] = inputs("PutEventsCommand");
  assert.equal(put?.Entries[0].DetailType, "OrderPaid");
  assert.equal(detail().warehouse, "goteborg");
  assert.deepEqual(detail().preferences.mail, { language: "sv", logo: true, marketing: false });
  assert.equal(inputs("UpdateCommand")[0]?.ExpressionAttributeValues[":amount"], 9980);
});

test("nothing new, nothing said", async () => {
  await handler(changed({ status: { S: "new" } }), context());
  assert.equal(inputs("PutEventsCommand").length, 0);
});

test("partners route their own orders", async () => {
  const rule = { M: { when: { S: "order.total > 5000" }, to: { S: "partner-dock" } } };
  await handler(changed({ routing: { L: [rule] } }), context());
  assert.equal(detail().warehouse, "partner-dock");
});

test("a broken rule falls back to ours", async () => {
  const rule = { M: { when: { S: "order.total >" }, to: { S: "nowhere" } } };
  await handler(changed({ routing: { L: [rule] } }), context());
  assert.equal(detail().warehouse, "goteborg");
});

test("events that fail three times are parked", async () => {
  answer("PutEventsCommand", (input) => ({
    FailedEntryCount: input.Entries.length,
    Entries: input.Entries.map(() => ({ ErrorCode: "ThrottlingException" })),
  }));
  await handler(sample("order-stream"), context());
  assert.equal(inputs("PutEventsCommand").length, 3);
  assert.equal(inputs("SendMessageCommand").length, 1);
});
