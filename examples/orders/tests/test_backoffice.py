import io
import json
from datetime import date, datetime

import pytest

ROW = ("o1", datetime(2026, 11, 1, 9, 30), "shipped", 9980, "Ada", "Holm", "=ada@example.org", "211 19")


# ------------------------------------------------------------------ search


@pytest.fixture
def search(world):
    world.mysql.rows = [ROW]
    return world.load("backoffice_search")


def test_search(search, world, event, context):
    answer = search.handler(event("search"), context)
    assert json.loads(answer["body"])["orders"][0]["created_at"] == "2026-11-01T09:30:00"
    ((sql, parameters),) = world.mysql.executed
    assert "ORDER BY o.total_cents DESC LIMIT 10" in sql
    assert parameters == ["shipped"]


def test_search_as_csv_defuses_formulas(search, event, context):
    request = event("search")
    request["queryStringParameters"]["format"] = "csv"
    assert "'=ada@example.org" in search.handler(request, context)["body"]


@pytest.mark.parametrize("query", [{"sort": "password"}, {"limit": "many"}, {"from": "yesterday"}])
def test_search_refuses(search, event, context, query):
    assert search.handler({**event("search"), "queryStringParameters": query}, context)["statusCode"] == 400


def test_search_fails_with_details_for_the_ticket(search, world, event, context):
    world.mysql.refuse = 1
    answer = search.handler(event("search"), context)
    assert answer["statusCode"] == 500
    assert "Access denied" in json.loads(answer["body"])["error"]


# ------------------------------------------------------------------ nightly report


@pytest.fixture
def report(world, monkeypatch):
    app = world.load("nightly_report")
    world.mysql.rows = [("o1", 100), ("o2", 70), ("o4", 5)]
    world.aws.reply(
        "table",
        "query",
        {"Items": [{"orderId": "o1", "status": "paid", "total": 100}], "LastEvaluatedKey": {"orderId": "o1"}},
        {
            "Items": [
                {"orderId": "o2", "status": "shipped", "total": 75},
                {"orderId": "o3", "status": "delivered", "total": 20},
                {"orderId": "o5", "status": "cancelled", "total": 9},
            ]
        },
    )
    login = json.dumps({"host": "warehouse.test", "username": "report", "password": "cached"})
    asked = []

    def urlopen(request, timeout):
        asked.append((request.full_url, timeout))
        return io.BytesIO(json.dumps({"SecretString": login}).encode())

    monkeypatch.setattr(app.urllib.request, "urlopen", urlopen)
    app.asked = asked
    return app


def test_report_compares_both_sides(report, world, event, context):
    result = report.handler({**event("nightly-report"), "detail": {"day": "2026-11-01"}}, context)
    assert result == {"day": "2026-11-01", "key": "reconciliation/2026/11/2026-11-01.csv", "differences": 3}
    (stored,) = world.aws.calls("s3", "put_object")
    assert stored["Body"].decode().splitlines() == [
        "order,ours,theirs,verdict",
        "o1,100,100,ok",
        "o2,75,70,amounts differ",
        "o3,20,,not booked",
        "o4,,5,only in the warehouse",
    ]
    assert world.mysql.executed[0][1] == ("2026-11-01",)
    assert len(report.asked) == 1


def test_report_survives_a_rotation(report, world, context):
    world.mysql.refuse = 1
    fresh = {"host": "warehouse.test", "username": "report", "password": "new"}
    world.aws.reply("secretsmanager", "get_secret_value", {"SecretString": json.dumps(fresh)})
    report.handler({"day": "2026-11-01"}, context)
    assert [connection["password"] for connection in world.mysql.connections] == ["cached", "new"]


def test_report_of_yesterday_by_default(report):
    assert report.day_of({}) < date.today()


@pytest.mark.parametrize("day", ["2999-01-01", "2001-01-01", "tomorrow"])
def test_report_refuses_days(report, day):
    with pytest.raises(ValueError):
        report.day_of({"day": day})
