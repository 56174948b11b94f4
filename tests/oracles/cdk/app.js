// An application with most of what the CDK writes, and what the CDK itself says of it:
// `node app.js OUTDIR EXPECTED [metadata]` writes the assembly to OUTDIR, and what the construct tree holds to EXPECTED.
"use strict";
const fs = require("fs");
const path = require("path");
const cdk = require("aws-cdk-lib");
const {
  aws_dynamodb: dynamodb,
  aws_ec2: ec2,
  aws_ecr: ecr,
  aws_events: events,
  aws_events_targets: targets,
  aws_glue: glue,
  aws_iam: iam,
  aws_lambda: lambda,
  aws_lambda_event_sources: sources,
  aws_logs: logs,
  aws_opensearchservice: opensearch,
  aws_route53: route53,
  aws_s3: s3,
  aws_s3_deployment: deployment,
  aws_s3_notifications: notifications,
  aws_ses: ses,
  aws_sqs: sqs,
  aws_stepfunctions: sfn,
  aws_stepfunctions_tasks: tasks,
  custom_resources: custom,
  triggers,
} = cdk;

const [, , outdir, expected, metadata] = process.argv;
const CODE = path.join(__dirname, "code");
const ours = new Map(); // the functions of this application, by the path of their construct, with the folder of their code

const app = new cdk.App({
  outdir: path.resolve(outdir),
  analyticsReporting: false,
  postCliContext: metadata ? { "aws:cdk:enable-path-metadata": true, "aws:cdk:enable-asset-metadata": true } : {},
});

function own(construct, folder = "") {
  ours.set(construct.node.path, folder);
  return construct;
}

function fn(scope, id, more = {}) {
  return own(
    new lambda.Function(scope, id, {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: "app.handler",
      code: lambda.Code.fromAsset(path.join(CODE, "worker")),
      ...more,
    }),
    "worker",
  );
}

class Shop extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const layer = new lambda.LayerVersion(this, "Shared", { code: lambda.Code.fromAsset(path.join(CODE, "layer")) });
    const table = new dynamodb.Table(this, "Orders", {
      partitionKey: { name: "id", type: dynamodb.AttributeType.STRING },
      stream: dynamodb.StreamViewType.NEW_IMAGE,
    });
    this.take = fn(this, "Take", { layers: [layer], memorySize: 512, timeout: cdk.Duration.seconds(20), logRetention: 7 });
    table.grantReadWriteData(this.take);
    this.take.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });

    own(
      new lambda.Function(this, "Inline", {
        runtime: lambda.Runtime.NODEJS_22_X,
        handler: "index.handler",
        code: lambda.Code.fromInline("exports.handler = async () => 1;"),
        tracing: lambda.Tracing.ACTIVE,
      }),
    );
    own(
      new lambda.DockerImageFunction(this, "Image", {
        code: lambda.DockerImageCode.fromImageAsset(path.join(CODE, "image")),
        memorySize: 1024,
      }),
      "image",
    );
    const told = fn(this, "Told");
    told.addEventSource(new sources.DynamoEventSource(table, { startingPosition: lambda.StartingPosition.LATEST }));

    const bucket = new s3.Bucket(this, "Uploads", {
      autoDeleteObjects: true,
      removalPolicy: cdk.RemovalPolicy.DESTROY,
    });
    const seen = fn(this, "Seen", { environment: { BUCKET: bucket.bucketName } });
    bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.LambdaDestination(seen));
    bucket.grantRead(seen);
    new deployment.BucketDeployment(this, "Pages", {
      sources: [deployment.Source.data("index.html", "<p>shop</p>")],
      destinationBucket: bucket,
    });
    new lambda.SingletonFunction(this, "Only", {
      uuid: "3f2cfd6e-24d4-4a2f-8f0e-0a3b1c6a5b11",
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: "app.handler",
      code: lambda.Code.fromAsset(path.join(CODE, "worker")),
    });
    own(this.node.findChild("SingletonLambda3f2cfd6e24d44a2f8f0e0a3b1c6a5b11"), "worker");

    const part = new cdk.NestedStack(this, "Later");
    const queue = new sqs.Queue(part, "Work");
    const worker = fn(part, "Worker", { timeout: cdk.Duration.seconds(15) });
    worker.addEventSource(new sources.SqsEventSource(queue, { batchSize: 7 }));
    queue.grantSendMessages(this.take);
  }
}

// What brings handlers of the library's own along, each in the way that it is asked for.
class Helpers extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    new custom.AwsCustomResource(this, "Call", {
      onCreate: { service: "S3", action: "listBuckets", physicalResourceId: custom.PhysicalResourceId.of("x") },
      policy: custom.AwsCustomResourcePolicy.fromStatements([
        new iam.PolicyStatement({ actions: ["s3:*"], resources: ["*"] }),
      ]),
    });
    const provider = new custom.Provider(this, "Provider", {
      onEventHandler: fn(this, "OnEvent"),
      isCompleteHandler: fn(this, "IsComplete"),
    });
    new cdk.CustomResource(this, "Mine", { serviceToken: provider.serviceToken });
    own(
      new triggers.TriggerFunction(this, "Triggered", {
        runtime: lambda.Runtime.PYTHON_3_13,
        handler: "app.handler",
        code: lambda.Code.fromAsset(path.join(CODE, "worker")),
      }),
      "worker",
    );
    new ecr.Repository(this, "Images", { emptyOnDelete: true, removalPolicy: cdk.RemovalPolicy.DESTROY });
    new ec2.Vpc(this, "Net", { maxAzs: 1, natGateways: 0, restrictDefaultSecurityGroup: true });
    new iam.OpenIdConnectProvider(this, "Oidc", { url: "https://example.com" });
    new cdk.CfnJson(this, "Json", { value: { [cdk.Aws.ACCOUNT_ID]: "x" } });
    new ses.ReceiptRuleSet(this, "Mail", { dropSpam: true });
    new sfn.StateMachine(this, "Sums", {
      definitionBody: sfn.DefinitionBody.fromChainable(
        new tasks.EvaluateExpression(this, "Sum", { expression: "$.a + 1" }).next(
          new tasks.CallAwsServiceCrossRegion(this, "Elsewhere", {
            service: "s3",
            action: "listBuckets",
            iamResources: ["*"],
            region: "us-west-2",
          }),
        ),
      ),
    });
    new events.Rule(this, "Often", {
      schedule: events.Schedule.rate(cdk.Duration.hours(1)),
      targets: [new targets.AwsApi({ service: "RDS", action: "stopDBInstance", parameters: { DBInstanceIdentifier: "x" } })],
    });
    new logs.LogGroup(this, "Log").grantWrite(new iam.ServicePrincipal("es.amazonaws.com"));
    const zone = new route53.PublicHostedZone(this, "Zone", { zoneName: "shop.example.com" });
    new route53.ARecord(this, "Record", {
      zone,
      target: route53.RecordTarget.fromIpAddresses("192.0.2.1"),
      deleteExisting: true,
    });
    new route53.CrossAccountZoneDelegationRecord(this, "Delegation", {
      delegatedZone: zone,
      parentHostedZoneName: "example.com",
      delegationRole: iam.Role.fromRoleArn(this, "Parent", "arn:aws:iam::999999999999:role/parent"),
    });
    new opensearch.Domain(this, "Search", {
      version: opensearch.EngineVersion.OPENSEARCH_2_19,
      accessPolicies: [
        new iam.PolicyStatement({ actions: ["es:ESHttpGet"], principals: [new iam.AccountRootPrincipal()], resources: ["*"] }),
      ],
      useUnsignedBasicAuth: false,
    });
    new dynamodb.Table(this, "Replicated", {
      partitionKey: { name: "id", type: dynamodb.AttributeType.STRING },
      replicationRegions: ["eu-central-1"],
    });
  }
}

class Asker extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const ask = fn(this, "Ask", { environment: { TAKE: props.take.functionName } });
    props.take.grantInvoke(ask);
  }
}

const home = { account: "123456789012", region: "eu-west-1" };
const shop = new Shop(app, "Shop", { env: home });
new Asker(app, "Asker", { env: home, take: shop.take });
new Helpers(app, "Helpers", { env: home });
new Shop(app, "Anywhere", {});
for (const [name, region] of [["Beta", "eu-west-1"], ["Prod", "us-east-1"]]) {
  new Shop(new cdk.Stage(app, name, { env: { ...home, region } }), "Shop", {});
}
// A bucket of one region whose name another one is told: the library passes it on by parameters.
const there = new cdk.Stack(app, "There", { env: { ...home, region: "us-east-1" }, crossRegionReferences: true });
const far = new s3.Bucket(there, "Far", { bucketName: cdk.PhysicalName.GENERATE_IF_NEEDED });
const here = new cdk.Stack(app, "Here", { env: home, crossRegionReferences: true });
fn(here, "Reader", { environment: { FAR: far.bucketWebsiteUrl } });

app.synth();

const told = { functions: {}, mappings: {}, urls: 0, permissions: 0 };
for (const construct of app.node.findAll()) {
  const type = construct.cfnResourceType;
  if (!type) continue;
  const stack = cdk.Stack.of(construct);
  const plain = (value) => stack.resolve(value);
  if (type === "AWS::Lambda::Url") told.urls += 1;
  if (type === "AWS::Lambda::Permission") told.permissions += 1;
  if (type === "AWS::Lambda::EventSourceMapping") {
    const properties = plain(construct._toCloudFormation()).Resources[plain(construct.logicalId)].Properties;
    told.mappings[construct.node.path] = { batch: properties.BatchSize ?? null };
  }
  if (type !== "AWS::Lambda::Function") continue;
  const id = plain(construct.logicalId);
  const properties = plain(construct._toCloudFormation()).Resources[id].Properties;
  const role = properties.Role["Fn::GetAtt"];
  const roleConstruct = app.node
    .findAll()
    .find((c) => c.cfnResourceType === "AWS::IAM::Role" && cdk.Stack.of(c) === stack && plain(c.logicalId) === role[0]);
  const parent = construct.node.path.replace(/\/Resource$/, "");
  told.functions[construct.node.path] = {
    id,
    ours: ours.has(parent),
    folder: ours.get(parent) ?? "",
    role: roleConstruct?.node.path,
    runtime: properties.Runtime ?? null,
    memory: properties.MemorySize ?? null,
    timeout: properties.Timeout ?? null,
    layers: (properties.Layers ?? []).length,
    region: cdk.Token.isUnresolved(stack.region) ? "" : stack.region,
    account: cdk.Token.isUnresolved(stack.account) ? "" : stack.account,
  };
}
fs.writeFileSync(expected, JSON.stringify(told, null, 1));
