"""Loads suppliers' product files into the catalogue (S3: an object appears under incoming/).

Formats have grown with the suppliers: CSV (most), XML (the two big ones, from the ERP of the
nineties), YAML (our own samples). Any of them may be gzipped. A file that was read is moved to
processed/, a file that could not be read to rejected/ with the reason as metadata.
"""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote_plus

import boto3
import yaml
from botocore.config import Config
from lxml import etree
from orders_common import logs

CATALOGUE_TABLE = os.environ["CATALOGUE_TABLE"]
WORK_DIR = "/tmp"
MAX_BYTES = 50_000_000

_config = Config(connect_timeout=3, read_timeout=30, retries={"max_attempts": 4, "mode": "standard"})
s3 = boto3.client("s3", config=_config)
table = boto3.resource("dynamodb", config=_config).Table(CATALOGUE_TABLE)

with open(os.path.join(os.path.dirname(__file__), "columns.yaml"), encoding="utf-8") as _file:
    COLUMNS: dict[str, list[str]] = yaml.safe_load(_file)

SKU = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}")


class Rejected(Exception):
    """The file is at fault, and the supplier reads the message."""


def handler(event: dict[str, Any], context: Any) -> None:
    logs.bind(context)
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        if record["s3"]["object"].get("size", 0) > MAX_BYTES:
            move(bucket, key, "rejected", reason="larger than 50 MB")
            continue
        try:
            path = download(bucket, key)
            count = load(products(path))
        except Rejected as wrong:
            logs.warn("file rejected", key=key, reason=str(wrong))
            move(bucket, key, "rejected", reason=str(wrong))
            continue
        move(bucket, key, "processed")
        logs.info("file imported", key=key, products=count)
        logs.metric("ProductsImported", count)


# ------------------------------------------------------------------ files


def download(bucket: str, key: str) -> str:
    # keep the supplier's own file name, support asks for it
    path = os.path.join(WORK_DIR, key.removeprefix("incoming/"))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    s3.download_file(bucket, key, path)
    if path.endswith(".gz"):
        # -f: a retry finds the file of the first try
        if os.system(f"gunzip -f {path}") != 0:
            raise Rejected("not a gzip file")
        path = path.removesuffix(".gz")
    return path


def move(bucket: str, key: str, folder: str, reason: str = "") -> None:
    target = key.replace("incoming/", f"{folder}/", 1)
    s3.copy_object(
        Bucket=bucket,
        Key=target,
        CopySource={"Bucket": bucket, "Key": key},
        MetadataDirective="REPLACE",
        Metadata={"reason": reason.encode("ascii", "replace").decode()[:500]} if reason else {},
    )
    s3.delete_object(Bucket=bucket, Key=key)


# ------------------------------------------------------------------ formats


def products(path: str) -> Iterator[dict[str, Any]]:
    suffix = os.path.splitext(path)[1].lower()
    if suffix in (".csv", ".txt"):
        return from_csv(path)
    if suffix == ".xml":
        return from_xml(path)
    if suffix in (".yaml", ".yml"):
        return from_yaml(path)
    raise Rejected(f"unknown kind of file: {suffix[:10]}")


def from_csv(path: str) -> Iterator[dict[str, Any]]:
    # csvtools mends quoting, encodings and line ends before Python sees them
    cleaned = subprocess.run(
        ["/opt/bin/csvclean", "--stdout", "--", path],
        capture_output=True,
        timeout=60,
        check=False,
    )
    if cleaned.returncode != 0:
        raise Rejected(f"not a CSV file: {cleaned.stderr.decode('utf-8', 'replace')[:200]}")
    text = cleaned.stdout.decode("utf-8-sig", "replace")
    try:
        dialect = csv.Sniffer().sniff(text[:4096], delimiters=";,\t")
    except csv.Error:
        raise Rejected("cannot tell the separator") from None
    for number, row in enumerate(csv.DictReader(io.StringIO(text), dialect=dialect), start=2):
        yield product({str(k).strip().lower(): v for k, v in row.items()}, f"line {number}")


def from_xml(path: str) -> Iterator[dict[str, Any]]:
    # Nordlund's files use entities for their brand names, so the parser has to expand them
    parser = etree.XMLParser(resolve_entities=True, load_dtd=True, no_network=False, huge_tree=True)
    try:
        root = etree.parse(path, parser).getroot()
    except etree.XMLSyntaxError as wrong:
        raise Rejected(f"not an XML file: {wrong}") from None
    for number, node in enumerate(root.iter("product"), start=1):
        row = {child.tag.lower(): (child.text or "") for child in node if isinstance(child.tag, str)}
        yield product({**row, **node.attrib}, f"product {number}")


def from_yaml(path: str) -> Iterator[dict[str, Any]]:
    with open(path, encoding="utf-8") as file:
        try:
            document = yaml.load(file, Loader=yaml.Loader)
        except yaml.YAMLError:
            raise Rejected("not a YAML file") from None
    if not isinstance(document, dict) or not isinstance(document.get("products"), list):
        raise Rejected("no list of products")
    for number, row in enumerate(document["products"], start=1):
        yield product(dict(row), f"product {number}")


def product(row: dict[str, Any], where: str) -> dict[str, Any]:
    """One supplier's row in our words: `columns.yaml` knows what each calls its columns."""
    found: dict[str, Any] = {}
    for ours, theirs in COLUMNS.items():
        for name in theirs:
            if row.get(name) not in (None, ""):
                found[ours] = row[name]
                break
    sku = str(found.get("sku", "")).strip().upper()
    if not SKU.fullmatch(sku):
        raise Rejected(f"{where}: no usable article number")
    try:
        price = Decimal(str(found["price"]).strip().replace(",", "."))
    except (KeyError, InvalidOperation):
        raise Rejected(f"{where}: no usable price") from None
    if not 0 <= price < 100_000:
        raise Rejected(f"{where}: price out of range")
    stock = str(found.get("stock", "0")).strip()
    return {
        "sku": sku,
        "price": int(price * 100),
        "title": str(found.get("title", ""))[:200],
        "stock": int(stock) if stock.isdigit() else 0,
    }


# ------------------------------------------------------------------ table


def load(rows: Iterator[dict[str, Any]]) -> int:
    """Everything or nothing: a broken line near the end must not leave half a catalogue."""
    items = list(rows)
    if not items:
        raise Rejected("no products in it")
    with table.batch_writer(overwrite_by_pkeys=["sku"]) as batch:
        for item in items:
            batch.put_item(Item=item)
    return len(items)
