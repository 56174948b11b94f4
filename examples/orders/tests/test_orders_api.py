import json

import pytest


@pytest.fixture
def api(world):
    return world.load("orders_api")


def get(resource, **more):
    return {
        "httpMethod": "GET",
        "resource": resource,
        "headers": {},
        "requestContext": {"authorizer": {"customerId": "cust-20417"}},
        **more,
    }


def body(answer):
    return json.loads(answer["body"])


def test_create_stores_the_order_and_asks_for_payment(api, world, event, context):
    answer = api.handler(event("api-create-order"), context)
    assert answer["statusCode"] == 201
    assert body(answer)["total"] == 9980
    (stored,) = world.aws.calls("table", "put_item")
    assert stored["Item"]["customerId"] == "cust-20417"
    assert stored["ConditionExpression"] == "attribute_not_exists(orderId)"
    (sent,) = world.aws.calls("sqs", "send_message")
    assert json.loads(sent["MessageBody"])["orderId"] == stored["Item"]["orderId"]


def test_a_repeated_create_changes_nothing(api, world, event, context, error):
    world.aws.reply("table", "put_item", error("ConditionalCheckFailedException"))
    answer = api.handler(event("api-create-order"), context)
    assert (answer["statusCode"], body(answer)["repeated"]) == (200, True)
    assert not world.aws.calls("sqs", "send_message")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lines": []}, "lines must not be empty"),
        ({"lines": [{"sku": "LAMP-114", "quantity": 0, "unitPrice": 1}]}, "lines[0].quantity is out of range"),
        ({"cardToken": "4111111111111111"}, "cardToken has the wrong form"),
        ({"admin": True}, "unknown field admin"),
        ({"email": None}, "email is missing"),
    ],
)
def test_create_refuses(api, event, context, change, message):
    request = event("api-create-order")
    request["body"] = json.dumps({**json.loads(request["body"]), **change})
    answer = api.handler(request, context)
    assert (answer["statusCode"], body(answer)) == (400, {"error": message})


def test_list_pages(api, world, context):
    item = {"orderId": "o1", "customerId": "cust-20417", "status": "paid", "total": 5, "createdAt": "2026-11-01"}
    last = {"orderId": "o1", "customerId": "cust-20417", "createdAt": "2026-11-01"}
    world.aws.reply("table", "query", {"Items": [item], "LastEvaluatedKey": last}, {"Items": []})
    first = body(api.handler(get("/orders", queryStringParameters={"limit": "1"}), context))
    assert first["orders"][0]["orderId"] == "o1"
    api.handler(get("/orders", queryStringParameters={"page": first["page"]}), context)
    assert world.aws.calls("table", "query")[1]["ExclusiveStartKey"] == last


def test_a_page_of_someone_else_is_refused(api, context):
    page = api.page_token({"orderId": "o1", "customerId": "cust-9", "createdAt": "2026-11-01"})
    assert api.handler(get("/orders", queryStringParameters={"page": page}), context)["statusCode"] == 400


def test_list_by_status(api, world, event, context):
    row = {"orderId": {"S": "o1"}, "status": {"S": "paid"}, "total": {"N": "70"}, "createdAt": {"S": "2026-11-01"}}
    world.aws.reply("dynamodb", "execute_statement", {"Items": [row], "NextToken": "more"}, {"Items": [row]})
    answer = api.handler(event("api-list-orders"), context)
    assert [order["total"] for order in body(answer)["orders"]] == [70, 70]
    assert world.aws.calls("dynamodb", "execute_statement")[1]["NextToken"] == "more"


def test_other_peoples_orders_do_not_exist(api, world, context):
    world.aws.reply("table", "get_item", {"Item": {"orderId": "x", "customerId": "cust-9"}})
    path = {"orderId": "6d3f7a52-8f3e-5b0c-9d0a-1f6f2a9b7c11"}
    assert api.handler(get("/orders/{orderId}", pathParameters=path), context)["statusCode"] == 404


def test_cancel_too_late(api, world, context, error):
    world.aws.reply("table", "update_item", error("ConditionalCheckFailedException"))
    request = get("/orders/{orderId}", pathParameters={"orderId": "6d3f7a52-8f3e-5b0c-9d0a-1f6f2a9b7c11"})
    assert api.handler({**request, "httpMethod": "DELETE"}, context)["statusCode"] == 409


def test_throttled_is_503(api, world, context, error):
    world.aws.reply("table", "query", error("ThrottlingException"))
    answer = api.handler(get("/orders"), context)
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "2")


def test_debug_errors_bring_the_trace_to_the_shop_developers(api, world, context):
    world.aws.reply("table", "query", RuntimeError("boom"))
    answer = api.handler(get("/orders"), context)
    assert answer["statusCode"] == 500
    assert "boom" in body(answer)["trace"]
    assert answer["headers"]["Access-Control-Allow-Origin"] == "https://shop.test"
