/**
 * Swiftparcel reports here where a parcel is (function URL without IAM: they can only sign with a
 * shared secret). Nothing below `verified` runs on a body that they did not sign.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import * as log from "./lib/log";
import { pick } from "./lib/merge";
import { secret } from "./lib/secrets";

const ORDERS_TABLE = process.env.ORDERS_TABLE ?? "";
const CARRIER_SECRET_ARN = process.env.CARRIER_SECRET_ARN ?? "";
const TOLERANCE_SECONDS = Number(process.env.SIGNATURE_TOLERANCE_SECONDS ?? "300");
const MAX_BODY = 64_000;

const dynamodb = DynamoDBDocumentClient.from(
  new DynamoDBClient({ maxAttempts: 3, requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000 } }),
);

/** Their word → ours, and what the order may have been before. */
const STATUS: Record<string, { to: string; from: string[] }> = {
  PICKED_UP: { to: "shipped", from: ["paid", "packed"] },
  IN_TRANSIT: { to: "shipped", from: ["paid", "packed"] },
  DELIVERED: { to: "delivered", from: ["paid", "packed", "shipped"] },
  RETURNED: { to: "returned", from: ["shipped", "delivered"] },
};

interface ParcelEvent {
  id: string;
  orderId: string;
  status: string;
  trackingNumber: string;
  at: string;
}

export async function handler(
  event: APIGatewayProxyEventV2,
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2> {
  log.bind(context.awsRequestId);
  if (event.requestContext.http.method !== "POST") {
    return reply(405, { error: "POST only" });
  }
  const raw = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  if (raw.length > MAX_BODY) {
    return reply(413, { error: "too large" });
  }
  if (!(await verified(raw, event.headers))) {
    log.warn("signature refused", { from: event.requestContext.http.sourceIp });
    return reply(401, { error: "bad signature" });
  }
  const parcel = parse(raw);
  if (!parcel) {
    return reply(422, { error: "incomplete event" });
  }
  const change = Object.hasOwn(STATUS, parcel.status) ? STATUS[parcel.status] : undefined;
  if (!change) {
    log.info("ignored", { status: parcel.status.slice(0, 40) });
    return reply(202, { ignored: true });
  }
  try {
    return reply(200, { changed: await move(parcel, change) });
  } catch (caught) {
    log.error("not stored", { reason: log.reason(caught) });
    // they deliver again for a day
    return reply(503, { error: "please try again" });
  }
}

/** `X-Swift-Signature: t=<seconds>,v1=<hex>`, over "<t>.<body>" as it came. */
async function verified(raw: Buffer, headers: Record<string, string | undefined>): Promise<boolean> {
  const fields = new Map<string, string>();
  for (const field of (headers["x-swift-signature"] ?? "").split(",")) {
    const at = field.indexOf("=");
    fields.set(field.slice(0, at).trim(), field.slice(at + 1).trim());
  }
  const timestamp = fields.get("t") ?? "";
  const given = Buffer.from(fields.get("v1") ?? "", "hex");
  if (!/^\d{10}$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) {
    return false;
  }
  // twice at most: the secret rotates every 90 days and ours may be five minutes old
  for (const fresh of [false, true]) {
    const { signing } = await secret(CARRIER_SECRET_ARN, { fresh });
    if (!signing) {
      continue;
    }
    const wanted = createHmac("sha256", signing).update(`${timestamp}.`).update(raw).digest();
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) {
      return true;
    }
  }
  return false;
}

function parse(raw: Buffer): ParcelEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(raw.toString("utf8"));
  } catch {
    return undefined;
  }
  const parcel = pick(value, ["id", "orderId", "status", "trackingNumber", "at"] as const);
  for (const name of ["id", "orderId", "status", "trackingNumber", "at"] as const) {
    const text = parcel[name];
    if (typeof text !== "string" || text.length === 0 || text.length > 100) {
      return undefined;
    }
  }
  return parcel as unknown as ParcelEvent;
}

async function move(parcel: ParcelEvent, change: { to: string; from: string[] }): Promise<boolean> {
  const from = Object.fromEntries(change.from.map((name, i) => [`:from${i}`, name]));
  try {
    await dynamodb.send(
      new UpdateCommand({
        TableName: ORDERS_TABLE,
        Key: { orderId: parcel.orderId },
        UpdateExpression: "SET #s = :to, shipment = :shipment, statusAt = :at ADD parcelEvents :seen",
        ConditionExpression: `NOT contains(parcelEvents, :id) AND #s IN (${Object.keys(from).join(", ")})`,
        ExpressionAttributeNames: { "#s": "status" },
        ExpressionAttributeValues: {
          ...from,
          ":to": change.to,
          ":id": parcel.id,
          ":seen": new Set([parcel.id]),
          ":at": parcel.at,
          ":shipment": { carrier: "swiftparcel", trackingNumber: parcel.trackingNumber, status: parcel.status },
        },
      }),
    );
  } catch (caught) {
    if (caught instanceof Error && caught.name === "ConditionalCheckFailedException") {
      log.info("nothing to change", { order: parcel.orderId, event: parcel.id });
      return false;
    }
    throw caught;
  }
  log.info("order moved", { order: parcel.orderId, status: change.to });
  return true;
}

function reply(statusCode: number, body: unknown): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}
