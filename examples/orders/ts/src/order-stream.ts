/**
 * Follows the orders table (DynamoDB stream) and tells everyone else:
 *   - an event on the orders bus for each change of status,
 *   - the running totals in the customer summary, which the service desk reads,
 *   - what could not be sent waits in the parking queue.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Context, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import * as log from "./lib/log";
import { deepMerge } from "./lib/merge";

const BUS_NAME = process.env.BUS_NAME ?? "";
const SUMMARY_TABLE = process.env.SUMMARY_TABLE ?? "";
const PARKING_QUEUE_URL = process.env.PARKING_QUEUE_URL ?? "";

const options = { maxAttempts: 3, requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 } };
const events = new EventBridgeClient(options);
const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(options));
const sqs = new SQSClient(options);

const DETAIL_TYPES: Record<string, string> = {
  new: "OrderCreated",
  paid: "OrderPaid",
  payment_failed: "OrderPaymentFailed",
  packed: "OrderPacked",
  shipped: "OrderShipped",
  delivered: "OrderDelivered",
  cancelled: "OrderCancelled",
  refunded: "OrderRefunded",
};

/** How a shop's mails look, unless the partner sent something else along. */
const DEFAULT_PREFERENCES = { mail: { language: "en", logo: true, marketing: false }, sms: { enabled: false } };

interface Order {
  orderId: string;
  customerId: string;
  status: string;
  total: number;
  email?: string;
  address?: { country?: string; postcode?: string };
  lines?: { sku: string; quantity: number }[];
  routing?: { when: string; to: string }[];
  preferences?: string;
}

export async function handler(event: DynamoDBStreamEvent, context: Context): Promise<void> {
  log.bind(context.awsRequestId);
  const entries: PutEventsRequestEntry[] = [];
  for (const record of event.Records) {
    const change = changed(record);
    if (!change) {
      continue;
    }
    entries.push(entry(change.order));
    await summarise(change.order, change.before);
  }
  await publish(entries);
  log.info("stream batch done", { records: event.Records.length, events: entries.length });
}

/** The order, if this record changed its status; the stream also carries deletes and touch-ups. */
function changed(record: DynamoDBRecord): { order: Order; before?: string } | undefined {
  const { NewImage: next, OldImage: last } = record.dynamodb ?? {};
  if (!next) {
    return undefined;
  }
  const order = unmarshall(next as Record<string, AttributeValue>) as Order;
  const before = last ? (unmarshall(last as Record<string, AttributeValue>) as Order).status : undefined;
  if (order.status === before || !(order.status in DETAIL_TYPES)) {
    return undefined;
  }
  return before === undefined ? { order } : { order, before };
}

function entry(order: Order): PutEventsRequestEntry {
  return {
    EventBusName: BUS_NAME,
    Source: "tidewater.orders",
    DetailType: DETAIL_TYPES[order.status],
    Detail: JSON.stringify({
      orderId: order.orderId,
      customerId: order.customerId,
      total: order.total,
      warehouse: warehouseFor(order),
      preferences: preferencesOf(order),
    }),
  };
}

/**
 * Partners may route orders themselves, in the language of the old monolith:
 *   { "when": "order.total > 50000 && order.address.country === 'SE'", "to": "goteborg" }
 */
function warehouseFor(order: Order): string {
  for (const rule of order.routing ?? []) {
    try {
      const matches = new Function("order", `return (${rule.when});`);
      if (matches(order)) {
        return rule.to;
      }
    } catch (caught) {
      log.warn("routing rule ignored", { order: order.orderId, reason: log.reason(caught) });
    }
  }
  return order.address?.country === "SE" || order.address?.country === "NO" ? "goteborg" : "antwerp";
}

function preferencesOf(order: Order): unknown {
  const preferences = structuredClone(DEFAULT_PREFERENCES);
  if (order.preferences) {
    try {
      deepMerge(preferences, JSON.parse(order.preferences));
    } catch (caught) {
      log.warn("preferences ignored", { order: order.orderId, reason: log.reason(caught) });
    }
  }
  return preferences;
}

async function summarise(order: Order, before: string | undefined): Promise<void> {
  const bought = order.status === "paid" && before !== "paid";
  const returned = order.status === "refunded";
  await dynamodb.send(
    new UpdateCommand({
      TableName: SUMMARY_TABLE,
      Key: { customerId: order.customerId },
      UpdateExpression: "SET lastOrderId = :id, lastStatus = :status, email = :email ADD orders :one, spent :amount",
      ExpressionAttributeValues: {
        ":id": order.orderId,
        ":status": order.status,
        ":email": order.email ?? "",
        ":one": before === undefined ? 1 : 0,
        ":amount": bought ? order.total : returned ? -order.total : 0,
      },
    }),
  );
}

/** Ten at a time, as the service wants it; each entry may fail on its own. */
async function publish(entries: PutEventsRequestEntry[]): Promise<void> {
  for (let start = 0; start < entries.length; start += 10) {
    let batch = entries.slice(start, start + 10);
    for (let attempt = 1; batch.length > 0 && attempt <= 3; attempt++) {
      const answer = await events.send(new PutEventsCommand({ Entries: batch }));
      if (!answer.FailedEntryCount) {
        batch = [];
        break;
      }
      batch = batch.filter((_, i) => answer.Entries?.[i]?.ErrorCode !== undefined);
      await new Promise((done) => setTimeout(done, 100 * 2 ** attempt));
    }
    for (const lost of batch) {
      await park(lost);
    }
  }
}

async function park(lost: PutEventsRequestEntry): Promise<void> {
  log.error("event parked", { detailType: lost.DetailType });
  await sqs.send(new SendMessageCommand({ QueueUrl: PARKING_QUEUE_URL, MessageBody: JSON.stringify(lost) }));
}
