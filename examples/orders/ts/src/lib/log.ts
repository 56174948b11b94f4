/** One JSON object a line, in the shape of the Python functions' `orders_common.logs`. */

type Fields = Record<string, unknown>;

const context: Record<string, string> = { stage: process.env.STAGE ?? "local" };

export function bind(requestId: string, correlationId?: string): void {
  context.request_id = requestId;
  context.correlation_id = correlationId ?? requestId;
}

function emit(level: string, message: string, fields: Fields): void {
  process.stdout.write(JSON.stringify({ level, message, time: Date.now() / 1000, ...context, ...fields }) + "\n");
}

export const info = (message: string, fields: Fields = {}): void => emit("INFO", message, fields);
export const warn = (message: string, fields: Fields = {}): void => emit("WARN", message, fields);
export const error = (message: string, fields: Fields = {}): void => emit("ERROR", message, fields);

/** What may be said about a caught value: its name and message, cut to length. */
export function reason(caught: unknown): string {
  return caught instanceof Error ? `${caught.name}: ${caught.message}`.slice(0, 300) : "unknown";
}
