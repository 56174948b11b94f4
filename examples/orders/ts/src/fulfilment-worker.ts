/**
 * Books a shipment at Swiftparcel for every paid order (queue: FulfilmentQueue, filled by the rule
 * on the orders bus). Each message succeeds or fails alone; five failures and it goes to the
 * failures queue.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import * as log from "./lib/log";
import { pick } from "./lib/merge";
import { secret } from "./lib/secrets";

const ORDERS_TABLE = process.env.ORDERS_TABLE ?? "";
const CARRIER_URL = process.env.CARRIER_URL ?? "";
const CARRIER_SECRET_ARN = process.env.CARRIER_SECRET_ARN ?? "";
const HTTP_TIMEOUT_MS = 5_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const dynamodb = DynamoDBDocumentClient.from(
  new DynamoDBClient({ maxAttempts: 3, requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000 } }),
);

/** Swiftparcel's product for each of our ways to ship. */
const SERVICES: Record<string, string> = { standard: "SP-PARCEL", express: "SP-NEXTDAY", letter: "SP-MAILBOX" };

interface Order {
  orderId: string;
  status: string;
  shipping?: string;
  address: Record<string, string>;
  lines: { sku: string; quantity: number }[];
}

/** Trying again would not help. */
class Permanent extends Error {}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  log.bind(context.awsRequestId);
  const failed: SQSBatchResponse["batchItemFailures"] = [];
  for (const record of event.Records) {
    // stop in time: what was not begun is delivered again, what hangs at the end is not
    if (context.getRemainingTimeInMillis() < 2 * HTTP_TIMEOUT_MS) {
      failed.push({ itemIdentifier: record.messageId });
      continue;
    }
    try {
      await ship(orderId(record));
    } catch (caught) {
      log.warn("shipment failed", {
        messageId: record.messageId,
        attempt: record.attributes.ApproximateReceiveCount,
        permanent: caught instanceof Permanent,
        reason: log.reason(caught),
      });
      failed.push({ itemIdentifier: record.messageId });
    }
  }
  log.info("batch done", { size: event.Records.length, failed: failed.length });
  return { batchItemFailures: failed };
}

function orderId(record: SQSRecord): string {
  const message: unknown = JSON.parse(record.body);
  const { detail } = pick(message, ["detail"] as const);
  const { orderId: id } = pick(detail, ["orderId"] as const);
  if (typeof id !== "string" || !UUID.test(id)) {
    throw new Permanent("no order id in the message");
  }
  return id;
}

async function ship(id: string): Promise<void> {
  const found = await dynamodb.send(new GetCommand({ TableName: ORDERS_TABLE, Key: { orderId: id }, ConsistentRead: true }));
  const order = found.Item as Order | undefined;
  if (!order) {
    throw new Permanent(`order ${id} does not exist`);
  }
  if (order.status !== "paid") {
    log.info("nothing to ship", { order: id, status: order.status });
    return;
  }
  const shipping = order.shipping ?? "standard";
  const service = Object.hasOwn(SERVICES, shipping) ? SERVICES[shipping] : undefined;
  if (!service) {
    throw new Permanent("unknown way to ship");
  }
  const trackingNumber = await book(order, service);
  await dynamodb.send(
    new UpdateCommand({
      TableName: ORDERS_TABLE,
      Key: { orderId: id },
      UpdateExpression: "SET #s = :packed, shipment = :shipment",
      ConditionExpression: "#s = :paid",
      ExpressionAttributeNames: { "#s": "status" },
      ExpressionAttributeValues: {
        ":packed": "packed",
        ":paid": "paid",
        ":shipment": { carrier: "swiftparcel", trackingNumber, status: "BOOKED" },
      },
    }),
  );
  log.info("shipment booked", { order: id, service });
}

/** PUT with our own id: booking the same order twice gives the same shipment. */
async function book(order: Order, service: string): Promise<string> {
  const url = new URL(`${CARRIER_URL}/shipments/${encodeURIComponent(order.orderId)}`);
  const body = JSON.stringify({
    service,
    recipient: pick(order.address, ["name", "street", "city", "postcode", "country"] as const),
    pieces: order.lines.reduce((sum, line) => sum + line.quantity, 0),
  });
  for (const fresh of [false, true]) {
    const { token } = await secret(CARRIER_SECRET_ARN, { fresh });
    const answer = await fetch(url, {
      method: "PUT",
      body,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(HTTP_TIMEOUT_MS),
    });
    if (answer.status === 401 && !fresh) {
      continue; // rotated since we cached it
    }
    if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
      throw new Permanent(`swiftparcel refused: ${answer.status}`);
    }
    if (!answer.ok) {
      throw new Error(`swiftparcel answered ${answer.status}`);
    }
    const { trackingNumber } = (await answer.json()) as { trackingNumber?: unknown };
    if (typeof trackingNumber !== "string") {
      throw new Error("swiftparcel sent no tracking number");
    }
    return trackingNumber;
  }
  throw new Permanent("swiftparcel refuses our token");
}
