"""Names and values that hold a secret, and that do not.

Nothing here is or ever was a secret. Tokens are put together when the tests run, from a seeded generator, so that no
scanner takes this file for a leak.
"""

from __future__ import annotations

import base64
import json
import random
import zlib
from dataclasses import dataclass
from itertools import count

LOWER, UPPER, DIGITS, HEX = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", "0123456789abcdef"
B62 = DIGITS + UPPER + LOWER
B64 = B62 + "+/"
URL64 = B62 + "-_"
B32 = UPPER + "234567"

_seed = count(1)


@dataclass(frozen=True)
class Case:
    """One name and value with the kind and confidence that are expected; None where nothing is."""

    name: str
    value: str
    kind: str | None = None
    confidence: str | None = None

    def __str__(self) -> str:
        return f"{self.name}-{self.kind}"


def some(size: int, alphabet: str = B62) -> str:
    """Random text in which each kind of character of the alphabet comes up, always the same in each run."""
    chooser = random.Random(next(_seed))  # noqa: S311
    while True:
        text = "".join(chooser.choice(alphabet) for _ in range(size))
        kinds = [kind for kind in (LOWER, UPPER, DIGITS) if set(kind) & set(alphabet)]
        if size < 12 or (
            all(set(kind) & set(text) for kind in kinds) and text[0] not in "+/-_" and text[-1] not in "+/-_"
        ):
            return text


def crc62(prefix: str) -> str:
    """A token with the checksum that GitHub and npm give theirs."""
    body = some(30)
    number, check = zlib.crc32(body.encode()), ""
    while number:
        number, rest = divmod(number, 62)
        check = B62[rest] + check
    return prefix + body + check.rjust(6, "0")


def web_token(payload: dict[str, object], header: dict[str, object] | None = None) -> str:
    def part(node: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(node).encode()).decode().rstrip("=")

    return ".".join((part(header or {"alg": "HS256", "typ": "JWT"}), part(payload), some(43, URL64)))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def pem(kind: str, newline: str = "\n") -> str:
    lines = [some(64, B64) for _ in range(4)]
    return newline.join((f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----"))


def der(*first: int) -> str:
    return base64.b64encode(bytes([0x30, 0x82, 0x04, 0xA4, *first]) + some(300).encode()).decode()


def guid() -> str:
    text = some(32, HEX)
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def form(kind: str, value: str, confidence: str = "high", name: str = "VALUE") -> Case:
    return Case(name, value, kind, confidence)


BY_FORM = [
    *(form("github-token", crc62(f"gh{letter}_")) for letter in "pousr"),
    form("github-token", "github_" + "pat_" + some(22) + "_" + some(59)),
    form("github-token", "ghs_" + some(12) + "." + some(60, URL64) + "." + some(43, URL64)),
    form("gitlab-token", "glpat-" + some(20, URL64)),
    form("gitlab-token", "glpat-" + some(27) + ".01." + some(9, LOWER + DIGITS)),
    form("gitlab-token", "gldt-" + some(20)),
    form("bitbucket-token", "ATBB" + some(32)),
    form("atlassian-token", "ATATT3" + some(180, URL64)),
    form("npm-token", crc62("npm_")),
    form("pypi-token", "pypi-" + "AgEIcHlwaS5vcmc" + some(120, URL64)),
    form("rubygems-token", "rubygems_" + some(48, HEX)),
    form("docker-token", "dckr_" + "pat_" + some(27, URL64)),
    form("aws-access-key-id", "AK" + "IA" + some(16, B32), "medium"),
    form("aws-access-key-id", "AS" + "IA" + some(16, B32), "medium"),
    form("aws-bedrock-key", "ABSK" + some(128, B64) + "="),
    form("appsync-key", "da2-" + some(26, LOWER + DIGITS)),
    form("amazon-oauth-secret", "amzn1." + "oa2-cs.v1." + some(64, HEX)),
    form("google-api-key", "AI" + "za" + some(35, URL64)),
    form("google-oauth-secret", "GOCSPX-" + some(28, URL64)),
    form("google-oauth-token", "ya29." + some(80, URL64)),
    form("firebase-key", "AAAA" + some(7) + ":" + some(140, URL64)),
    form(
        "azure-storage-key",
        "DefaultEndpointsProtocol=https;AccountName=x;AccountKey="
        + some(86, B64)
        + "==;EndpointSuffix=core.windows.net",
    ),
    form(
        "azure-shared-access-key",
        "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=" + some(43, B64) + "=",
    ),
    form("azure-client-secret", some(3) + "8Q~" + some(34)),
    form("azure-sas", "https://x.blob.core.windows.net/c?sv=2022-11-02&sp=r&sig=" + some(43) + "%3D"),
    form("openai-key", "sk-" + "proj-" + some(74, URL64) + "T3Blbk" + "FJ" + some(74, URL64)),
    form("openai-key", "sk-" + some(20) + "T3Blbk" + "FJ" + some(20)),
    form("openai-key", "sk-" + some(48), "medium"),
    form("openrouter-key", "sk-or-" + "v1-" + some(64, HEX)),
    form("anthropic-key", "sk-ant-" + "api03-" + some(93, URL64) + "AA"),
    form("huggingface-token", "hf_" + some(34, LOWER + UPPER)),
    form("groq-key", "gsk_" + some(52)),
    form("replicate-token", "r8_" + some(37)),
    form("perplexity-key", "pplx-" + some(48)),
    form("xai-key", "xai-" + some(80)),
    form("langsmith-key", "lsv2_" + "pt_" + some(32, HEX) + "_" + some(10, HEX)),
    form("slack-token", "xoxb-" + some(12, DIGITS) + "-" + some(13, DIGITS) + "-" + some(24)),
    form(
        "slack-token",
        "xoxp-" + some(12, DIGITS) + "-" + some(12, DIGITS) + "-" + some(12, DIGITS) + "-" + some(32, HEX),
    ),
    form("slack-token", "xapp-" + "1-A" + some(10, UPPER) + "-" + some(13, DIGITS) + "-" + some(64, HEX)),
    form(
        "slack-webhook",
        "https://hooks." + "slack.com/services/T" + some(8, UPPER) + "/B" + some(8, UPPER) + "/" + some(24),
    ),
    form("discord-webhook", "https://discord" + ".com/api/webhooks/" + some(18, DIGITS) + "/" + some(68, URL64)),
    form(
        "discord-token",
        encoded("8" + some(17, DIGITS)).rstrip("=").replace("O", "N", 0) + "." + some(6) + "." + some(38),
    ),
    form(
        "teams-webhook",
        f"https://contoso.webhook.office.com/webhookb2/{guid()}@{guid()}/IncomingWebhook/{some(32, HEX)}/{guid()}",
    ),
    form("telegram-token", some(10, DIGITS[1:]) + ":AA" + some(33, URL64)),
    form("stripe-key", "sk_" + "live_" + some(24)),
    form("stripe-key", "rk_" + "live_" + some(99)),
    form("stripe-key", "sk_" + "test_" + some(24), "medium"),
    form("webhook-secret", "whsec_" + some(32)),
    form("square-token", "sq0" + "atp-" + some(22, URL64)),
    form("braintree-token", "access_token$production$" + some(16, LOWER + DIGITS) + "$" + some(32, HEX)),
    form("shopify-token", "shp" + "at_" + some(32, HEX)),
    form("sendgrid-key", "SG." + some(22, URL64) + "." + some(43, URL64)),
    form("mailgun-key", "key-" + some(32, HEX)),
    form("mailgun-key", some(32, HEX) + "-" + some(8, HEX) + "-" + some(8, HEX)),
    form("mailchimp-key", some(32, HEX) + "-us12"),
    form("brevo-key", "xkeysib-" + some(64, HEX) + "-" + some(16)),
    form("resend-key", "re_" + some(8) + "_" + some(24)),
    form("twilio-key", "SK" + some(32, HEX), "medium"),
    form("twilio-token", "AC" + some(32, HEX) + ":" + some(32, HEX)),
    form("digitalocean-token", "dop_" + "v1_" + some(64, HEX)),
    form("heroku-key", "HRKU-" + "AA" + some(58, URL64)),
    form("vault-token", "hvs." + some(90, URL64)),
    form("terraform-token", some(14) + ".atlasv1." + some(67)),
    form("pulumi-token", "pul-" + some(40, HEX)),
    form("doppler-token", "dp." + "pt." + some(43)),
    form("onepassword-token", "ops_" + "eyJ" + some(200)),
    form("tailscale-key", "tskey-" + "auth-" + some(12) + "-" + some(32)),
    form("age-key", "AGE-SECRET-KEY-1" + some(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")),
    form("databricks-token", "dapi" + some(32, HEX)),
    form("planetscale-token", "pscale_" + "pw_" + some(43)),
    form("supabase-key", "sbp_" + some(40, HEX)),
    form("newrelic-key", "NRAK-" + some(27, UPPER + DIGITS)),
    form("newrelic-key", some(36, HEX) + "NRAL"),
    form("grafana-token", "glsa_" + some(32) + "_" + some(8, HEX)),
    form("sentry-token", "sntryu_" + some(64, HEX)),
    form("dynatrace-token", "dt0c01." + some(24, UPPER + DIGITS) + "." + some(64, UPPER + DIGITS)),
    form("notion-token", "ntn_" + some(46)),
    form("linear-key", "lin_" + "api_" + some(40)),
    form("airtable-token", "pat" + some(14) + "." + some(64, HEX)),
    form("figma-token", "figd_" + some(43, URL64)),
    form("postman-key", "PMAK-" + some(24, HEX) + "-" + some(34, HEX)),
    form("contentful-token", "CFPAT-" + some(43, URL64)),
    form("launchdarkly-key", "sdk-" + guid()),
    form("facebook-token", "EAAC" + some(120)),
    form("typeform-token", "tfp_" + some(59)),
    form("github-token", "Bearer " + crc62("ghp_"), name="AUTHORIZATION"),
    form("github-token", "https://x-access-token:" + crc62("ghs_") + "@github.com/acme/private.git", name="REPOSITORY"),
    form("npm-token", "//registry.example.org/:_authToken=" + crc62("npm_"), name="NPMRC"),
    form("private-key", pem("RSA PRIVATE KEY")),
    form("private-key", pem("PRIVATE KEY", "\\n")),
    form("private-key", pem("EC PRIVATE KEY")),
    form("private-key", pem("OPENSSH PRIVATE KEY")),
    form("private-key", pem("ENCRYPTED PRIVATE KEY", " ")),
    form("private-key", encoded(pem("RSA PRIVATE KEY"))),
    form("private-key", json.dumps({"type": "service_account", "private_key": pem("PRIVATE KEY")})),
    form("private-key", der(0x02, 0x01, 0x00)),
    form("jwt", web_token({"sub": "svc", "iss": "https://id.acme.dev", "iat": 1})),
    form("jwt", web_token({"role": "service_role", "iss": "supabase"}), name="SUPABASE_KEY"),
    form("jwt", "Bearer " + web_token({"sub": "42"}), name="HEADER"),
    form("aws-secret-access-key", some(40, B64), name="AWS_SECRET_ACCESS_KEY"),
    form("aws-secret-access-key", some(40), name="awsSecretAccessKey"),
    form("aws-secret-access-key", some(40, B64), name="UPLOADER_SECRET_ACCESS_KEY"),
]

PASSWORD = some(11) + "!"
IN_URLS = [
    form("database-url", f"postgres://orders:{PASSWORD}@db.acme.dev:5432/orders", name="DATABASE_URL"),
    form("database-url", f"postgresql+asyncpg://orders:{PASSWORD}@db.acme.dev/orders?sslmode=require"),
    form("database-url", f"mysql://orders:{PASSWORD}@db.acme.dev/orders"),
    form("database-url", f"mongodb+srv://orders:{PASSWORD}@cluster0.ab1cd.mongodb.net/?retryWrites=true"),
    form("database-url", f"redis://:{PASSWORD}@cache.acme.dev:6379/0", name="REDIS_URL"),
    form("database-url", f"rediss://default:{PASSWORD}@cache.acme.dev:6379"),
    form("database-url", f"amqps://orders:{PASSWORD}@mq.acme.dev/vhost"),
    form("database-url", f"mssql://sa:{PASSWORD}@sql.acme.dev:1433/orders"),
    form("database-url", "postgres://orders:p%40ss-w0rd_42@db.acme.dev/orders"),
    form("database-url", "postgres://postgres:postgres@localhost:5432/app", "low"),
    form("database-url", f"postgres://orders:{PASSWORD}@localhost/app", "low"),
    form("database-url", "mysql://root:root@db/app", "low"),
    form("url-with-password", f"https://deploy:{PASSWORD}@artifacts.acme.dev/simple", name="PIP_INDEX_URL"),
    form("url-with-password", f"http://proxy:{PASSWORD}@10.0.0.4:3128", name="HTTPS_PROXY"),
    form("database-url", f"smtp://mailer:{PASSWORD}@mail.acme.dev:587"),
    form(
        "connection-string",
        f"Server=tcp:sql.acme.dev,1433;Database=orders;User ID=app;Password={PASSWORD};Encrypt=true",
    ),
    form("connection-string", f"Data Source=sql;Initial Catalog=o;User Id=app;Pwd={PASSWORD}", name="CONN_STR"),
    form("connection-string", f"host=db.acme.dev port=5432 dbname=orders user=app password={PASSWORD}", name="DSN"),
    form("connection-string", f"jdbc:sqlserver://sql.acme.dev;user=app;password={PASSWORD};encrypt=true"),
    form("connection-string", f"jdbc:mysql://db.acme.dev/orders?user=app&password={PASSWORD}"),
    form("connection-string", "Server=sql;Database=o;User Id=sa;Password=password", "low"),
    form("basic-auth", "Basic " + encoded(f"deploy:{PASSWORD}"), name="AUTH_HEADER"),
    form("authorization", "Bearer " + some(40), "medium", name="AUTH_HEADER"),
]

BY_NAME = [
    Case("DB_PASSWORD", "Tr0ub4dor&3x", "password", "high"),
    Case("DB_PASSWORD", "sunflower", "password", "medium"),
    Case("DB_PASSWORD", "orders-2019", "password", "medium"),
    Case("dbPassword", "Sommer2024!", "password", "medium"),
    Case("db-password", "bluemonday", "password", "medium"),
    Case("MYSQL_ROOT_PASSWORD", "rosebud77", "password", "medium"),
    Case("SMTP_PASS", "xkqz plmn wert yuio".replace(" ", ""), "password", "high"),
    Case("DB_PWD", "kestrel9", "password", "medium"),
    Case("REDIS_PASS", some(24), "password", "high"),
    Case("KEYSTORE_PASSPHRASE", "correcthorsebattery", "password", "medium"),
    Case("ADMIN_PASSWORD_PROD", "Winter#2025", "password", "medium"),
    Case("PASSWORD", "hunter22", "password", "medium"),
    Case("PASSWORD_1", "kingfisher", "password", "medium"),
    Case("userPasswd", "barnacle7", "password", "medium"),
    Case("DBPASSWORD", "barnacle7", "password", "medium"),
    Case("LDAP_BIND_PASSWORD", "a.b.c-Plum9", "password", "high"),
    Case("WIFI_PASSWORD", "!!plum!!tree", "password", "medium"),
    Case("DB_PASSWORD", "20241103", "password", "low"),
    Case("DB_PASSWORD", "password", "default-password", "low"),
    Case("DB_PASSWORD", "changeme", "default-password", "low"),
    Case("DB_PASSWORD", "postgres", "default-password", "low"),
    Case("ADMIN_PASSWORD", "admin123", "default-password", "low"),
    Case("MASTER_PASSWORD", "Password123!", "default-password", "low"),
    Case("JWT_SECRET", "secret", "default-password", "low"),
    Case("JWT_SECRET", "my-super-secret-key", "default-password", "low"),
    Case("SESSION_SECRET", "supersecret", "default-password", "low"),
    Case("API_KEY", some(32), "secret", "high"),
    Case("API_KEY", some(40, LOWER + DIGITS), "secret", "high"),
    Case("API_KEY", some(20), "secret", "high"),
    Case("API_KEY", some(12), "secret", "medium"),
    Case("apiKey", some(32), "secret", "high"),
    Case("X-Api-Key", some(40), "secret", "high"),
    Case("DD_API_KEY", some(32, HEX), "secret", "high"),
    Case("DATADOG_APP_KEY", some(40, HEX), "secret", "high"),
    Case("TWILIO_AUTH_TOKEN", some(32, HEX), "secret", "high"),
    Case("AUTH_TOKEN_PROD", some(32), "secret", "high"),
    Case("ACCESS_TOKEN", some(64, URL64), "secret", "high"),
    Case("REFRESH_TOKEN", some(43, URL64), "secret", "high"),
    Case("TOKEN", some(24), "secret", "high"),
    Case("botToken", some(36), "secret", "high"),
    Case("CLIENT_SECRET", some(32), "secret", "high"),
    Case("COGNITO_CLIENT_SECRET", some(51, LOWER + DIGITS), "secret", "high"),
    Case("STRIPE_WEBHOOK_SECRET", some(32), "secret", "high"),
    Case("JWT_SECRET", some(64, HEX), "secret", "high"),
    Case("SECRET_KEY", some(50), "secret", "high"),
    Case("SECRET_KEY_BASE", some(128, HEX), "secret", "high"),
    Case("DJANGO_SECRET_KEY", "k" + some(20) + "!^@" + some(20), "secret", "high"),
    Case("ENCRYPTION_KEY", some(44, B64), "secret", "high"),
    Case("SIGNING_KEY", some(32, HEX), "secret", "high"),
    Case("HMAC_KEY", some(32), "secret", "high"),
    Case("PRIVATE_KEY", some(64, HEX), "secret", "high"),
    Case("MASTER_KEY", some(32), "secret", "high"),
    Case("ALGOLIA_ADMIN_KEY", some(32, HEX), "secret", "high"),
    Case("NEXTAUTH_SECRET", some(44, B64), "secret", "high"),
    Case("SHARED_SECRET", some(16, HEX), "secret", "high"),
    Case("WEBHOOK_SECRET", "p3ppr-M1nt_Tr33", "secret", "medium"),
    Case("POSTMARK_SERVER_TOKEN", guid(), "secret", "low"),
    Case("API_KEY", guid(), "secret", "low"),
    Case("SERVICE_CREDENTIALS", some(40), "secret", "high"),
    Case("DB_SECRET", some(32), "secret", "high"),
    Case("CONFIG", json.dumps({"host": "db", "password": "kingfisher9"}), "password", "medium"),
    Case("CONFIG", json.dumps({"auth": {"clientSecret": some(32)}}), "secret", "high"),
    Case("CONFIG", json.dumps([{"token": some(32)}]), "secret", "high"),
    Case("DOTENV", f"STAGE=prod\nDB_PASSWORD={PASSWORD}\n", "password", "high"),
    Case("SETTINGS", encoded(json.dumps({"user": "a", "password": "kingfisher9"})), "password", "medium"),
]

BY_RANDOMNESS = [
    Case("MAGIC", "9fK2mQx7VbR4tLz8WpN3cYh6", "random", "low"),
    Case("MATERIAL", some(43), "random", "low"),
    Case("EXTRA", some(64), "random", "low"),
    Case("PARTNER", some(88, B64), "random", "low"),
    Case("UPSTREAM", "Zq7Lw2Xv9Bt4Kd8Rm1Ns6Hp3Jf5Gc0YaTeUiOb", "random", "low"),
]

POSITIVES = [*BY_FORM, *IN_URLS, *BY_NAME, *BY_RANDOMNESS]


def nothing(*pairs: tuple[str, str]) -> list[Case]:
    return [Case(name, value) for name, value in pairs]


SHA1, SHA256, MD5 = some(40, HEX), some(64, HEX), some(32, HEX)
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/db-AbCdEf"

NEGATIVES = [
    Case("API_KEY", "changeme"),
    Case("FORECAST_API_KEY", "abc123"),
    # the name says that it is something else
    *(
        Case(name, some(32))
        for name in (
            *(
                "KEY_ID",
                "ACCESS_KEY_ID",
                "KMS_KEY_ID",
                "API_KEY_ID",
                "CLIENT_ID",
                "TOKEN_ID",
                "SECRET_ID",
                "PUBLIC_KEY",
            ),
            *("COMMIT_SHA", "GIT_COMMIT", "BUILD_ID", "IMAGE_DIGEST", "CODE_HASH", "LAYER_VERSION", "ETAG", "CHECKSUM"),
            *("USER_POOL_ID", "APP_CLIENT_ID", "DISTRIBUTION_ID", "REQUEST_ID", "TRACE_ID", "S3_KEY", "OBJECT_KEY"),
            *("PASSWORD_HASH", "CACHE_KEY_PREFIX", "CERTIFICATE", "NONCE", "FINGERPRINT"),
        )
    ),
    # names of things about secrets
    *nothing(
        ("TOKEN_URL", "https://auth.acme.dev/oauth2/token"),
        ("TOKEN_ENDPOINT", "https://auth.acme.dev/oauth2/token"),
        ("SECRET_ARN", ARN),
        ("SECRET_NAME", "prod/orders/db"),
        ("DB_SECRET_NAME", "orders-db-secret"),
        ("PASSWORD_LENGTH", "32"),
        ("PASSWORD_MIN_LENGTH", "12"),
        ("TOKEN_TTL", "3600"),
        ("TOKEN_EXPIRY_SECONDS", "900"),
        ("PARTITION_KEY", "orderId"),
        ("SORT_KEY", "createdAt"),
        ("PRIMARY_KEY", "pk"),
        ("KEYSPACE", "orders_production"),
        ("KEY", "orders/2024/summary.json"),
        ("S3_KEY", "artifacts/7c1b2f/orders-lambda.zip"),
        ("API_KEY_HEADER", "x-api-key"),
        ("API_KEY_NAME", "orders-partner-key"),
        ("API_KEY_SSM_PARAM", "/prod/orders/api-key"),
        ("SECRETS_MANAGER_ENDPOINT", "https://secretsmanager.eu-west-1.amazonaws.com"),
        ("MAX_TOKENS", "4096"),
        ("MAX_TOKENS_TO_SAMPLE", "2048"),
        ("TOKENS_TABLE", "orders-refresh-tokens"),
        ("TOKEN_TABLE_NAME", "OrdersTokenTable"),
        ("NEXT_TOKEN", "AAAAB3NzaC1yc2EAAAADAQABAAABgQ"),
        ("STOP_TOKEN", "<|endoftext|>"),
        ("PASSWORD_POLICY", "min-length-12"),
        ("PASSWORD_RESET_URL", "https://app.acme.dev/reset"),
        ("ENABLE_PASSWORD", "true"),
        ("REQUIRE_TOKEN", "false"),
        ("SHOW_PASSWORD", "no"),
        ("ROTATE_SECRET", "weekly"),
        ("SECRET_ROTATION_DAYS", "30"),
        ("SECRET_PREFIX", "orders-service"),
        ("CREDENTIALS_BUCKET", "acme-credentials-store"),
        ("CREDENTIAL_PROVIDER", "environment"),
        ("TOKEN_ISSUER", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aB3dE5fG7"),
        ("TOKEN_TYPE", "Bearer"),
        ("TOKEN_ALGORITHM", "RS256"),
        ("JWT_AUDIENCE", "orders-api"),
        ("JWT_ISSUER", "https://acme.eu.auth0.com/"),
        ("JWKS_URI", "https://acme.eu.auth0.com/.well-known/jwks.json"),
        ("BYPASS", "internal"),
        ("COMPASS", "north"),
        ("FIRST_PASS", "parse-headers"),
        ("PWD", "/var/task"),
        ("IDEMPOTENCY_KEY", "order-2024-11-21-42"),
        ("FEATURE_KEY", "new-checkout-flow"),
        ("REDIS_KEY", "orders:pending"),
        ("CACHE_KEY", "orders-summary-v2"),
        ("GOOGLE_MAPS_PUBLIC_KEY", "maps-browser-orders"),
        ("RECAPTCHA_SITE_KEY", "6L" + some(38)),
        ("STRIPE_PUBLISHABLE_KEY", "pk_live_" + some(24)),
        ("VAPID_PUBLIC_KEY", "B" + some(86, URL64)),
        ("AUTH", "enabled"),
        ("AUTH_MODE", "AWS_IAM"),
        ("BASIC_AUTH_USER", "orders"),
        ("DB_USER", "orders_app"),
        ("SNS_TOPIC_KEY", "default"),
    ),
    # references
    *nothing(
        ("DB_PASSWORD", "{{resolve:secretsmanager:orders/db:SecretString:password}}"),
        ("DB_PASSWORD", "{{resolve:secretsmanager:orders/db:SecretString:password::}}"),
        ("DB_PASSWORD", "{{resolve:ssm-secure:/orders/db/password:1}}"),
        ("API_KEY", "{{resolve:ssm:/orders/api-key}}"),
        ("API_KEY", "${ssm:/orders/api-key}"),
        ("API_KEY", "${self:custom.secrets.API_KEY}"),
        ("API_KEY", "${env:API_KEY}"),
        ("API_KEY", "${file(./secrets.yml):apiKey}"),
        ("API_KEY", "$API_KEY"),
        ("API_KEY", "%API_KEY%"),
        ("API_KEY", "{{ api_key }}"),
        ("API_KEY", "${{ secrets.API_KEY }}"),
        ("API_KEY", "$(cat /run/secrets/api_key)"),
        ("API_KEY", "<%= ENV['API_KEY'] %>"),
        ("API_KEY", "#{api.key}"),
        ("DB_SECRET", ARN),
        ("DB_PASSWORD", ARN),
        ("DB_PASSWORD", "arn:aws:ssm:eu-west-1:123456789012:parameter/orders/db/password"),
        ("API_TOKEN", "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:token"),
        ("ENCRYPTION_KEY", "arn:aws:kms:eu-west-1:123456789012:key/" + guid()),
        ("DB_PASSWORD", "ssm:/orders/db/password"),
        ("DB_PASSWORD", "secretsmanager:orders/db"),
        ("DB_PASSWORD", "vault:secret/data/orders#password"),
        ("DB_PASSWORD", "op://Engineering/orders/password"),
        ("DB_PASSWORD", "ref+awsssm://orders/db"),
        ("DB_PASSWORD", "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/db)"),
        ("DB_PASSWORD", "ENC[AES256_GCM,data:" + some(12) + ",iv:" + some(43) + "=,tag:" + some(22) + "==,type:str]"),
        ("DB_PASSWORD", "AQICAH" + some(180, B64)),
        ("DATABASE_URL", "postgres://orders:${DB_PASSWORD}@db.acme.dev/orders"),
        (
            "DATABASE_URL",
            "postgres://{{resolve:secretsmanager:db:SecretString:u}}:{{resolve:secretsmanager:db:SecretString:p}}@h/d",
        ),
        ("DATABASE_URL", "postgres://user:<password>@localhost/db"),
        ("DATABASE_URL", "mysql://user:xxxx@localhost/db"),
        ("DATABASE_URL", "postgres://orders@db.acme.dev/orders"),
        ("REDIS_URL", "redis://cache.acme.dev:6379/0"),
        ("CONN_STR", "Server=sql;Database=orders;Trusted_Connection=True"),
        ("CONN_STR", "Server=sql;Database=orders;User Id=app;Password=${DB_PASSWORD}"),
        ("CONN_STR", "Server=sql;Database=orders;User Id=app;Password=<your-password>"),
    ),
    # placeholders and nothing
    *(
        Case(name, value)
        for value in (
            *(
                "",
                " ",
                "null",
                "none",
                "None",
                "true",
                "false",
                "undefined",
                "nil",
                "n/a",
                "N/A",
                "TBD",
                "TODO",
                "unset",
            ),
            *(
                "<your-key>",
                "<API KEY>",
                "[api key]",
                "your-api-key",
                "YOUR_API_KEY",
                "YOUR-SECRET-HERE",
                "your_password_here",
            ),
            *(
                "REPLACE_ME",
                "replace-me",
                "ReplaceMe",
                "REPLACED",
                "INSERT_KEY_HERE",
                "put-your-key-here",
                "xxx",
                "XXXXXXXX",
            ),
            *(
                "xxxx-xxxx-xxxx",
                "****",
                "********",
                "...",
                "…",
                "-",
                "--",
                "__API_KEY__",
                "{api_key}",
                "example",
                "EXAMPLE_KEY",
            ),
            *(
                "placeholder",
                "dummy",
                "dummy-key",
                "fake-token",
                "mock_secret",
                "sample-key",
                "redacted",
                "not-set",
                "not-used",
            ),
            *("my-api-key", "foo", "bar", "foobar", "00000000", "aaaaaaaa", "1111111111111111", "change-this-please"),
        )
        for name in ("API_KEY", "DB_PASSWORD")
    ),
    *nothing(
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7" + "EXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY"),
        ("AWS_SECRET_ACCESS_KEY", "DUMMYEXAMPLEKEY"),
        ("GITHUB_TOKEN", "ghp_" + "x" * 36),
        ("STRIPE_KEY", "sk_live_" + "x" * 24),
        ("SLACK_TOKEN", "xoxb-your-token-here-please-replace"),
        ("OPENAI_API_KEY", "sk-your-openai-key-goes-here-please"),
        ("SENDGRID_API_KEY", "SG." + "x" * 22 + "." + "x" * 43),
        ("PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----"),
        (
            "JWT",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ."
            + some(43, URL64),
        ),
        ("SUPABASE_ANON_KEY", web_token({"role": "anon", "iss": "supabase"})),
    ),
    # a token with the wrong checksum, under a name that says nothing
    Case("NOTE", "ghp_" + "0123456789ABCDEFGHIJKLMNOPQRST" + "000000"),
    # ids, digests, versions
    *nothing(
        ("RELEASE", SHA1),
        ("VALUE", SHA1),
        ("VALUE", SHA256),
        ("VALUE", MD5),
        ("VALUE", SHA1[:12]),
        ("VALUE", guid()),
        ("VALUE", guid().upper()),
        ("VALUE", guid().replace("-", "")),
        ("VALUE", "01" + some(24, "0123456789ABCDEFGHJKMNPQRSTVWXYZ")),
        ("VALUE", "1.2.3"),
        ("VALUE", "v2.10.0-rc.1+build.5"),
        ("VALUE", "2024-11-21"),
        ("VALUE", "2024-11-21T10:00:00Z"),
        ("VALUE", "123456789012"),
        ("VALUE", "eu-west-1"),
        ("VALUE", "eu-west-1a"),
        ("VALUE", "eu-west-1_aB3dE5fG7"),
        ("VALUE", some(26, LOWER + DIGITS)),
        ("VALUE", "vpc-0a1b2c3d4e5f60718"),
        ("VALUE", "subnet-0a1b2c3d,subnet-4e5f6071"),
        ("VALUE", "sg-0a1b2c3d4e5f60718"),
        ("VALUE", "ami-0a1b2c3d4e5f60718"),
        ("VALUE", "E2QWRUHAPOMQZL"),
        ("VALUE", "Z2FDTNDATAQYW2"),
        ("VALUE", "sha256:" + SHA256),
        ("VALUE", "sha512-" + some(86, B64) + "=="),
        ("VALUE", "#1a2b3c"),
        ("VALUE", "#FFF"),
        ("VALUE", "10.0.0.0/16"),
        ("VALUE", "192.168.1.10:8080"),
        ("VALUE", "2001:db8::1"),
        ("VALUE", "rate(5 minutes)"),
        ("VALUE", "cron(0 12 * * ? *)"),
        ("VALUE", "0 12 * * *"),
        ("VALUE", "512MB"),
        ("VALUE", "30s"),
        ("VALUE", "application/json; charset=utf-8"),
        ("VALUE", "3.14159265358979"),
        ("VALUE", "anthropic.claude-3-sonnet-20240229-v1:0"),
        ("VALUE", "us.anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("VALUE", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:" + SHA1),
        ("VALUE", "GTM-5K8XQ2"),
        ("VALUE", "UA-12345678-1"),
        ("VALUE", "G-9XK2MQ7VBR"),
        ("VALUE", "AC" + some(32, HEX)),
    ),
    # names, hosts, paths
    *nothing(
        ("VALUE", "orders-table"),
        ("VALUE", "OrdersTable"),
        ("VALUE", "orders-stack-OrdersTable-1ABCDEF2GHIJ3"),
        ("VALUE", "orders-prod-OrdersFunctionServiceRole7A4B2C1D-9XK2mQ7vBr4T"),
        ("VALUE", "VpcPublicSubnet1DefaultRoute3DA9E72A"),
        ("VALUE", "ApiGatewayToLambdaRestApiCloudWatchRole42C4E931"),
        ("VALUE", "SetHttpSecurityHeadersc8" + SHA1),
        ("VALUE", "SingletonLambda0dc9f04c622c4059b399834a2c1ac15fServiceRoleD59355BD"),
        ("VALUE", "com.acme.orders.OrderServiceApplication"),
        ("VALUE", "OrderProcessingServiceConfigurationFactoryBean"),
        ("VALUE", "org.springframework.cloud.function.adapter.aws.FunctionInvoker"),
        ("VALUE", "db.cluster-ab1cd2ef3gh4.eu-west-1.rds.amazonaws.com"),
        ("VALUE", "search-orders-x7k2m9qv4b3r8t1z5w6p.eu-west-1.es.amazonaws.com"),
        ("VALUE", "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod"),
        ("VALUE", "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"),
        ("VALUE", "https://x7k2m9qv4b3r8t1z5w6p.lambda-url.eu-west-1.on.aws/"),
        ("VALUE", "https://" + SHA1 + "@o12345.ingest.sentry.io/67890"),
        ("VALUE", "broker1.acme.dev:9092,broker2.acme.dev:9092"),
        ("VALUE", "b-1.orders.x7k2m9.c3.kafka.eu-west-1.amazonaws.com:9098"),
        ("VALUE", "1234567890-" + some(32, LOWER + DIGITS) + ".apps.googleusercontent.com"),
        ("VALUE", "/opt/python/lib/python3.12/site-packages"),
        ("VALUE", "/aws/lambda/orders"),
        ("VALUE", "./handlers/orders.handler"),
        ("VALUE", "C:\\Program Files\\Orders"),
        ("VALUE", "s3://acme-artifacts/7c1b2f/orders.zip"),
        ("VALUE", "artifacts/" + SHA1 + "/orders.zip"),
        ("VALUE", "assets/2024/11/QmFzZTY0SW1hZ2VOYW1l.png"),
        ("VALUE", "ops@acme.dev"),
        ("VALUE", "The quick brown fox jumps over the lazy dog"),
        ("VALUE", "Orders service, production, second tier"),
        ("VALUE", "GET,POST,PUT,DELETE"),
        ("VALUE", "id,createdAt,updatedAt,status,totalAmount,currencyCode"),
        ("VALUE", "SELECT id, total FROM orders WHERE status = 'open'"),
        ("VALUE", "^[A-Za-z0-9+/]{40}$"),
        ("VALUE", json.dumps({"region": "eu-west-1", "table": "orders", "retries": 3})),
        ("VALUE", json.dumps({"password": "", "token": None, "apiKey": "<your-key>"})),
        ("VALUE", json.dumps({"secretArn": ARN, "tokenUrl": "https://auth.acme.dev/token"})),
        ("VALUE", encoded("the quick brown fox jumps over the lazy dog")),
        ("VALUE", encoded("orders:read orders:write customers:read")),
        ("VALUE", encoded(json.dumps({"stage": "prod", "table": "orders"}))),
        ("VALUE", "STAGE=prod\nTABLE=orders\nDEBUG=false"),
        ("NODE_OPTIONS", "--enable-source-maps --max-old-space-size=1024"),
        ("JAVA_TOOL_OPTIONS", "-XX:+TieredCompilation -XX:TieredStopAtLevel=1"),
        ("POWERTOOLS_SERVICE_NAME", "order-processing"),
        ("TZ", "Europe/Berlin"),
        ("LOG_LEVEL", "DEBUG"),
        ("MODEL", "text-embedding-3-large"),
        ("ALLOWED_ORIGINS", "https://acme.dev,https://app.acme.dev"),
    ),
    # public material
    *nothing(
        ("VALUE", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ" + some(100, B64) + " deploy@acme"),
        ("VALUE", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + some(43, B64)),
        ("VALUE", pem("PUBLIC KEY")),
        ("VALUE", pem("CERTIFICATE")),
        ("JWT_PUBLIC_KEY", encoded(pem("PUBLIC KEY"))),
        ("JWT_PUBLIC_KEY", der(0x30, 0x0D, 0x06)),
        ("CERT", der(0x30, 0x82, 0x03)),
        ("SIGNING_KEY_PEM_PATH", "/etc/keys/private.pem"),
    ),
    # the name of a secret under a name that says "secret"
    *nothing(
        ("DB_SECRET", "orders-db-secret"),
        ("DB_SECRET", "prod/orders/db"),
        ("RDS_SECRET", "OrdersDatabaseSecret"),
        ("RDS_SECRET", guid()),
        ("DB_CREDENTIALS", "orders/db/credentials"),
        ("SECRET", "orders-service-secret"),
        ("DB_PASSWORD", "/prod/orders/db/password"),
        ("DB_PASSWORD", "orders-db-password"),
        ("DB_PASSWORD", "prod/db/creds"),
        ("CLIENT_SECRET", "orders-client-secret"),
        ("API_KEY", "orders-api-key"),
        ("API_KEY", "/orders/api-key"),
        ("AUTH_TOKEN", "orders-auth-token"),
        ("API_TOKEN", "https://vault.acme.dev/v1/orders/token"),
        ("PRIVATE_KEY", "keys/orders.pem"),
        ("SSH_KEY", "~/.ssh/id_ed25519"),
        ("ENCRYPTION_KEY", "alias/orders"),
        ("ACCESS_TOKEN", "header.authorization"),
        ("DB_PASSWORD", "The password of the orders database"),
        ("API_KEY", "Key of the partner's interface"),
        ("SECRETS", "db,stripe,sendgrid"),
        ("CREDENTIALS", "include"),
        ("TOKEN", "opaque"),
        ("TOKENS", "512"),
        ("SECRET_KEYS", "username,password"),
        ("TOKEN", "3600"),
        ("PAGE_TOKEN", encoded(json.dumps({"foo": 1, "bar": 2}))),
        ("TOKEN", encoded(json.dumps({"offset": 100, "limit": 50}))),
    ),
]
