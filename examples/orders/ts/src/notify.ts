/**
 * Writes to customers (topic: OrderEventsTopic): mail through SES, text messages through
 * Parrotline. Order messages go to one customer, announcements to everyone in an audience.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { SESClient, SendEmailCommand } from "@aws-sdk/client-ses";
import type { Context, SNSEvent } from "aws-lambda";
import * as log from "./lib/log";
import { templates } from "./lib/templates";
import type { Template } from "./lib/templates";

const ORDERS_TABLE = process.env.ORDERS_TABLE ?? "";
const SUMMARY_TABLE = process.env.SUMMARY_TABLE ?? "";
const SENDER = process.env.SENDER ?? "";
const SMS_GATEWAY_URL = process.env.SMS_GATEWAY_URL ?? "";

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const ses = new SESClient({});

interface Message {
  template: string;
  orderId?: string;
  /** Announcements only: who gets it, e.g. { field: "lastStatus", value: "delivered" } */
  audience?: { field: string; value: unknown };
  [name: string]: unknown;
}

interface Recipient {
  email?: string;
  phone?: string;
  firstName?: string;
}

export const handler = async (event: SNSEvent, context: Context): Promise<void> => {
  log.bind(context.awsRequestId);
  console.log("event", JSON.stringify(event));

  for (const record of event.Records) {
    const message = JSON.parse(record.Sns.Message) as Message;
    const template = templates[message.template];
    if (!template) {
      log.warn("no such template", { template: message.template });
      continue;
    }
    const recipients = message.audience ? await audience(message.audience) : await customerOf(message);
    for (const recipient of recipients) {
      await send(template, recipient, message);
    }
    log.info("sent", { template: message.template, recipients: recipients.length });
  }
};

async function customerOf(message: Message): Promise<Recipient[]> {
  const found = await dynamodb.send(new GetCommand({ TableName: ORDERS_TABLE, Key: { orderId: message.orderId } }));
  if (!found.Item) {
    log.warn("no such order", { order: message.orderId });
    return [];
  }
  const { email, phone, address } = found.Item as Recipient & { address?: { name?: string } };
  return [{ email, phone, firstName: address?.name?.split(" ")[0] } as Recipient];
}

async function audience(who: { field: string; value: unknown }): Promise<Recipient[]> {
  const found: Recipient[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({
        TableName: SUMMARY_TABLE,
        FilterExpression: `${who.field} = :value`,
        ExpressionAttributeValues: { ":value": who.value },
        ExclusiveStartKey: start,
      }),
    );
    found.push(...((page.Items ?? []) as Recipient[]));
    start = page.LastEvaluatedKey;
  } while (start);
  return found;
}

async function send(template: Template, recipient: Recipient, message: Message): Promise<void> {
  const values = { ...message, firstName: recipient.firstName ?? "customer" };
  if (recipient.email) {
    try {
      await ses.send(
        new SendEmailCommand({
          Source: SENDER,
          Destination: { ToAddresses: [recipient.email] },
          Message: {
            Subject: { Data: render(template.subject, values) },
            Body: { Html: { Data: render(template.html, values) } },
          },
        }),
      );
    } catch (caught) {
      // one bad address must not stop the rest of the list
      log.warn("mail not sent", { reason: log.reason(caught) });
    }
  }
  if (recipient.phone && template.sms) {
    await text(recipient.phone, render(template.sms, values));
  }
}

function render(text: string, values: Record<string, unknown>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ""));
}

async function text(phone: string, words: string): Promise<void> {
  // user and password are in the URL, Parrotline wants them in a header
  const gateway = new URL(SMS_GATEWAY_URL);
  const login = Buffer.from(`${gateway.username}:${gateway.password}`).toString("base64");
  gateway.username = gateway.password = "";
  const answer = await fetch(gateway, {
    method: "POST",
    headers: { authorization: `Basic ${login}`, "content-type": "application/json" },
    body: JSON.stringify({ to: phone, text: words.slice(0, 320) }),
  });
  if (!answer.ok) {
    log.warn("text message refused", { status: answer.status, gateway: SMS_GATEWAY_URL });
  }
}
