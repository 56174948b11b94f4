import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { context, fakeFetch, sample } from "./helpers";
import { answer, inputs, reset } from "./stubs/aws-sdk";

process.env.SENDER = "orders@shop.test";
process.env.SMS_GATEWAY_URL = "https://user:word@sms.test/v2/messages";
const { handler } = await import("../src/notify");

const customer = { email: "ada@example.org", phone: "+46700000000", address: { name: "Ada Holm" } };

function about(message: object): any {
  const event = sample("order-event");
  event.Records[0].Sns.Message = JSON.stringify(message);
  return event;
}

beforeEach(() => {
  reset();
  answer("GetCommand", () => ({ Item: customer }));
});

test("one order, one mail, one text message", async () => {
  const requests = fakeFetch(() => new Response("", { status: 202 }));
  await handler(sample("order-event"), context());
  const [mail] = inputs("SendEmailCommand");
  assert.deepEqual(mail?.Destination.ToAddresses, ["ada@example.org"]);
  assert.match(mail?.Message.Body.Html.Data, /Hello Ada,/);
  assert.equal(requests[0]?.url.href, "https://sms.test/v2/messages");
  assert.deepEqual(JSON.parse(requests[0]?.init.body as string).to, "+46700000000");
});

test("an announcement goes to every page of its audience", async () => {
  let page = 0;
  answer("ScanCommand", () => ({
    Items: [{ email: `c${page}@example.org` }],
    LastEvaluatedKey: page++ === 0 ? { customerId: "c0" } : undefined,
  }));
  await handler(
    about({ template: "announcement", title: "Sale", text: "<p>All lamps</p>", audience: { field: "lastStatus", value: "delivered" } }),
    context(),
  );
  assert.equal(inputs("SendEmailCommand").length, 2);
  assert.equal(inputs("ScanCommand")[1]?.ExclusiveStartKey.customerId, "c0");
});

test("one bad address does not stop the rest", async () => {
  answer("ScanCommand", () => ({ Items: [{ email: "bad" }, { email: "good@example.org" }] }));
  answer("SendEmailCommand", (input) => {
    if (input.Destination.ToAddresses[0] === "bad") {
      throw new Error("Illegal address");
    }
  });
  await handler(about({ template: "announcement", title: "Sale", text: "", audience: { field: "orders", value: 1 } }), context());
  assert.equal(inputs("SendEmailCommand").length, 2);
});

test("unknown templates and unknown orders are skipped", async () => {
  answer("GetCommand", () => ({}));
  await handler(about({ template: "no-such-template" }), context());
  await handler(sample("order-event"), context());
  assert.equal(inputs("SendEmailCommand").length, 0);
});
