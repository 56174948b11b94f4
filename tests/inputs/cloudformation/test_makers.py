# ruff: noqa: E501, ISC004 - a template's resource is easier to read on one line
"""Resource types that need more than a table, and how their records are linked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import pytest

from stockade.iam.written import Block, Leaf
from stockade.model import app as m
from stockade.model.app import App, Resource
from tests.inputs.cloudformation.support import read

R = TypeVar("R", bound=Resource)

FN = "  Fn:\n    Type: AWS::Lambda::Function\n    Properties: {Handler: a.b}\n"


def app_of(folder: Path, *resources: str, head: str = "") -> App:
    app = read(folder, head + "Resources:\n" + FN + "".join(f"  {r}\n" for r in resources))
    assert app.gaps == ()
    return app


def one(app: App, kind: type[R]) -> R:
    [found] = app.of(kind)
    return found


def shown(values: Any) -> list[str]:
    return [v.show() for v in values]


SERVICES = {
    "EventSourceArn: !GetAtt Q.Arn": "sqs",
    "EventSourceArn: !GetAtt T.StreamArn": "dynamodb",
    "EventSourceArn: !GetAtt Elsewhere.StreamArn": "dynamodb",
    "EventSourceArn: !Sub 'arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/x'": "kinesis",
    "EventSourceArn: 'arn:aws:rds:eu-west-1:1:cluster:x'": "documentdb",
    "EventSourceArn: 'arn:aws:kafka:eu-west-1:1:cluster/x/y'": "msk",
    "EventSourceArn: 'arn:aws:mq:eu-west-1:1:broker:x'": "mq",
    "SelfManagedEventSource: {Endpoints: {KafkaBootstrapServers: [a]}}": "kafka",
    "EventSourceArn: !ImportValue x, AmazonManagedKafkaEventSourceConfig: {ConsumerGroupId: x}": "msk",
    "EventSourceArn: !ImportValue x": "sqs",  # all others have to name more
    "EventSourceArn: !ImportValue x, StartingPosition: AT_TIMESTAMP": "kinesis",
    "EventSourceArn: !ImportValue x, StartingPosition: AT_TIMESTAMP, Topics: [t]": "msk",
    "EventSourceArn: !ImportValue x, StartingPosition: LATEST": "unknown",
    "EventSourceArn: !ImportValue x, StartingPosition: !ImportValue y": "unknown",
    "EventSourceArn: !ImportValue x, BisectBatchOnFunctionError: true": "unknown",  # which no queue takes
}


@pytest.mark.parametrize("properties", SERVICES)
def test_what_a_mapping_reads(tmp_path: Path, properties: str) -> None:
    text = (
        f"Resources:\n{FN}  Q: {{Type: AWS::SQS::Queue}}\n  T: {{Type: AWS::DynamoDB::Table}}\n"
        f"  M: {{Type: AWS::Lambda::EventSourceMapping, Properties: {{FunctionName: !Ref Fn, {properties}}}}}\n"
    )
    mapping = one(read(tmp_path, text.replace("!GetAtt Elsewhere.StreamArn", "!GetAtt T.StreamArn")), m.EventSource)
    assert mapping.service.show() == SERVICES[properties]
    assert mapping.function is not None


def test_versions_and_aliases_stand_for_their_function(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        "V: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Fn}}",
        "A: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Fn, Name: live, FunctionVersion: !GetAtt V.Version}}",
        "U: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref A, AuthType: NONE}}",
        "P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref V, Principal: '*'}}",
        "E: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: !Ref Fn, Qualifier: live, MaximumRetryAttempts: 0}}",
    )
    [function] = app.functions
    assert [len(r) for r in (function.urls, function.permissions, function.aliases, function.async_configs)] == [
        1,
        1,
        1,
        1,
    ]


REST = [
    "Api: {Type: AWS::ApiGateway::RestApi, Properties: {EndpointConfiguration: {Types: [PRIVATE]}}}",
    "R1: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}}",
    "R2: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref R1, PathPart: '{id}'}}",
    "M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref R2, HttpMethod: GET, AuthorizationType: NONE, "
    "Integration: {Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}}}",
    "S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: live, MethodSettings: "
    "[{HttpMethod: GET, ResourcePath: /x, ThrottlingRateLimit: 1}, {HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 5}]}}",
    "D: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api, StageName: old, StageDescription: {TracingEnabled: true}}}",
    "Dom: {Type: AWS::ApiGateway::DomainName, Properties: {DomainName: a.example, SecurityPolicy: TLS_1_0}}",
    "Map: {Type: AWS::ApiGateway::BasePathMapping, Properties: {DomainName: !Ref Dom, RestApiId: !Ref Api}}",
]


def test_a_rest_api(tmp_path: Path) -> None:
    app = app_of(tmp_path, *REST)
    api, route = one(app, m.Api), one(app, m.Route)
    assert (api.protocol, api.endpoint_type.show()) == ("REST", "PRIVATE")
    assert (route.method.show(), route.path.show(), route.function, route.api) == (
        "GET",
        "/orders/{id}",
        app.functions[0],
        api,
    )
    stages = {s.name.show(): s for s in app.of(m.Stage)}
    assert {n: (s.throttle_rate.show(), s.tracing.show()) for n, s in stages.items()} == {
        "live": ("5.0", "false by default"),
        "old": ("not set", "true"),
    }
    assert list(api.stages) == list(stages.values())
    assert shown(one(app, m.Domain).apis) == ["${Api}"]


OPENAPI = """\
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: "3.0.1"
        x-amazon-apigateway-policy: {Statement: [{Effect: Deny, Principal: "*", Action: "execute-api:Invoke", Resource: "*"}]}
        security: [{key: []}]
        paths:
          /open:
            get:
              security: []
              x-amazon-apigateway-integration:
                uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations
            post:
              x-amazon-apigateway-integration: {uri: "http://x"}
          /iam:
            x-amazon-apigateway-any-method: {security: [{sigv4: []}]}
          /own:
            put: {security: [{lambda: [], key: []}]}
        components:
          securitySchemes:
            key: {type: apiKey, name: x-api-key, in: header}
            sigv4: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
            lambda:
              type: apiKey
              name: Authorization
              in: header
              x-amazon-apigateway-authtype: custom
              x-amazon-apigateway-authorizer: {type: token, authorizerUri: !GetAtt Fn.Arn, authorizerResultTtlInSeconds: 0}
"""


def test_an_openapi_body(tmp_path: Path) -> None:
    app = read(tmp_path, "Resources:\n" + FN + OPENAPI)
    assert app.gaps == ()
    assert {(r.method.show(), r.path.show()): (r.authorization.show(), r.api_key.show()) for r in app.of(m.Route)} == {
        ("GET", "/open"): ("NONE", "false by default"),
        ("POST", "/open"): ("NONE by default", "true"),
        ("ANY", "/iam"): ("AWS_IAM", "false by default"),
        ("PUT", "/own"): ("CUSTOM", "true"),
    }
    authorizer = one(app, m.Authorizer)
    assert (authorizer.form.show(), authorizer.ttl.show(), authorizer.function) == ("TOKEN", "0", app.functions[0])
    assert len(one(app, m.Api).policy) == 1
    assert app.of(m.Route)[0].function is app.functions[0]


def test_http_and_websocket_apis(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        "Quick: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, Target: !GetAtt Fn.Arn, RouteKey: 'GET /x'}}",
        "Ws: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}",
        "I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Ws, IntegrationUri: !GetAtt Fn.Arn}}",
        "R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Ws, RouteKey: $connect, Target: !Sub 'integrations/${I}'}}",
        "S: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Ws, StageName: s, DefaultRouteSettings: {ThrottlingBurstLimit: 2}}}",
    )
    assert {(r.method.show(), r.path.show()): r.function is not None for r in app.of(m.Route)} == {
        ("GET", "/x"): True,
        ("ANY", "$connect"): True,
    }
    assert {a.address: (a.protocol, len(a.stages)) for a in app.apis} == {"Quick": ("HTTP", 1), "Ws": ("WEBSOCKET", 1)}


def test_queues_topics_and_their_policies(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        "Dlq: {Type: AWS::SQS::Queue}",
        "Q1: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dlq.Arn, maxReceiveCount: 3}}}",
        'Q2: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: !Sub \'{"deadLetterTargetArn": "${Dlq.Arn}", "maxReceiveCount": 4}\'}}',
        "T: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: lambda, Endpoint: !GetAtt Fn.Arn}]}}",
        "S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: sqs, Endpoint: !GetAtt Q1.Arn, FilterPolicy: {a: [b]}}}",
        "P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Q1], PolicyDocument: {Statement: {Effect: Allow, Principal: '*'}}}}",
    )
    queues = {q.address: q for q in app.of(m.Queue)}
    assert [queues[q].dead_letter.show() for q in ("Q1", "Q2")] == ["${Dlq.Arn}", "${Dlq.Arn}"]
    assert [queues[q].max_receive.show() for q in ("Q1", "Q2")] == ["3", "4"]
    assert len(queues["Dlq"].dead_letter_of) == 2
    assert [p.form for p in queues["Q1"].policies] == ["resource"]
    subscriptions = {s.protocol.show(): s for s in app.of(m.Subscription)}
    assert subscriptions["lambda"].function is app.functions[0]
    assert subscriptions["lambda"].topic is subscriptions["sqs"].topic is one(app, m.Topic)
    assert subscriptions["sqs"].filter.show() == '{"a": ["b"]}'


def test_events_schedules_pipes_and_state_machines(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        "R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: "
        "[{Id: a, Arn: !GetAtt Fn.Arn, DeadLetterConfig: {Arn: x}, RetryPolicy: {MaximumRetryAttempts: 1}}]}}",
        "S: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: rate(1 day), Target: {Arn: !GetAtt Fn.Arn, RoleArn: r}}}",
        "P: {Type: AWS::Pipes::Pipe, Properties: {Source: s, Target: t, Enrichment: !GetAtt Fn.Arn}}",
        'M1: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: !Sub \'{"Resource": "${Fn.Arn}"}\'}}',
        "M2: {Type: AWS::StepFunctions::StateMachine, Properties: {Definition: {States: {A: {Resource: !GetAtt Fn.Arn}}}}}",
        "M3: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: '${F}', DefinitionSubstitutions: {F: !Ref Fn}}}",
        "B: {Type: AWS::Events::EventBus, Properties: {Name: b}}",
        "Bp: {Type: AWS::Events::EventBusPolicy, Properties: {EventBusName: !Ref B, StatementId: s, Action: 'events:PutEvents', "
        "Principal: '*', Condition: {Type: StringEquals, Key: 'aws:PrincipalOrgID', Value: o-1}}}",
    )
    [target] = one(app, m.EventRule).targets
    assert (target.dead_letter.show(), target.max_retries.show()) == ("x", "1")
    assert [
        len([r for _, v in [(None, c) for c in machine.calls] for r in v.references()])
        for machine in app.of(m.StateMachine)
    ] == [1, 1, 1]
    [policy] = one(app, m.EventBus).policies
    [statement] = policy.statements
    assert [(c.operator, c.key, shown(c.values)) for c in statement.conditions] == [
        ("StringEquals", "aws:PrincipalOrgID", ["o-1"])
    ]
    assert statement.effect.show() == "Allow"
    assert {i.via for i in app.functions[0].invokers} >= {"schedule", "pipe", "states"}


JOINED = {
    "the machine names a function": """!Join ['', ['{"States": {"A": {"Resource": "', !GetAtt Fn.Arn, '"}}}']]""",
    "in lines": """!Join [' ', ['{"States":', !Join ["\\n", ['{"A": {"Resource":', !Join ['"', ['', !GetAtt Fn.Arn, '']], '}}']], '}']]""",
    "outside of quotes": """{'Fn::Join': ['', ['{"States": {"A": {"Resource": ', {'Fn::GetAtt': [Fn, Arn]}, '}}}']]}""",
    "a part of a text": """!Join ['', ['{"States": {"A": {"Resource": "arn:', !Ref AWS::Partition, ':x"}}}']]""",
}


@pytest.mark.parametrize("definition", JOINED)
def test_a_json_text_that_is_put_together_is_read_with_its_calls(tmp_path: Path, definition: str) -> None:
    properties = f"Properties: {{DefinitionString: {JOINED[definition]}}}"
    app = app_of(tmp_path, f"M: {{Type: AWS::StepFunctions::StateMachine, {properties}}}")
    tree = one(app, m.StateMachine).definition
    for name in ("States", "A", "Resource"):
        assert isinstance(tree, Block)
        [tree] = [entry.node for entry in tree.entries if entry.name == name]
    assert isinstance(tree, Leaf)
    assert tree.value.show() == ("arn:${AWS::Partition}:x" if definition == "a part of a text" else "${Fn.Arn}")


@pytest.mark.parametrize(
    "written",
    [
        """['', ['{"Statement": [{"Resource": "', !GetAtt Q.Arn]]""",  # no end
        """['', ['{"', !Ref AWS::Region, '": 1}']]""",  # a key that only the deployment knows
        "['', []]",
        "['', !Ref AWS::NotificationARNs]",
        "[!Ref AWS::Region, ['{', '}']]",
    ],
)
def test_what_is_put_together_and_is_no_json_states_nothing(tmp_path: Path, written: str) -> None:
    policy = f"P: {{Type: AWS::SQS::QueuePolicy, Properties: {{Queues: [!Ref Q], PolicyDocument: !Join {written}}}}}"
    app = read(tmp_path, f"Resources:\n  Q: {{Type: AWS::SQS::Queue}}\n  {policy}\n")
    assert len(one(app, m.Policy).statements) == 0


def test_a_policy_that_is_put_together_is_a_policy(tmp_path: Path) -> None:
    text = (
        """!Join ['', ['{"Statement": [{"Effect": "Allow", "Principal": "*", "Resource": "', !GetAtt Q.Arn, '"}]}']]"""
    )
    app = app_of(
        tmp_path,
        "Q: {Type: AWS::SQS::Queue}",
        f"P: {{Type: AWS::SQS::QueuePolicy, Properties: {{Queues: [!Ref Q], PolicyDocument: {text}}}}}",
    )
    [statement] = one(app, m.Policy).statements
    assert (statement.effect.show(), shown(statement.resources)) == ("Allow", ["${Q.Arn}"])


def test_custom_resources_of_the_cdk_are_known_by_their_handler(tmp_path: Path) -> None:
    notifications = (
        "Properties: {{ServiceToken: !GetAtt {}.Arn, BucketName: !Ref B, NotificationConfiguration: "
        "{{LambdaFunctionConfigurations: [{{Events: ['s3:ObjectCreated:*'], LambdaFunctionArn: !GetAtt Fn.Arn}}]}}}}"
    )
    handler = "BucketNotificationsHandler050a0587b7544547bf325f094a3db8347ECC3691"
    app = app_of(
        tmp_path,
        "B: {Type: AWS::S3::Bucket}",
        f"{handler}: {{Type: AWS::Lambda::Function, Properties: {{Handler: index.handler}}}}",
        "Own: {Type: AWS::Lambda::Function, Properties: {Handler: index.handler}}",
        f"N: {{Type: 'Custom::S3BucketNotifications', {notifications.format(handler)}}}",
        f"M: {{Type: 'Custom::S3BucketNotifications', {notifications.format('Own')}}}",  # somebody else's
    )
    assert one(app, m.Notification).address.startswith("N")
    assert one(app, m.Notification).function is app.functions[0]


def test_storage_secrets_and_keys(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        "B: {Type: AWS::S3::Bucket, Properties: {BucketEncryption: {ServerSideEncryptionConfiguration: "
        "[{ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: k}}]}, NotificationConfiguration: "
        "{LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt Fn.Arn}]}}}",
        "Bp: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref B, PolicyDocument: {Statement: [{Effect: Allow, Principal: '*'}]}}}",
        "K: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true, KeyPolicy: {Statement: [{Effect: Allow, Action: 'kms:*'}]}}}",
        "Kr: {Type: AWS::KMS::ReplicaKey, Properties: {PrimaryKeyArn: !GetAtt K.Arn, KeyPolicy: {Statement: []}}}",
        "S: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 30}}}",
        "Sr: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref S, RotationLambdaARN: !GetAtt Fn.Arn}}",
        "T: {Type: AWS::DynamoDB::Table, Properties: {SSESpecification: {SSEEnabled: true}, "
        "ResourcePolicy: {PolicyDocument: {Statement: [{Effect: Allow, Principal: '*'}]}}}}",
        "U: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt Fn.Arn, KMSKeyID: k, "
        "CustomEmailSender: {LambdaArn: !GetAtt Fn.Arn, LambdaVersion: V1_0}}}}",
        "C: {Type: 'Custom::Thing', Properties: {ServiceToken: !GetAtt Fn.Arn}}",
    )
    bucket = one(app, m.Bucket)
    assert (bucket.encryption.show(), bucket.kms_key.show(), len(bucket.policies)) == ("aws:kms", "k", 1)
    assert one(app, m.Notification).function is app.functions[0]
    assert [(k.rotation.show(), len(k.policies)) for k in app.of(m.Key)] == [("true", 1), ("true", 1)]
    secret = one(app, m.Secret)
    assert (secret.generated.show(), len(secret.rotations)) == ("true", 1)
    assert len(one(app, m.Table).policies) == 1
    assert shown(one(app, m.UserPool).triggers) == ["${Fn.Arn}", "${Fn.Arn}"]
    assert {(i.via, i.how) for i in app.functions[0].invokers} == {
        ("s3", "async"), ("secretsmanager", "async"), ("cognito", "sync"), ("cloudformation", "async"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "prefix", "suffix"),
    [
        ("[{Name: prefix, Value: in/}, {Name: suffix, Value: .jpg}]", "in/", ".jpg"),
        ("[{Name: Prefix, Value: in/}]", "in/", "not set"),
        ("[{Name: !Ref 'AWS::Region', Value: in/}]", "unknown", "unknown"),
        ("[]", "not set", "not set"),
    ],
)
def test_the_keys_that_a_notification_is_about(tmp_path: Path, rules: str, prefix: str, suffix: str) -> None:
    app = app_of(
        tmp_path,
        "B: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {TopicConfigurations: "
        f"[{{Event: 's3:ObjectCreated:*', Topic: t, Filter: {{S3Key: {{Rules: {rules}}}}}}}]}}}}}}",
    )
    found = one(app, m.Notification)
    assert (found.key_prefix.show(), found.key_suffix.show()) == (prefix, suffix)


def test_the_keys_that_a_notification_of_the_cdk_is_about(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        "C: {Type: 'Custom::S3BucketNotifications', Metadata: {'aws:cdk:path': A/B/Notifications/Resource}, Properties: "
        "{ServiceToken: !GetAtt Fn.Arn, BucketName: pictures, NotificationConfiguration: {LambdaFunctionConfigurations: "
        "[{Events: ['s3:ObjectCreated:*'], LambdaFunctionArn: !GetAtt Fn.Arn, "
        "Filter: {Key: {FilterRules: [{Name: suffix, Value: .jpg}]}}}]}}}",
    )
    found = one(app, m.Notification)
    assert (found.key_prefix.show(), found.key_suffix.show()) == ("not set", ".jpg")


def test_alarms_and_trails(tmp_path: Path) -> None:
    metric = "MetricStat: {Metric: {Namespace: AWS/Lambda, MetricName: %s, Dimensions: [{Name: FunctionName, Value: !Ref Fn}]}}"
    app = app_of(
        tmp_path,
        "A: {Type: AWS::CloudWatch::Alarm, Properties: {Namespace: AWS/Lambda, MetricName: Errors, "
        "Dimensions: [{Name: FunctionName, Value: !Ref Fn}]}}",
        f"B: {{Type: AWS::CloudWatch::Alarm, Properties: {{AlarmActions: [x], Metrics: [{{Id: e, Expression: a/b}}, "
        f"{{Id: a, {metric % 'Throttles'}}}, {{Id: b, {metric % 'Invocations'}}}]}}}}",
        "C: {Type: AWS::CloudWatch::CompositeAlarm, Properties: {AlarmRule: !Sub 'ALARM(${A})', AlarmActions: [y]}}",
        "T: {Type: AWS::CloudTrail::Trail, Properties: {IsLogging: true, EventSelectors: [{DataResources: "
        "[{Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda']}]}], AdvancedEventSelectors: "
        "[{FieldSelectors: [{Field: resources.type, Equals: ['AWS::S3::Object']}, {Field: eventName, Equals: [x]}]}]}}",
    )
    alarms = {(a.metric.show(), tuple(shown(a.actions))) for a in app.functions[0].alarms}
    assert alarms == {("Errors", ("y",)), ("Throttles", ("x",)), ("Invocations", ("x",))}
    assert shown(one(app, m.Trail).data_resources) == ["AWS::Lambda::Function", "arn:aws:lambda", "AWS::S3::Object"]


def test_networks(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        "Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}",
        "Igw: {Type: AWS::EC2::InternetGateway}",
        "Sub: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc}}",
        "Rt: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}",
        "Ra: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Sub, RouteTableId: !Ref Rt}}",
        "Ro: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Rt, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw}}",
        "G1: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, "
        "ToPort: 443, CidrIp: 0.0.0.0/0}]}}",
        "G2: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x, SecurityGroupEgress: [{IpProtocol: '-1', CidrIp: 10.0.0.0/8}]}}",
        "G3: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}",
        "E3: {Type: AWS::EC2::SecurityGroupEgress, Properties: {GroupId: !Ref G3, IpProtocol: tcp, FromPort: 1, ToPort: 2, CidrIp: 1.2.3.4/32}}",
    )
    assert one(app, m.Subnet).public.is_yes
    rules = {g.address: [(r.direction, r.cidr.show(), r.implied) for r in g.rules] for g in app.of(m.SecurityGroup)}
    assert rules == {
        "G1": [("ingress", "0.0.0.0/0", False), ("egress", "0.0.0.0/0 by default", True)],
        "G2": [("egress", "10.0.0.0/8", False)],
        "G3": [("egress", "1.2.3.4/32", False)],
    }


def test_identity(tmp_path: Path) -> None:
    document = "PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}"
    app = app_of(
        tmp_path,
        f"R: {{Type: AWS::IAM::Role, Properties: {{RoleName: mine, ManagedPolicyArns: [!Ref M], Policies: [{{PolicyName: a, {document}}}]}}}}",
        f"M: {{Type: AWS::IAM::ManagedPolicy, Properties: {{{document}}}}}",
        f"P: {{Type: AWS::IAM::Policy, Properties: {{PolicyName: p, Roles: [!Ref R], {document}}}}}",
        f"Rp: {{Type: AWS::IAM::RolePolicy, Properties: {{PolicyName: p, RoleName: mine, {document}}}}}",
        f"U: {{Type: AWS::IAM::User, Properties: {{Policies: [{{PolicyName: a, {document}}}]}}}}",
    )
    role = one(app, m.Role)
    assert sorted((p.address, p.form) for p in role.policies) == [
        ("M", "managed"),
        ("P", "inline"),
        ("R", "inline"),
        ("Rp", "inline"),
    ]
    assert [shown(p.users) for p in app.of(m.Policy) if len(p.users)] == [["${U}"]]


NAMES = {
    "!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:orders'": True,
    "!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:orders:live'": True,
    "'arn:aws:lambda:eu-west-1:123456789012:function:orders:$LATEST'": True,
    "orders": True,
    "'orders:live'": True,
    "'123456789012:function:orders'": True,
    "'arn:aws:sqs:eu-west-1:123456789012:orders'": False,
    "!Sub 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:abc/*/GET/orders'": False,
    "!Sub '${AWS::StackName}-orders'": False,
}


@pytest.mark.parametrize("written", NAMES)
def test_functions_are_found_by_name(tmp_path: Path, written: str) -> None:
    text = (
        "Resources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties: {FunctionName: orders}\n"
        f"  P:\n    Type: AWS::Lambda::Permission\n    Properties: {{FunctionName: {written}}}\n"
    )
    assert (one(read(tmp_path, text), m.Permission).function is not None) is NAMES[written]


def test_functions_are_found_by_a_name_that_is_partly_known(tmp_path: Path) -> None:
    text = (
        "Resources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties: {FunctionName: !Sub '${AWS::StackName}-orders'}\n"
        "  P:\n    Type: AWS::Lambda::Permission\n"
        "    Properties: {FunctionName: !Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-orders'}\n"
        "  L:\n    Type: AWS::Logs::LogGroup\n    Properties: {LogGroupName: !Sub '/aws/lambda/${AWS::StackName}-orders'}\n"
    )
    app = read(tmp_path, text)
    assert one(app, m.Permission).function is app.functions[0]
    assert len(app.functions[0].log_groups) == 1


CDK = """\
  CustomS3AutoDeleteObjectsCustomResourceProviderHandler9D90184F:
    Type: AWS::Lambda::Function
    Properties: {Handler: index.handler}
    Metadata: {"aws:cdk:path": App/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler}
  Mine1234:
    Type: AWS::Lambda::Function
    Properties: {Handler: index.handler}
    Metadata: {"aws:cdk:path": App/Mine/Resource}
  ProviderframeworkonEvent83C1D0A7:
    Type: AWS::Lambda::Function
    Properties: {Handler: framework.onEvent}
    Metadata: {"aws:cdk:path": App/Provider/framework-onEvent/Resource}
"""


def test_what_the_cdk_leaves_in_templates(tmp_path: Path) -> None:
    functions = {f.address: f for f in read(tmp_path, "Resources:\n" + CDK).functions}
    assert functions["App/Mine"].handler.origin.via[0].what == "construct App/Mine/Resource"
    assert {name: bool(f.framework_owned) for name, f in functions.items()} == {
        "App/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler": True,
        "App/Mine": False,
        "App/Provider/framework-onEvent": True,
    }


@pytest.mark.parametrize(("kind", "truth"), [("!Ref Kind", "maybe"), ("authenticate-oidc", "yes"), ("redirect", "no")])
def test_an_action_of_a_listener_that_is_not_known_may_ask_who_calls(tmp_path: Path, kind: str, truth: str) -> None:
    actions = "[{Type: KIND, Order: 1}, {Type: forward, TargetGroupArn: 'arn:y'}]".replace("KIND", kind)
    listener = (
        "L: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: 'arn:x', DefaultActions: %s}}"
    )
    app = app_of(tmp_path, listener % actions, head="Parameters: {Kind: {Type: String}}\n")
    assert one(app, m.Listener).authenticates.is_true().truth == truth


TEMPLATES = """\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Options:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      Integration:
        Type: MOCK
        IntegrationResponses:
          - StatusCode: "200"
            ResponseParameters: {method.response.header.Access-Control-Allow-Origin: "'https://a.example'"}
            ResponseTemplates: {application/json: '%s'}
"""
ASKS = '#set($origin = $input.params("Origin")) '
ANSWERS = "#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)"


@pytest.mark.parametrize(
    ("template", "origins"),
    [
        ("{}", ["https://a.example"]),
        (f'{ASKS}#if($origin.matches("https://a[.]example")) {ANSWERS} #end', ["https://a.example"]),
        (f'{ASKS}#if($origin.matches(".+")) {ANSWERS} #end', ["https://a.example", "*"]),
        (
            f'{ASKS}#if($origin.matches("a[.]b") || $origin.matches("https://.+[.]c")) {ANSWERS} #end',
            ["https://a.example", "a.b", "https://*.c"],
        ),
        (ASKS + ANSWERS, ["https://a.example", "*"]),
        (f"{ASKS}#if($origin == $x) {ANSWERS} #end", ["https://a.example", "unknown"]),
    ],
)
def test_a_template_may_answer_with_more_origins_than_the_header(
    tmp_path: Path, template: str, origins: list[str]
) -> None:
    (api,) = read(tmp_path, TEMPLATES % template).of(m.Api)
    assert [origin.show() for origin in api.cors_origins] == origins
