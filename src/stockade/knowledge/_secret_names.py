"""What a variable's name says about its value: words, and which of them is the head.

A name is read as an English noun phrase: its last word says what the value is. `DB_PASSWORD` is a password,
`PASSWORD_LENGTH` a length, `SECRET_ARN` an ARN. Words that say nothing about the kind (`PROD`, `V2`, `VALUE`) are left
out at the end.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, TypeAlias

Head: TypeAlias = Literal["password", "secret", "token", "key", "credentials", "connection", ""]

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")

# Say nothing about what the value is, when they come last.
_NEUTRAL = frozenset(
    "env var value val plain plaintext cleartext text string str raw literal base64 b64 encoded hex dev development prod "
    "production stage staging test testing qa uat sandbox live local int preprod v current previous old new next default "
    "primary secondary main master backup blue green temp tmp base".split()
)
# Before a head they make it a switch or a number.
_SWITCHES = frozenset(
    "use enable enabled disable disabled require requires required has is allow skip validate verify check show hide "
    "rotate generate mask redact include exclude force reset forgot forgotten change no min max minimum maximum num "
    "number count total per limit supports expire expired ignore".split()
)

_PASSWORDS = frozenset("password passwd passphrase passcode passwords passwds".split())
_SECRETS = frozenset("secret secrets".split())
_TOKENS = frozenset("token tokens jwt bearer".split())
_CREDENTIALS = frozenset("credential credentials cred creds".split())

# "pass", "pwd" and "pw" mean a password only after one of these.
_ACCOUNTS = frozenset(
    "db database user smtp mail email imap redis mysql mariadb postgres postgresql pg pgsql admin root ftp sftp ldap http "
    "basic auth login account service svc rabbitmq rabbit amqp mq mongo mongodb es elastic elasticsearch opensearch kafka "
    "sa sql mssql oracle snowflake redshift jdbc proxy wifi my api app master keystore truststore cert ssl vpn ssh rds "
    "aurora neo4j cassandra clickhouse superuser sys system bot guest default".split()
)
# "key" is a secret after one of these …
_KEY_OF = frozenset(
    "api private priv secret access encryption encrypt signing sign signature master auth authentication jwt hmac "
    "service license licence ssh deploy webhook client shared session cookie app application root rsa aes crypto cipher "
    "token bearer subscription account server sdk integration admin write ingestion ingest license rest restapi fernet "
    "stripe openai anthropic sendgrid mailgun mailchimp twilio datadog dd newrelic honeycomb algolia pusher segment "
    "mixpanel amplitude pagerduty opsgenie rollbar bugsnag postmark maps gmaps google firebase fcm supabase azure github "
    "gitlab slack notion airtable pinecone cohere mistral groq weather openweather omdb tmdb rapidapi etherscan alchemy "
    "infura binance coinbase ecdsa ed25519 pgp gpg host hosting tls ssl".split()
)
# … and is never one after one of these.
_KEY_NOT = frozenset(
    "public pub publishable partition sort primary foreign range hash object s3 cache idempotency idempotent dedup kms cmk "
    "file config feature flag lookup index group route dict map json tag metric log context locale i18n correlation "
    "message record stream shard row composite unique natural redis memcached lock event sns sqs dynamodb ddb table item "
    "attribute header field column parameter param env state data prefix suffix bucket folder path image media upload "
    "download source destination target input output site recaptcha turnstile hcaptcha trace dimension label".split()
)
# A token after one of these is a piece of text or a cursor.
_TOKEN_NOT = frozenset(
    "next page pagination continuation start end stop eos bos pad mask sep cls unk special csrf xsrf task request resume "
    "sync ethereum nft erc20 erc721 sale governance native input output completion prompt".split()
)
_ONE_WORD = (
    ("password", "password"),
    ("passwd", "password"),
    ("passphrase", "password"),
    ("apikey", "key"),
    ("secretkey", "key"),
    ("privatekey", "key"),
    ("signingkey", "key"),
    ("encryptionkey", "key"),
    ("accesskey", "key"),
    ("authtoken", "token"),
    ("accesstoken", "token"),
    ("refreshtoken", "token"),
    ("bottoken", "token"),
    ("apitoken", "token"),
    ("clientsecret", "secret"),
    ("appsecret", "secret"),
    ("apisecret", "secret"),
    ("connectionstring", "connection"),
    ("connstring", "connection"),
    ("connstr", "connection"),
)
_PASSWORD_ABBREVIATIONS = frozenset({"pass", "pwd", "pw", "passwd"})


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` are the same two."""
    return tuple(word.lower() for word in _WORD.findall(name))


def _core(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without those at the end that say nothing."""
    end = len(words)
    while end > 1 and (words[end - 1] in _NEUTRAL or words[end - 1].isdigit()):
        end -= 1
    return words[:end]


@lru_cache(maxsize=4096)
def head_of(name: str) -> Head:
    """What kind of secret a name says it holds; "" if it says nothing of the kind."""
    words = _core(words_of(name))
    if not words or words[0] in _SWITCHES:
        return ""
    return _head(words[-1], words[:-1])


def _head(last: str, before: tuple[str, ...]) -> Head:
    previous = before[-1] if before else ""
    if last in _PASSWORDS or (last in _PASSWORD_ABBREVIATIONS and previous in _ACCOUNTS):
        return "password"
    if last in _SECRETS:
        return "secret"
    if last in _TOKENS:
        return "" if previous in _TOKEN_NOT or previous in _SWITCHES else "token"
    if last in _CREDENTIALS:
        return "credentials"
    if last in {"key", "keys"}:
        return "key" if previous in _KEY_OF and previous not in _KEY_NOT else ""
    if last in {"string", "str", "uri", "url"} and previous in {"connection", "conn"}:
        return "connection"
    return _one_word(last)


def _one_word(last: str) -> Head:
    for ending, head in _ONE_WORD:
        if last.endswith(ending):
            return head  # type: ignore[return-value]
    return ""


# These say "secret" of what is usually the name of one that is kept elsewhere: a database's secret, not the secret key
# of a session.
_KEPT_ELSEWHERE = frozenset(
    "db database rds aurora redshift docdb documentdb secretsmanager sm aws cluster instance postgres mysql mongo redis "
    "kafka msk mq rabbitmq opensearch rotation rotated".split()
)


def may_name_a_secret(name: str) -> bool:
    """Whether the value may as well be the *name* of a secret that is kept elsewhere (`DB_SECRET`, `CREDENTIALS`)."""
    words = _core(words_of(name))
    if not words or words[-1] not in _SECRETS | _CREDENTIALS:
        return False
    return len(words) == 1 or words[-2] in _KEPT_ELSEWHERE or words[-1] in _CREDENTIALS


# A value under such a name is an identifier, however random it looks.
_IDENTIFIERS = frozenset(
    "id ids uuid guid arn arns sha sha1 sha256 md5 hash digest checksum etag version revision commit build release image "
    "tag ref name names url uri endpoint host hostname domain bucket table topic queue stream stack pool client path file "
    "key keys location prefix suffix layer region zone account user username email role group policy fingerprint "
    "thumbprint kid certificate cert public dsn nonce salt address contract wallet index cluster instance cidr subnet vpc "
    "class handler module package schema query sql template format pattern regex expression mapping map list json xml "
    "config script command args options description title message text body subject content label locale color "
    "colour icon image fonts asset assets distribution origin resource".split()
)


def names_an_identifier(name: str) -> bool:
    """Whether the name says that the value is an id, a version, a place or a piece of text."""
    words = _core(words_of(name))
    return bool(words) and (words[-1] in _IDENTIFIERS or not _IDENTIFIERS.isdisjoint(words[-2:]))
