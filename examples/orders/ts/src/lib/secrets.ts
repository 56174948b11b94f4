/**
 * Secrets Manager behind a cache that forgets after five minutes. When the other side refuses what
 * we sent, ask once more with `fresh`: the secret may have been rotated in between. Not even `fresh`
 * asks more than twice a minute, or strangers with wrong signatures could run up our bill.
 */
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const TTL_MS = 300_000;
const FRESH_TTL_MS = 30_000;

const client = new SecretsManagerClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000 },
});
const cache = new Map<string, { value: Record<string, string>; at: number }>();

export async function secret(arn: string, options: { fresh?: boolean } = {}): Promise<Record<string, string>> {
  const cached = cache.get(arn);
  if (cached && Date.now() - cached.at < (options.fresh ? FRESH_TTL_MS : TTL_MS)) {
    return cached.value;
  }
  const answer = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  const value = JSON.parse(answer.SecretString ?? "{}") as Record<string, string>;
  cache.set(arn, { value, at: Date.now() });
  return value;
}
