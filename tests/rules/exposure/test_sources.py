"""The rules about queues and streams: SK119 to SK124."""

from __future__ import annotations

import pytest

from stockade.model.app import Policy
from stockade.model.intent import New, Set
from stockade.rules._base import Context
from tests.inputs.terraform.support import app_of as terraform_app
from tests.rules.support import TODAY, Verdict, app_of, judge, rule_of

HEAD = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Seconds: {Type: Number}
  Big: {Type: String, AllowedValues: ["yes", "no"]}
Conditions:
  IsBig: !Equals [!Ref Big, "yes"]
Resources:
"""


def worker(event: str, **more: object) -> str:
    lines = "".join(f"      {key}: {value}\n" for key, value in more.items())
    return (
        "  Worker:\n    Type: AWS::Serverless::Function\n    Properties:\n"
        "      Runtime: python3.13\n      Handler: app.handler\n      CodeUri: src/\n"
        f"{lines}      Events:\n        Work: {event}\n"
    )


def queue(properties: str = "", name: str = "Queue") -> str:
    return f"  {name}: {{Type: AWS::SQS::Queue, Properties: {{{properties}}}}}\n"


def sqs(more: str = "") -> str:
    return f"{{Type: SQS, Properties: {{Queue: !GetAtt Queue.Arn{more}}}}}"


def kinesis(more: str = "") -> str:
    return f'{{Type: Kinesis, Properties: {{Stream: "arn:aws:kinesis:a:1:stream/s", StartingPosition: LATEST{more}}}}}'


class TestVisibilityTimeout:
    @pytest.mark.parametrize(
        ("visible", "timeout", "severities"),
        [
            ("VisibilityTimeout: 30", 31, ["high"]),
            ("VisibilityTimeout: 30", 30, ["low"]),
            ("VisibilityTimeout: 179", 30, ["low"]),
            ("VisibilityTimeout: 180", 30, []),
            ("", 5, []),
            ("", 6, ["low"]),
            ("", 60, ["high"]),
            ("VisibilityTimeout: 0", 3, ["high"]),
        ],
    )
    def test_against_the_function(self, visible: str, timeout: int, severities: list[str]) -> None:
        found = judge("SK119", HEAD + queue(visible) + worker(sqs(), Timeout=timeout))
        assert found.severities == severities

    def test_the_batch_window_counts(self) -> None:
        window = sqs(", MaximumBatchingWindowInSeconds: 20, BatchSize: 20")
        assert judge("SK119", HEAD + queue("VisibilityTimeout: 60") + worker(window, Timeout=10)).severities == ["low"]
        assert not judge("SK119", HEAD + queue("VisibilityTimeout: 80") + worker(window, Timeout=10)).findings

    def test_a_condition_says_when(self) -> None:
        text = HEAD + queue("VisibilityTimeout: !If [IsBig, 600, 30]") + worker(sqs(), Timeout=60)
        assert " when " in judge("SK119", text).fails[0].message
        assert not judge("SK119", text, Big="yes").findings

    def test_a_parameter_is_not_decided(self) -> None:
        text = HEAD + queue("VisibilityTimeout: !Ref Seconds") + worker(sqs(), Timeout=60)
        found = judge("SK119", text)
        assert not found.fails
        assert found.by_function == {"Worker": "unknown"}
        assert judge("SK119", text, Seconds="60").severities == ["low"]

    def test_a_queue_elsewhere_is_not_decided(self) -> None:
        found = judge("SK119", HEAD + worker('{Type: SQS, Properties: {Queue: "arn:aws:sqs:a:1:q"}}'))
        assert found.by_function == {"Worker": "unknown"}

    def test_a_mapping_that_is_off_does_no_harm(self) -> None:
        assert not judge("SK119", HEAD + queue() + worker(sqs(", Enabled: false"), Timeout=60)).findings

    def test_the_fix_is_six_times_the_timeout(self) -> None:
        fix = judge("SK119", HEAD + queue() + worker(sqs(), Timeout=60)).fails[0].fixes[0]
        (intent,) = fix.intents
        assert isinstance(intent, Set)
        assert (intent.field, intent.value) == ("visibility_timeout", 360)
        window = sqs(", MaximumBatchingWindowInSeconds: 20")
        (intent,) = judge("SK119", HEAD + queue() + worker(window, Timeout=60)).fails[0].fixes[0].intents
        assert isinstance(intent, Set)
        assert intent.value == 380


class TestPartialBatch:
    @pytest.mark.parametrize(
        ("more", "verdict"),
        [
            ("", "fail"),
            (", BatchSize: 1", "pass"),
            (", BatchSize: 2", "fail"),
            (", FunctionResponseTypes: [ReportBatchItemFailures]", "pass"),
            (", FunctionResponseTypes: []", "fail"),
        ],
    )
    def test_queue(self, more: str, verdict: str) -> None:
        assert judge("SK120", HEAD + queue() + worker(sqs(more))).by_function == {"Worker": verdict}

    def test_a_stream_that_splits_batches_is_less_bad(self) -> None:
        (whole,) = judge("SK120", HEAD + worker(kinesis())).fails
        assert whole.severity == "medium"
        assert whole.message == (
            "where `Worker` fails on one record of `arn:aws:kinesis:a:1:stream/s`, it gets the whole batch again"
        )
        given_up = judge("SK120", HEAD + worker(kinesis(", MaximumRetryAttempts: 0")))
        assert given_up.by_function == {"Worker": "pass"}
        (halved,) = judge("SK120", HEAD + worker(kinesis(", BisectBatchOnFunctionError: true"))).fails
        assert halved.severity == "low"
        assert halved.message.endswith(", it gets the batch again, in halves")

    def test_kafka_has_no_such_thing(self) -> None:
        text = (
            '{Type: MSK, Properties: {Stream: "arn:aws:kafka:a:1:cluster/c/1", StartingPosition: LATEST, Topics: [t]}}'
        )
        assert judge("SK120", HEAD + worker(text)).by_function == {"Worker": "not_applicable"}


class TestStreams:
    @pytest.mark.parametrize(
        ("more", "forever", "lost"),
        [
            ("", "fail", "pass"),
            (", MaximumRetryAttempts: -1", "fail", "pass"),
            (", BisectBatchOnFunctionError: true", "fail", "pass"),
            (", MaximumRetryAttempts: 3", "pass", "fail"),
            (", MaximumRecordAgeInSeconds: 3600", "pass", "fail"),
            (
                ', MaximumRetryAttempts: 3, DestinationConfig: {OnFailure: {Destination: "arn:aws:sqs:a:1:q"}}',
                "pass",
                "pass",
            ),
        ],
    )
    def test_either_forever_or_lost_never_both(self, more: str, forever: str, lost: str) -> None:
        text = HEAD + worker(kinesis(more))
        assert judge("SK124", text).by_function == {"Worker": forever}
        assert judge("SK121", text).by_function == {"Worker": lost}

    def test_a_queue_elsewhere_is_asked_about_in_a_sentence(self) -> None:
        text = HEAD + worker("{Type: SQS, Properties: {Queue: !ImportValue queue}}")
        (letters,) = judge("SK122", text).unsure
        assert letters.message == "the queue that `Worker` reads from has no dead-letter queue"
        (again,) = judge("SK119", text).unsure
        assert again.message.startswith("the queue that `Worker` reads from shows messages again while")
        assert [doubt.why for doubt in again.doubts] == [
            "the queue that `Worker` reads from is not part of the scanned code"
        ]

    def test_what_is_lost_is_told_for_what_it_is(self) -> None:
        (held,) = judge("SK124", HEAD + worker(kinesis())).fails
        assert held.message.endswith("holds up its shard until it expires, and no copy of it is kept then")
        (given_up,) = judge("SK121", HEAD + worker(kinesis(", MaximumRetryAttempts: 3"))).fails
        assert given_up.message.endswith("are given up, and no destination is told which they were")

    @pytest.mark.parametrize(
        ("settings", "also"),
        [
            ({}, ""),
            ({"Role": "!GetAtt Role.Arn"}, ", and let `Role` call `sqs:SendMessage` on it"),
            ({"Role": "!ImportValue role"}, "; its role has to allow `sqs:SendMessage` on it"),
        ],
    )
    def test_who_may_send_to_a_destination(self, settings: dict[str, str], also: str) -> None:
        role = "  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}\n"
        typed = "(`OnFailure: {Type: SQS, Destination: …}`)"
        (held,) = judge("SK124", HEAD + role + worker(kinesis(), **settings)).fails
        assert held.help == (
            "limit the retries or the age of records, and set a queue as the destination on failure "
            f"{typed} for what is given up{also}"
        )
        (lost,) = judge("SK121", HEAD + role + worker(kinesis(", MaximumRetryAttempts: 3"), **settings)).fails
        what = "a queue" if also else "a queue, topic or bucket"
        assert lost.help == f"set {what} as the destination on failure {typed}, with an alarm on it{also}"
        kept = kinesis(', DestinationConfig: {OnFailure: {Destination: "arn:aws:sqs:a:1:q"}}')
        (known,) = judge("SK124", HEAD + role + worker(kept, **settings)).fails
        assert known.help == "limit the retries or the age of records"
        assert known.fixes[0].why == "a record that still fails is skipped"

    @pytest.mark.parametrize(("condition", "written"), [("", True), ("Condition: IsBig, ", False)])
    def test_no_policy_is_written_for_a_role_that_may_not_be_there(self, condition: str, written: bool) -> None:  # noqa: FBT001 - a case
        role = f"  Role: {{Type: AWS::IAM::Role, {condition}Properties: {{AssumeRolePolicyDocument: {{Statement: []}}}}}}\n"
        (finding,) = judge("SK124", HEAD + role + worker(kinesis(), Role="!GetAtt Role.Arn")).fails
        (fix,) = finding.fixes
        assert any(isinstance(intent, New) and intent.kind is Policy for intent in fix.intents) is written
        assert ("must be allowed to send" in fix.why) is not written

    def test_a_mapping_of_a_module_stands_at_the_call(self) -> None:
        module = """
variable "mappings" {}
resource "aws_lambda_event_source_mapping" "this" {
  for_each               = var.mappings
  function_name          = "consumer"
  event_source_arn       = each.value.arn
  starting_position      = "LATEST"
  maximum_retry_attempts = try(each.value.retries, null)
}
"""
        main = """
module "consumer" {
  source   = "./consumer"
  mappings = {
    a = { arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/a" }
    b = { arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/b", retries = 3 }
  }
}
"""
        app = terraform_app({"main.tf": main, "consumer/main.tf": module})
        for code, line in (("SK124", 5), ("SK121", 6)):
            (finding,) = Verdict(code, app).fails
            assert finding.span is not None
            assert (finding.span.doc.path, finding.span.line) == ("main.tf", line)

    @pytest.mark.parametrize(
        ("code", "more", "said"),
        [
            ("SK120", "", "where `worker` fails on one record%s,"),
            ("SK121", "maximum_retry_attempts = 3", "records%s that"),
            ("SK124", "", "a record%s that"),
        ],
    )
    def test_a_mapping_of_several_in_one_block_is_told_by_its_source(self, code: str, more: str, said: str) -> None:
        text = f"""
variable "known" {{}}
variable "unknown" {{}}
resource "aws_kinesis_stream" "a" {{ name = "a" }}
resource "aws_lambda_event_source_mapping" "all" {{
  for_each          = {{ a = aws_kinesis_stream.a.arn, b = "arn:aws:kinesis:a:1:stream/b", c = var.known ? var.unknown : "" }}
  function_name     = "worker"
  event_source_arn  = each.value
  starting_position = "LATEST"
  {more}
}}
"""
        app = app_of(text)
        messages = [o.message for o in rule_of(code).check(app, Context(today=TODAY))]
        for message, which in zip(
            messages, (" of `aws_kinesis_stream.a`", " of `arn:aws:kinesis:a:1:stream/b`"), strict=False
        ):
            assert message.startswith(said % which)
        assert [m for m in messages if ' that `aws_lambda_event_source_mapping.all["c"]` hands on' in m]

    def test_a_queue_is_no_stream(self) -> None:
        text = HEAD + queue() + worker(sqs())
        assert judge("SK124", text).by_function == {"Worker": "not_applicable"}
        assert judge("SK121", text).by_function == {"Worker": "not_applicable"}


class TestDeadLetter:
    def test_none(self) -> None:
        found = judge("SK122", HEAD + queue() + worker(sqs()))
        assert found.severities == ["medium"]
        assert found.by_function == {"Worker": "fail"}

    @pytest.mark.parametrize(("count", "severities"), [(1, ["low"]), (2, ["low"]), (3, []), (5, [])])
    def test_attempts(self, count: int, severities: list[str]) -> None:
        redrive = f"RedrivePolicy: {{deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: {count}}}"
        text = HEAD + queue(redrive) + queue(name="Failed") + worker(sqs())
        assert judge("SK122", text).severities == severities

    def test_the_end_of_the_line_needs_none(self) -> None:
        redrive = "RedrivePolicy: {deadLetterTargetArn: !GetAtt Queue.Arn, maxReceiveCount: 5}"
        text = HEAD + queue(redrive, name="First") + queue() + worker(sqs())
        assert not judge("SK122", text).findings

    def test_a_queue_that_triggers_nothing_is_not_our_business(self) -> None:
        assert not judge("SK122", HEAD + queue()).findings

    def test_one_queue_is_told_once(self) -> None:
        second = worker(sqs()).replace("  Worker:", "  Second:")
        found = judge("SK122", HEAD + queue() + worker(sqs()) + second)
        assert len(found.fails) == 1
        assert found.by_function == {"Worker": "fail", "Second": "fail"}


class TestConcurrency:
    @pytest.mark.parametrize(
        ("more", "reserved", "verdict"),
        [
            ("", {}, "fail"),
            (", ScalingConfig: {MaximumConcurrency: 5}", {}, "pass"),
            ("", {"ReservedConcurrentExecutions": 5}, "pass"),
        ],
    )
    def test_either_bound_is_enough(self, more: str, reserved: dict[str, int], verdict: str) -> None:
        assert judge("SK123", HEAD + queue() + worker(sqs(more), **reserved)).by_function == {"Worker": verdict}

    @pytest.mark.parametrize(
        ("event", "verdict"),
        [
            (sqs(), "not_applicable"),
            ('{Type: SQS, Properties: {Queue: "arn:aws:sqs:eu-west-1:111122223333:work.fifo"}}', "not_applicable"),
            ('{Type: SQS, Properties: {Queue: "arn:aws:sqs:eu-west-1:111122223333:work"}}', "fail"),
            ('{Type: SQS, Properties: {Queue: !Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Big}"}}', "fail"),
        ],
    )
    def test_message_groups_bound_a_fifo_queue(self, event: str, verdict: str) -> None:
        text = HEAD + queue("FifoQueue: true") + worker(event)
        assert judge("SK123", text).by_function == {"Worker": verdict}


def test_after_one_attempt_the_whole_batch_is_a_dead_letter() -> None:
    dead = queue(name="Dead")
    once = queue("RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 1}")
    (finding,) = judge("SK120", HEAD + dead + once + worker(sqs())).fails
    assert finding.message.endswith("the whole batch ends in the dead-letter queue, after one attempt")
    twice = once.replace("maxReceiveCount: 1", "maxReceiveCount: 2")
    (finding,) = judge("SK120", HEAD + dead + twice + worker(sqs())).fails
    assert finding.message.endswith("it gets the whole batch again")
