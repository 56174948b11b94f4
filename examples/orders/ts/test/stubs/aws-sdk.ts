/**
 * The part of the AWS SDK that we use, without AWS: each command that is sent is kept in `sent`, and
 * answered by the function that a test gave for its name.
 */
type Input = Record<string, any>;

export const sent: { name: string; input: Input }[] = [];
const answers = new Map<string, (input: Input) => unknown>();

export function answer(command: string, how: (input: Input) => unknown): void {
  answers.set(command, how);
}

export function reset(): void {
  sent.length = 0;
  answers.clear();
}

export const inputs = (command: string): Input[] => sent.filter((s) => s.name === command).map((s) => s.input);

class Command {
  input: Input;
  constructor(input: Input) {
    this.input = input;
  }
}

class Client {
  async send(command: Command): Promise<unknown> {
    const name = command.constructor.name;
    sent.push({ name, input: command.input });
    return answers.get(name)?.(command.input) ?? {};
  }
}

export class DynamoDBClient extends Client {}
export class EventBridgeClient extends Client {}
export class SecretsManagerClient extends Client {}
export class SESClient extends Client {}
export class SQSClient extends Client {}
export class DynamoDBDocumentClient extends Client {
  static from(): DynamoDBDocumentClient {
    return new DynamoDBDocumentClient();
  }
}

export class GetCommand extends Command {}
export class GetSecretValueCommand extends Command {}
export class PutEventsCommand extends Command {}
export class ScanCommand extends Command {}
export class SendEmailCommand extends Command {}
export class SendMessageCommand extends Command {}
export class UpdateCommand extends Command {}

/** Strings, numbers, maps and lists: what our events hold. */
export function unmarshall(item: Record<string, any>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
}

function plain(value: Record<string, any>): unknown {
  const [kind, inner] = Object.entries(value)[0] ?? [];
  switch (kind) {
    case "N":
      return Number(inner);
    case "M":
      return unmarshall(inner);
    case "L":
      return inner.map(plain);
    default:
      return inner;
  }
}
