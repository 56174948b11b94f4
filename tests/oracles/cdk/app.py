"""An application in Python, and what the CDK itself says of it: `python app.py OUTDIR EXPECTED`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk.assertions import Template
from constructs import Construct

CODE = Path(__file__).parent / "code"


class Notices(cdk.Stack):
    """Functions, each with what invokes it and what it may use."""

    def __init__(self, scope: Construct, id_: str, **more: Any) -> None:
        super().__init__(scope, id_, **more)
        table = dynamodb.TableV2(
            self, "Seen", partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING)
        )
        topic = sns.Topic(self, "News")
        aside = sqs.Queue(self, "Aside", enforce_ssl=True)
        send = self.function("Send", memory_size=256, dead_letter_queue=aside)
        topic.add_subscription(subscriptions.LambdaSubscription(send))
        table.grant_read_data(send)
        count = self.function("Count", timeout=cdk.Duration.seconds(30))
        count.add_function_url(auth_type=lambda_.FunctionUrlAuthType.NONE)
        s3.Bucket(self, "Kept", auto_delete_objects=True, removal_policy=cdk.RemovalPolicy.DESTROY)

    def function(self, name: str, **more: Any) -> lambda_.Function:
        """A function of ours."""
        return lambda_.Function(
            self,
            name,
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="app.handler",
            code=lambda_.Code.from_asset(str(CODE / "worker")),
            **more,
        )


def main(outdir: str, expected: str) -> None:
    """Synthesise the application, and write down what its templates have, as the CDK's own assertions find it."""
    app = cdk.App(outdir=outdir)
    stacks = [Notices(app, "Notices")]
    for name in ("Test", "Live"):
        stage = cdk.Stage(app, name, env=cdk.Environment(account="123456789012", region="eu-west-1"))
        stacks.append(Notices(stage, "Notices"))
    told = {}
    for stack in stacks:
        template = Template.from_stack(stack)
        told[stack.node.path] = {
            kind: sorted(template.find_resources(kind))
            for kind in ("AWS::Lambda::Function", "AWS::IAM::Role", "AWS::Lambda::Url", "AWS::Lambda::Permission")
        }
    app.synth()
    Path(expected).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
