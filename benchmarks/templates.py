"""Make SAM projects of any size that look like real ones: what functions have beside them, and some of their faults."""

from __future__ import annotations

from pathlib import Path

HEADER = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Description: A generated application of {count} functions.

Parameters:
  Stage:
    Type: String
    Default: dev
    AllowedValues: [dev, prod]

Conditions:
  IsProd: !Equals [!Ref Stage, prod]

Globals:
  Function:
    Runtime: python3.13
    Timeout: 30
    MemorySize: 256
    Environment:
      Variables:
        STAGE: !Ref Stage
        LOG_LEVEL: !If [IsProd, INFO, DEBUG]

Resources:
"""

# A service of the application: what its functions share. Ten functions each, as in the projects we looked at.
SERVICE = """\
  Api{n}:
    Type: AWS::Serverless::Api
    Properties:
      StageName: !Ref Stage

  Table{n}:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - {{AttributeName: id, AttributeType: S}}
      KeySchema:
        - {{AttributeName: id, KeyType: HASH}}
      StreamSpecification:
        StreamViewType: NEW_IMAGE

  Queue{n}:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 180

  Bucket{n}:
    Type: AWS::S3::Bucket

  Role{n}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {{Service: lambda.amazonaws.com}}
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - !Sub arn:${{AWS::Partition}}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: [dynamodb:GetItem, dynamodb:PutItem, dynamodb:Query]
                Resource:
                  - !GetAtt Table{n}.Arn
                  - !Sub "${{Table{n}.Arn}}/index/*"
              - Effect: Allow
                Action: s3:*
                Resource: !Sub "${{Bucket{n}.Arn}}/*"

"""

FUNCTION = """\
  Function{i}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/service{n}/
      Handler: handlers.{handler}
      Description: Handles {handler} of service {n}.
      Environment:
        Variables:
          TABLE: !Ref Table{n}
          QUEUE_URL: !Ref Queue{n}
          BUCKET: !Ref Bucket{n}
"""

# What differs between functions, in turn: an event, a way to get permissions, and here and there a fault.
VARIANTS = (
    """\
      Policies:
        - DynamoDBCrudPolicy: {{TableName: !Ref Table{n}}}
      Events:
        Get:
          Type: Api
          Properties: {{Path: "/items{i}/{{id}}", Method: get, RestApiId: !Ref Api{n}}}
        Put:
          Type: Api
          Properties: {{Path: "/items{i}/{{id}}", Method: put, RestApiId: !Ref Api{n}}}
""",
    """\
      Policies:
        - SQSPollerPolicy: {{QueueName: !GetAtt Queue{n}.QueueName}}
        - Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Action: dynamodb:UpdateItem
              Resource: !GetAtt Table{n}.Arn
      Events:
        Work:
          Type: SQS
          Properties: {{Queue: !GetAtt Queue{n}.Arn, BatchSize: 10}}
""",
    """\
      Role: !GetAtt Role{n}.Arn
      Tracing: Active
      Events:
        Nightly:
          Type: Schedule
          Properties: {{Schedule: "rate(1 day)"}}
""",
    """\
      Policies:
        - AWSLambdaDynamoDBExecutionRole
        - Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Action: ["s3:PutObject", "ses:SendEmail"]
              Resource: "*"
      Events:
        Change:
          Type: DynamoDB
          Properties: {{Stream: !GetAtt Table{n}.StreamArn, StartingPosition: LATEST, BatchSize: 100}}
""",
    """\
      Runtime: nodejs16.x
      Role: !GetAtt Role{n}.Arn
      FunctionUrlConfig:
        AuthType: NONE
        Cors: {{AllowOrigins: ["*"]}}
""",
)
HANDLERS = ("read", "work", "sweep", "follow", "serve")

CODE = """\
import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
queue = boto3.client("sqs")
bucket = boto3.client("s3")


def read(event, context):
    key = event["pathParameters"]["id"]
    if event["httpMethod"] == "PUT":
        table.put_item(Item={"id": key, **json.loads(event["body"])})
    return {"statusCode": 200, "body": json.dumps(table.get_item(Key={"id": key}).get("Item"))}


def work(event, context):
    for record in event["Records"]:
        body = json.loads(record["body"])
        table.update_item(
            Key={"id": body["id"]},
            UpdateExpression="SET done = :done",
            ExpressionAttributeValues={":done": True},
        )


def sweep(event, context):
    for item in table.scan()["Items"]:
        queue.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=json.dumps(item, default=str))


def follow(event, context):
    for record in event["Records"]:
        bucket.put_object(Bucket=os.environ["BUCKET"], Key=record["eventID"], Body=json.dumps(record))


def serve(event, context):
    print(event)
    return {"statusCode": 200, "body": open("/tmp/" + event["queryStringParameters"]["name"]).read()}
"""
FUNCTIONS_PER_SERVICE = 10


def template(count: int) -> str:
    """A SAM template of `count` functions."""
    parts = [HEADER.format(count=count)]
    for i in range(count):
        n, place = divmod(i, FUNCTIONS_PER_SERVICE)
        if place == 0:
            parts.append(SERVICE.format(n=n))
        variant = i % len(VARIANTS)
        parts.append(FUNCTION.format(i=i, n=n, handler=HANDLERS[variant]))
        parts.append(VARIANTS[variant].format(i=i, n=n) + "\n")
    return "".join(parts)


def write_project(folder: Path, count: int) -> None:
    """Write the template of `count` functions into `folder`, with the code that it names."""
    folder.mkdir(parents=True)
    (folder / "template.yaml").write_text(template(count), encoding="utf-8")
    for n in range(-(-count // FUNCTIONS_PER_SERVICE)):
        service = folder / "src" / f"service{n}"
        service.mkdir(parents=True)
        (service / "handlers.py").write_text(CODE, encoding="utf-8")
