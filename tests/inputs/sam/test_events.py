"""Events: what each makes stands at the user's event, and says which."""

from __future__ import annotations

import pytest

from stockade.knowledge.sam import function_events
from stockade.model.app import EventSource, Permission, Resource, Role, Route
from stockade.model.value import File
from tests.inputs.sam.support import keyed, sam

_ACCESS = "SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: s}]}"
_EVENTS = {
    "AlexaSkill": "{SkillId: x}",
    "Api": "{Path: /a, Method: get}",
    "CloudWatchEvent": "{Pattern: {source: [a]}, DeadLetterConfig: {Type: SQS}}",
    "CloudWatchLogs": "{LogGroupName: g, FilterPattern: e}",
    "Cognito": "{UserPool: !Ref Pool, Trigger: PreSignUp}",
    "DocumentDB": "{Cluster: c, DatabaseName: d, StartingPosition: LATEST, " + _ACCESS,
    "DynamoDB": "{Stream: s, StartingPosition: LATEST}",
    "EventBridgeRule": "{Pattern: {source: [a]}}",
    "HttpApi": "{Path: /a, Method: get}",
    "IoTRule": "{Sql: s}",
    "Kinesis": "{Stream: s, StartingPosition: LATEST}",
    "MQ": "{Broker: b, Queues: [q], SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: s}]}",
    "MSK": "{Stream: s, StartingPosition: LATEST, Topics: [t]}",
    "S3": '{Bucket: !Ref Bucket, Events: "s3:ObjectCreated:*"}',
    "SNS": "{Topic: !Ref Topic, SqsSubscription: true}",
    "SQS": "{Queue: q}",
    "Schedule": "{Schedule: rate(1 day), DeadLetterConfig: {Type: SQS}}",
    "ScheduleV2": "{ScheduleExpression: rate(1 day)}",
    "SelfManagedKafka": "{KafkaBootstrapServers: [b], Topics: [t], " + _ACCESS,
}
_OTHERS = """
  Pool: {Type: AWS::Cognito::UserPool}
  Bucket: {Type: AWS::S3::Bucket}
  Topic: {Type: AWS::SNS::Topic}
"""


def _template(kind: str) -> str:
    return (
        "Resources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n      Events:\n"
        f"        Ev:\n          Type: {kind}\n          Properties: {_EVENTS[kind]}\n{_OTHERS}"
    )


def _made(records: tuple[Resource, ...]) -> list[Resource]:
    """Records that are there because of the event."""
    own = {"Fn", "Pool", "Bucket", "Topic", "FnRole"}
    return [
        r for r in records if r.key.rpartition("#")[2] not in own and not r.key.rpartition("#")[2].startswith("FnRole/")
    ]


def test_every_event_type_is_tried() -> None:
    """The table above is all that SAM knows."""
    assert set(_EVENTS) == set(function_events())


@pytest.mark.parametrize("kind", sorted(_EVENTS))
def test_what_an_event_makes_points_at_the_event(kind: str) -> None:
    """Permissions, mappings, rules, queues, routes, APIs: a finding about them is shown at the user's event."""
    app = sam(_template(kind))
    made = _made(app.resources)
    assert made
    for record in made:
        origin = record.origin
        assert isinstance(origin, File)
        line = origin.span.doc.text.splitlines()[origin.span.line - 1]
        assert 9 <= origin.span.line <= 10, (record.key, origin.span.line, line)
        if isinstance(record, Permission):
            assert record.generated_by == f"SAM event {kind}"
    assert not app.gaps, [g.what for g in app.gaps]
    principal = function_events()[kind].principal
    found = {p.principal.show() for p in app.of(Permission)}
    # A topic's queue and a user's schedule are let in by other means.
    assert found == ({principal} if principal and kind not in {"SNS", "ScheduleV2"} else set())


@pytest.mark.parametrize("kind", sorted(k for k, v in function_events().items() if v.pull))
def test_a_mapping_can_be_written_back(kind: str) -> None:
    """An event source mapping knows its service, and where its fields stand in the user's event."""
    app = sam(_template(kind))
    (source,) = app.of(EventSource)
    assert source.function is app.functions[0]
    assert source.service.is_set().is_yes
    assert source.site is not None
    assert source.site.table == f"AWS::Serverless::Function/Events/{kind}"
    assert source.site.base == ("Properties", "Events", "Ev", "Properties")
    assert source.site.address == "Fn"


def test_a_route_can_be_written_back_at_its_event() -> None:
    """The route of an event has the event's block, its API's settings have the API's."""
    app = sam(_template("Api"))
    (route,) = app.of(Route)
    assert route.site is not None
    assert route.site.base == ("Properties", "Events", "Ev", "Properties")
    assert route.function is app.functions[0]
    (api,) = app.apis
    assert api.implicit
    assert api.site is None


def test_an_event_of_a_conditional_function_keeps_its_premises() -> None:
    """What is made for it is there when the function is."""
    text = (
        "Parameters: {Stage: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Stage, prod]}\nResources:\n"
        "  Fn:\n    Type: AWS::Serverless::Function\n    Condition: IsProd\n    Properties:\n      Events:\n"
        "        Ev: {Type: Api, Properties: {Path: /a, Method: get}}\n        Q: {Type: SQS, Properties: {Queue: q}}\n"
    )
    app = sam(text)
    for record in (*app.of(Route), *app.of(EventSource), *app.of(Permission), *app.of(Role), *app.apis):
        assert [p.text for p in record.exists] == ["Stage is prod"], record.key


def test_a_queue_may_have_a_name_that_the_user_chose() -> None:
    """`QueueLogicalId` names a resource that others refer to."""
    app = sam(
        """
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Ev: {Type: Schedule, Properties: {Schedule: rate(1 day), DeadLetterConfig: {Type: SQS, QueueLogicalId: Own}}}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties: {Queues: [!Ref Own], PolicyDocument: {Statement: []}}
"""
    )
    keyed(app, "Own")
    assert not app.gaps, [g.what for g in app.gaps]
