import types
from pathlib import Path

import pytest

CSV = "sku;preis;bezeichnung;bestand\nLAMP-114;49,90;Lamp Sjö;12\nLAMP-115;59;Lamp Å;x\n"
XML = "<catalogue><product><article>CHAIR-1</article><price>120.00</price><name>Chair</name></product></catalogue>"


@pytest.fixture
def importer(world, tmp_path, monkeypatch):
    app = world.load("catalogue_import")
    monkeypatch.setattr(app, "WORK_DIR", str(tmp_path))

    def csvclean(command, **_):
        return types.SimpleNamespace(returncode=0, stdout=Path(command[-1]).read_bytes(), stderr=b"")

    monkeypatch.setattr(app.subprocess, "run", csvclean)
    return app


def upload(world, event, content, name="incoming/nordlund/autumn+2026.csv"):
    world.aws.reply("s3", "download_file", lambda args: Path(args[2]).write_text(content, encoding="utf-8"))
    request = event("catalogue-upload")
    request["Records"][0]["s3"]["object"]["key"] = name
    return request


def moved_to(world):
    return [call["Key"].split("/")[0] for call in world.aws.calls("s3", "copy_object")]


def test_csv(importer, world, event, context):
    importer.handler(upload(world, event, CSV), context)
    items = [call["Item"] for call in world.aws.calls("table", "put_item")]
    assert items == [
        {"sku": "LAMP-114", "price": 4990, "title": "Lamp Sjö", "stock": 12},
        {"sku": "LAMP-115", "price": 5900, "title": "Lamp Å", "stock": 0},
    ]
    assert moved_to(world) == ["processed"]
    assert world.aws.calls("s3", "delete_object")[0]["Key"] == "incoming/nordlund/autumn 2026.csv"


def test_xml(importer, world, event, context):
    importer.handler(upload(world, event, XML, "incoming/nordlund/all.xml"), context)
    assert [call["Item"]["price"] for call in world.aws.calls("table", "put_item")] == [12000]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("incoming/a/x.csv", "sku;price\nLAMP-1;free\n", "line 2: no usable price"),
        ("incoming/a/x.csv", "sku;price\n??;1\n", "line 2: no usable article number"),
        ("incoming/a/x.xml", "<catalogue>", "not an XML file"),
        ("incoming/a/x.pdf", "%PDF", "unknown kind of file: .pdf"),
        ("incoming/a/x.xml", "<catalogue/>", "no products in it"),
    ],
)
def test_rejected_with_a_reason(importer, world, event, context, name, content, reason):
    importer.handler(upload(world, event, content, name), context)
    assert moved_to(world) == ["rejected"]
    assert world.aws.calls("s3", "copy_object")[0]["Metadata"]["reason"].startswith(reason)
    assert not world.aws.calls("table", "put_item")


def test_huge_files_are_not_even_read(importer, world, event, context):
    request = event("catalogue-upload")
    request["Records"][0]["s3"]["object"]["size"] = 60_000_000
    importer.handler(request, context)
    assert moved_to(world) == ["rejected"]
    assert not world.aws.calls("s3", "download_file")
