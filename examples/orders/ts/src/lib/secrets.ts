/**
 * Secrets Manager behind a cache that forgets after five minutes. When the other side refuses what
 * we sent, ask once more with `fresh`: the secret may have been rotated in between.
 */
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const TTL_MS = 300_000;

const client = new SecretsManagerClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000 },
});
const cache = new Map<string, { value: string; until: number }>();

export async function secret(arn: string, options: { fresh?: boolean } = {}): Promise<Record<string, string>> {
  const cached = cache.get(arn);
  if (cached && !options.fresh && Date.now() < cached.until) {
    return JSON.parse(cached.value) as Record<string, string>;
  }
  const answer = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  const value = answer.SecretString ?? "{}";
  cache.set(arn, { value, until: Date.now() + TTL_MS });
  return JSON.parse(value) as Record<string, string>;
}
