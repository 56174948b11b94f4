// The applications as the AWS CDK writes them: `node app.js FOLDER` makes a template for each in FOLDER.
"use strict";
const fs = require("fs");
const path = require("path");
const cdk = require("aws-cdk-lib");
const { Construct } = require("constructs");
const {
  aws_apigateway: rest,
  aws_apigatewayv2: apigateway,
  aws_apigatewayv2_authorizers: authorizers,
  aws_apigatewayv2_integrations: integrations,
  aws_appsync: appsync,
  aws_certificatemanager: acm,
  aws_cloudwatch: cloudwatch,
  aws_cloudwatch_actions: actions,
  aws_cognito: cognito,
  aws_dynamodb: dynamodb,
  aws_ec2: ec2,
  aws_ecr: ecr,
  aws_efs: efs,
  aws_elasticloadbalancingv2: balancing,
  aws_elasticloadbalancingv2_targets: balanced,
  aws_events: events,
  aws_events_targets: targets,
  aws_iam: iam,
  aws_iot: iot,
  aws_kinesis: kinesis,
  aws_kms: kms,
  aws_lambda: lambda,
  aws_lambda_event_sources: sources,
  aws_logs: logs,
  aws_logs_destinations: destinations,
  aws_s3: s3,
  aws_s3_notifications: notifications,
  aws_scheduler: scheduler,
  aws_secretsmanager: secrets,
  aws_sns: sns,
  aws_sns_subscriptions: subscriptions,
  aws_sqs: sqs,
  aws_stepfunctions: steps,
  aws_stepfunctions_tasks: tasks,
} = cdk;

const outdir = path.resolve(process.argv[2]);
const archive = path.join(outdir, "function.zip");

function fn(stack, id, name, handler, { retention = logs.RetentionDays.ONE_MONTH, ...more } = {}) {
  new logs.LogGroup(stack, `${id}Logs`, { logGroupName: `/aws/lambda/${name}`, retention });
  return new lambda.Function(stack, id, {
    functionName: name,
    runtime: lambda.Runtime.PYTHON_3_13,
    handler,
    code: lambda.Code.fromAsset(archive),
    memorySize: 256,
    timeout: cdk.Duration.seconds(10),
    ...more,
  });
}

const managed = (name) => iam.ManagedPolicy.fromAwsManagedPolicyName(name);

function network(stack, cidr) {
  return new ec2.Vpc(stack, "Net", { ipAddresses: ec2.IpAddresses.cidr(cidr), subnetConfiguration: [], createInternetGateway: false });
}

function subnet(vpc, id, zone, cidrBlock) {
  return new ec2.PrivateSubnet(vpc, id, { vpcId: vpc.vpcId, availabilityZone: `eu-west-1${zone}`, cidrBlock });
}

const applications = {
  url(stack) {
    fn(stack, "Hook", "partner-hook", "hook.handler").addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE });
    fn(stack, "Page", "staff-page", "page.handler").addFunctionUrl({
      authType: lambda.FunctionUrlAuthType.AWS_IAM,
      cors: {
        allowedOrigins: ["https://staff.example.com"],
        allowedMethods: [lambda.HttpMethod.GET, lambda.HttpMethod.POST],
        allowedHeaders: ["authorization"],
        allowCredentials: true,
        maxAge: cdk.Duration.minutes(10),
      },
    });
  },

  queue(stack) {
    const aside = new sqs.Queue(stack, "OrdersAside", {
      queueName: "orders-aside",
      retentionPeriod: cdk.Duration.days(14),
      encryption: sqs.QueueEncryption.KMS_MANAGED,
    });
    const orders = new sqs.Queue(stack, "Orders", {
      queueName: "orders",
      visibilityTimeout: cdk.Duration.seconds(60),
      deadLetterQueue: { queue: aside, maxReceiveCount: 5 },
    });
    const worker = fn(stack, "Worker", "orders-worker", "worker.handler", { reservedConcurrentExecutions: 20 });
    worker.role.addManagedPolicy(managed("service-role/AWSLambdaSQSQueueExecutionRole"));
    worker.addEventSourceMapping("Orders", {
      eventSourceArn: orders.queueArn,
      batchSize: 5,
      reportBatchItemFailures: true,
      maxConcurrency: 10,
    });
  },

  streams(stack) {
    const clicks = new kinesis.CfnStream(stack, "Clicks", {
      name: "clicks",
      shardCount: 1,
      retentionPeriodHours: 48,
      streamEncryption: { encryptionType: "KMS", keyId: "alias/aws/kinesis" },
    });
    const stock = new dynamodb.Table(stack, "Stock", {
      tableName: "stock",
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      partitionKey: { name: "id", type: dynamodb.AttributeType.STRING },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      stream: dynamodb.StreamViewType.NEW_IMAGE,
    });
    const aside = new sqs.Queue(stack, "Aside", { queueName: "stream-aside" });
    const mayPutAside = () => new iam.PolicyStatement({ actions: ["sqs:SendMessage"], resources: [aside.queueArn] });
    const onFailure = { bind: () => ({ destination: aside.queueArn }) };
    const counter = fn(stack, "Counter", "click-counter", "count.handler");
    counter.role.addManagedPolicy(managed("service-role/AWSLambdaKinesisExecutionRole"));
    counter.addToRolePolicy(mayPutAside());
    counter.addEventSourceMapping("Clicks", {
      eventSourceArn: clicks.attrArn,
      startingPosition: lambda.StartingPosition.LATEST,
      batchSize: 50,
      maxBatchingWindow: cdk.Duration.seconds(5),
      bisectBatchOnError: true,
      retryAttempts: 3,
      parallelizationFactor: 2,
      tumblingWindow: cdk.Duration.minutes(1),
      onFailure,
    });
    const teller = fn(stack, "Teller", "stock-teller", "tell.handler");
    teller.role.addManagedPolicy(managed("service-role/AWSLambdaDynamoDBExecutionRole"));
    teller.addToRolePolicy(mayPutAside());
    teller.addEventSourceMapping("Stock", {
      eventSourceArn: stock.tableStreamArn,
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 10,
      maxRecordAge: cdk.Duration.hours(1),
      filters: [lambda.FilterCriteria.filter({ eventName: lambda.FilterRule.isEqual("MODIFY") })],
      reportBatchItemFailures: true,
      onFailure,
    });
  },

  topic(stack) {
    const cfn = new sns.CfnTopic(stack, "News", { topicName: "news", kmsMasterKeyId: "alias/aws/sns" });
    const news = sns.Topic.fromTopicArn(stack, "OwnNews", cfn.ref);
    const aside = new sqs.Queue(stack, "Aside", { queueName: "news-aside" });
    news.addSubscription(
      new subscriptions.LambdaSubscription(fn(stack, "Mailer", "news-mailer", "mail.handler"), {
        filterPolicy: { kind: sns.SubscriptionFilter.stringFilter({ allowlist: ["urgent", "weekly"] }) },
        deadLetterQueue: aside,
      }),
    );
  },

  pool(stack) {
    new cognito.UserPool(stack, "People", {
      userPoolName: "people",
      mfa: cognito.Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      lambdaTriggers: {
        preSignUp: fn(stack, "Checker", "sign-up-checker", "check.handler"),
        postConfirmation: fn(stack, "Greeter", "sign-up-greeter", "greet.handler"),
      },
    });
  },

  shared_role(stack) {
    const books = new dynamodb.Table(stack, "Books", {
      tableName: "books",
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      partitionKey: { name: "id", type: dynamodb.AttributeType.STRING },
    });
    const lending = new iam.ManagedPolicy(stack, "Lending", {
      managedPolicyName: "lending",
      statements: [new iam.PolicyStatement({ actions: ["dynamodb:*"], resources: [books.tableArn] })],
    });
    const role = new iam.Role(stack, "LibraryRole", {
      roleName: "library",
      assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com"),
      managedPolicies: [managed("service-role/AWSLambdaBasicExecutionRole"), managed("AmazonS3ReadOnlyAccess"), lending],
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ["dynamodb:GetItem", "dynamodb:Query"], resources: [books.tableArn] }));
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ["sns:Publish"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:ResourceAccount": cdk.Aws.ACCOUNT_ID } },
      }),
    );
    const environment = { BOOKS: books.tableName };
    fn(stack, "Lend", "lend", "lend.handler", { role, environment });
    fn(stack, "Give", "give-back", "give.handler", { role, environment });
  },

  later(stack) {
    const written = new sns.Topic(stack, "Written", { topicName: "letters-written" });
    const failed = new sqs.Queue(stack, "Failed", { queueName: "letters-failed" });
    const writer = fn(stack, "Writer", "letter-writer", "write.handler");
    writer.addToRolePolicy(new iam.PolicyStatement({ actions: ["sns:Publish"], resources: [written.topicArn] }));
    writer.addToRolePolicy(new iam.PolicyStatement({ actions: ["sqs:SendMessage"], resources: [failed.queueArn] }));
    const live = new lambda.Alias(stack, "Live", {
      aliasName: "provisioned",
      version: writer.currentVersion,
      provisionedConcurrentExecutions: 2,
    });
    live.configureAsyncInvoke({
      maxEventAge: cdk.Duration.hours(1),
      retryAttempts: 1,
      onSuccess: { bind: () => ({ destination: written.topicArn }) },
      onFailure: { bind: () => ({ destination: failed.queueArn }) },
    });
  },

  clock(stack) {
    const aside = new sqs.Queue(stack, "Aside", { queueName: "clock-aside" });
    new events.Rule(stack, "Paid", {
      ruleName: "order-paid",
      eventPattern: { source: ["shop.orders"], detailType: ["paid"] },
      targets: [
        new targets.LambdaFunction(fn(stack, "Booker", "order-booker", "book.handler"), {
          deadLetterQueue: sqs.Queue.fromQueueArn(stack, "OwnAside", aside.queueArn),
          retryAttempts: 4,
        }),
      ],
    });
    new events.Rule(stack, "Night", {
      ruleName: "night-report",
      schedule: events.Schedule.cron({ minute: "0", hour: "3" }),
      targets: [
        new targets.LambdaFunction(fn(stack, "Reporter", "night-reporter", "report.handler"), {
          event: events.RuleTargetInput.fromObject({ kind: "full" }),
        }),
      ],
    });
    const sweeper = fn(stack, "Sweeper", "cart-sweeper", "sweep.handler");
    const starter = new iam.Role(stack, "Starter", {
      assumedBy: new iam.ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": cdk.Aws.ACCOUNT_ID } },
      }),
    });
    starter.addToPolicy(new iam.PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [sweeper.functionArn] }));
    starter.addToPolicy(new iam.PolicyStatement({ actions: ["sqs:SendMessage"], resources: [aside.queueArn] }));
    new scheduler.Schedule(stack, "Hourly", {
      scheduleName: "clear-carts",
      schedule: scheduler.ScheduleExpression.rate(cdk.Duration.hours(1)),
      target: {
        bind: () => ({
          arn: sweeper.functionArn,
          role: starter,
          deadLetterConfig: { arn: aside.queueArn },
          retryPolicy: { maximumRetryAttempts: 3 },
        }),
      },
    });
  },

  http_api(stack) {
    const held = new logs.LogGroup(stack, "ApiLogs", {
      logGroupName: "/aws/http-api/account-dev",
      retention: logs.RetentionDays.ONE_MONTH,
    });
    const api = new apigateway.HttpApi(stack, "Api", {
      apiName: "account",
      createDefaultStage: false,
      corsPreflight: {
        allowOrigins: ["https://www.example.com"],
        allowMethods: [apigateway.CorsHttpMethod.GET, apigateway.CorsHttpMethod.PUT],
        allowHeaders: ["authorization"],
        allowCredentials: true,
        maxAge: cdk.Duration.minutes(5),
      },
    });
    new apigateway.HttpStage(stack, "Stage", {
      httpApi: api,
      stageName: "$default",
      autoDeploy: true,
      accessLogSettings: {
        destination: new apigateway.LogGroupLogDestination(held),
        format: cdk.aws_apigateway.AccessLogFormat.custom("$context.requestId $context.status"),
      },
    });
    const account = fn(stack, "Account", "account", "account.handler");
    api.addRoutes({
      path: "/account",
      methods: [apigateway.HttpMethod.GET, apigateway.HttpMethod.PUT],
      integration: new integrations.HttpLambdaIntegration("Account", account),
      authorizer: new authorizers.HttpJwtAuthorizer("Members", "https://login.example.com/", {
        authorizerName: "members",
        jwtAudience: ["account"],
      }),
    });
  },

  watched(stack) {
    const key = new kms.Key(stack, "LogKey", { enableKeyRotation: true });
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal("logs.amazonaws.com")],
        actions: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:SourceAccount": cdk.Aws.ACCOUNT_ID } },
      }),
    );
    new logs.LogGroup(stack, "TillLogs", {
      logGroupName: "/aws/lambda/till",
      retention: logs.RetentionDays.ONE_YEAR,
      encryptionKey: key,
    });
    const till = new lambda.Function(stack, "Till", {
      functionName: "till",
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: "till.handler",
      code: lambda.Code.fromAsset(archive),
      memorySize: 256,
      timeout: cdk.Duration.seconds(10),
      loggingFormat: lambda.LoggingFormat.JSON,
      applicationLogLevelV2: lambda.ApplicationLogLevel.WARN,
      systemLogLevelV2: lambda.SystemLogLevel.INFO,
    });
    till.node.defaultChild.tracingConfig = { mode: "Active" };
    till.role.addManagedPolicy(managed("AWSXrayWriteOnlyAccess"));
    const wake = new sns.Topic(stack, "Wake", { topicName: "wake" });
    for (const [id, metric, actionsEnabled] of [["Errors", till.metricErrors], ["Throttles", till.metricThrottles, false]]) {
      metric
        .call(till, { period: cdk.Duration.minutes(1) })
        .createAlarm(stack, id, {
          alarmName: `till-${id.toLowerCase()}`,
          evaluationPeriods: 1,
          threshold: 1,
          comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          actionsEnabled,
        })
        .addAlarmAction(new actions.SnsAction(wake));
    }
  },

  balancer(stack) {
    const editor = fn(stack, "Editor", "letter-editor", "edit.handler");
    const vpc = network(stack, "10.1.0.0/16");
    const vpcSubnets = { subnets: [subnet(vpc, "Outer1", "a", "10.1.1.0/24"), subnet(vpc, "Outer2", "b", "10.1.2.0/24")] };
    const balancer = new balancing.ApplicationLoadBalancer(stack, "Balancer", {
      loadBalancerName: "editor",
      vpc,
      vpcSubnets,
      internetFacing: false,
    });
    const certificate = "arn:aws:acm:eu-west-1:905418000017:certificate/00000000-0000-0000-0000-000000000000";
    const listener = balancer.addListener("Listener", {
      port: 443,
      sslPolicy: balancing.SslPolicy.RECOMMENDED_TLS,
      certificates: [acm.Certificate.fromCertificateArn(stack, "Certificate", certificate)],
      defaultAction: balancing.ListenerAction.fixedResponse(404),
      open: false,
    });
    listener.addTargets("Letters", {
      targetGroupName: "editors",
      targets: [new balanced.LambdaTarget(editor)],
      priority: 1,
      conditions: [balancing.ListenerCondition.pathPatterns(["/letters"])],
    });
  },

  brokers(stack) {
    const secret = new secrets.Secret(stack, "Login", { secretName: "broker-login" });
    const reader = fn(stack, "Reader", "event-reader", "read.handler");
    reader.addEventSource(
      new sources.ManagedKafkaEventSource({
        clusterArn: "arn:aws:kafka:eu-west-1:905418000017:cluster/events/0a0a0a0a-0000-0000-0000-000000000000-1",
        topic: "events",
        startingPosition: lambda.StartingPosition.LATEST,
        batchSize: 50,
      }),
    );
    reader.addEventSource(
      new sources.SelfManagedKafkaEventSource({
        bootstrapServers: ["kafka.example.com:9092"],
        topic: "own",
        secret,
        authenticationMethod: sources.AuthenticationMethod.SASL_SCRAM_512_AUTH,
        startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      }),
    );
    const booker = fn(stack, "Booker", "booking-reader", "book.handler");
    secret.grantRead(booker);
    new lambda.CfnEventSourceMapping(stack, "Bookings", {
      functionName: booker.functionName,
      eventSourceArn: "arn:aws:mq:eu-west-1:905418000017:broker:bookings:b-00000000-0000-0000-0000-000000000000",
      queues: ["bookings"],
      batchSize: 20,
      sourceAccessConfigurations: [{ type: "BASIC_AUTH", uri: secret.secretArn }],
    });
  },

  bucket(stack) {
    const pictures = new s3.Bucket(stack, "Pictures", {
      bucketName: "acme-pictures",
      encryption: s3.BucketEncryption.S3_MANAGED,
      versioned: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    });
    const resizer = fn(stack, "Resizer", "picture-resizer", "resize.handler");
    const may = (action, folder) =>
      resizer.addToRolePolicy(
        new iam.PolicyStatement({ actions: [action], resources: [pictures.arnForObjects(`${folder}/*`)] }),
      );
    may("s3:GetObject", "in");
    may("s3:PutObject", "out");
    pictures.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.LambdaDestination(resizer), { prefix: "in/" });
  },

  callers(stack) {
    const step = fn(stack, "Step", "process-step", "step.handler");
    new steps.StateMachine(stack, "Process", {
      stateMachineName: "process",
      tracingEnabled: true,
      definitionBody: steps.DefinitionBody.fromChainable(
        new tasks.LambdaInvoke(stack, "Do", {
          stateName: "Step",
          lambdaFunction: step,
          payloadResponseOnly: true,
          retryOnServiceExceptions: false,
        }),
      ),
    });
    const secret = new secrets.Secret(stack, "Login", { secretName: "shop-login" });
    secret.addRotationSchedule("Renewal", {
      rotationLambda: fn(stack, "Renewer", "login-renewer", "renew.handler"),
      automaticallyAfter: cdk.Duration.days(30),
    });
    const schema = path.join(outdir, "schema.graphql");
    fs.writeFileSync(schema, "type Query { price(article: ID!): Int }\n");
    new appsync.GraphqlApi(stack, "Graph", {
      name: "shop",
      definition: appsync.Definition.fromFile(schema),
      authorizationConfig: { defaultAuthorization: { authorizationType: appsync.AuthorizationType.IAM } },
      xrayEnabled: true,
    }).addLambdaDataSource("Prices", fn(stack, "Answer", "price-answer", "answer.handler"), { name: "prices" });
  },

  network(stack) {
    const vpc = network(stack, "10.0.0.0/16");
    const vpcSubnets = { subnets: [subnet(vpc, "Inner", "a", "10.0.1.0/24"), subnet(vpc, "Inner2", "b", "10.0.2.0/24")] };
    const group = new ec2.SecurityGroup(stack, "Group", {
      vpc,
      securityGroupName: "thumbs",
      description: "what the function may reach",
      allowAllOutbound: false,
    });
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443));
    const files = new efs.FileSystem(stack, "Files", {
      vpc,
      vpcSubnets: { subnets: [vpcSubnets.subnets[0]] },
      securityGroup: group,
    });
    group.addEgressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(2049));
    const access = files.addAccessPoint("Access", { path: "/thumbs", posixUser: { uid: "1000", gid: "1000" } });
    fn(stack, "Thumbs", "thumbs", "thumbs.handler", {
      vpc,
      vpcSubnets,
      securityGroups: [group],
      filesystem: lambda.FileSystem.fromEfsAccessPoint(access, "/mnt/thumbs"),
    });
  },

  package(stack) {
    const fonts = new lambda.LayerVersion(stack, "Fonts", {
      layerVersionName: "fonts",
      code: lambda.Code.fromAsset(archive),
      compatibleRuntimes: [lambda.Runtime.PYTHON_3_13],
      license: "OFL-1.1",
    });
    // The construct of a profile that is made elsewhere puts a slash too many into its ARN.
    const signed = new lambda.CfnCodeSigningConfig(stack, "Signed", {
      allowedPublishers: {
        signingProfileVersionArns: ["arn:aws:signer:eu-west-1:905418000017:/signing-profiles/labels/abcdef1234"],
      },
      codeSigningPolicies: { untrustedArtifactOnDeployment: "Enforce" },
    });
    fn(stack, "Printer", "label-printer", "print.handler", {
      architecture: lambda.Architecture.ARM_64,
      ephemeralStorageSize: cdk.Size.gibibytes(1),
      layers: [fonts],
      codeSigningConfig: lambda.CodeSigningConfig.fromCodeSigningConfigArn(stack, "OwnSigned", signed.ref),
    });
    new logs.LogGroup(stack, "ReaderLogs", {
      logGroupName: "/aws/lambda/picture-reader",
      retention: logs.RetentionDays.ONE_MONTH,
    });
    const repository = ecr.Repository.fromRepositoryArn(
      stack,
      "Repository",
      "arn:aws:ecr:eu-west-1:905418000017:repository/reader",
    );
    new lambda.DockerImageFunction(stack, "Reader", {
      functionName: "picture-reader",
      code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest: `sha256:${"ab".repeat(32)}` }),
      memorySize: 1024,
      timeout: cdk.Duration.minutes(1),
      architecture: lambda.Architecture.ARM_64,
      ephemeralStorageSize: cdk.Size.gibibytes(2),
    });
  },

  rest_api(stack) {
    const api = new rest.RestApi(stack, "Api", {
      restApiName: "catalogue",
      endpointTypes: [rest.EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: { stageName: "dev", tracingEnabled: true },
    });
    const staff = new cognito.UserPool(stack, "Pool", { userPoolName: "staff", mfa: cognito.Mfa.OFF });
    const catalogue = new rest.LambdaIntegration(fn(stack, "Catalogue", "catalogue", "catalogue.handler"), {
      allowTestInvoke: false,
    });
    const get = (name, more) => api.root.addResource(name).addMethod("GET", catalogue, more);
    get("partners", { apiKeyRequired: true });
    get("staff", {
      authorizer: new rest.CognitoUserPoolsAuthorizer(stack, "ByPool", { authorizerName: "pool", cognitoUserPools: [staff] }),
    });
    get("machines", { authorizationType: rest.AuthorizationType.IAM });
    get("stock", {
      authorizer: new rest.TokenAuthorizer(stack, "ByToken", {
        authorizerName: "door",
        handler: fn(stack, "Door", "stock-door", "door.handler"),
        resultsCacheTtl: cdk.Duration.minutes(1),
      }),
    });
    api
      .addUsagePlan("UsagePlan", {
        name: "catalogue-dev",
        apiStages: [{ api, stage: api.deploymentStage }],
        throttle: { rateLimit: 10, burstLimit: 20 },
        quota: { limit: 1000, period: rest.Period.DAY },
      })
      .addApiKey(new rest.ApiKey(stack, "PartnerKey", { apiKeyName: "partner", stages: [api.deploymentStage] }));
  },

  shops(stack) {
    const reports = new sqs.Queue(stack, "Reports", { queueName: "reports" });
    for (const shop of ["North", "South"]) {
      const environment = { SHOP: shop, REPORTS: reports.queueName };
      reports.grantSendMessages(fn(stack, `Till${shop}`, `till-${shop}`, "till.handler", { environment }));
    }
    fn(stack, "Office", "office", "office.handler").addEventSource(new sources.SqsEventSource(reports, { batchSize: 10 }));
  },

  split_roles(stack) {
    const key = new kms.Key(stack, "PaymentKey", { enableKeyRotation: true, pendingWindow: cdk.Duration.days(14) });
    const bank = new secrets.Secret(stack, "BankSecret", { secretName: "bank", encryptionKey: key });
    const edge = iam.ManagedPolicy.fromManagedPolicyName(stack, "Edge", "edge-of-payments");
    for (const [id, name, handler, action] of [
      ["Take", "payment-take", "take.handler", "GetSecretValue"],
      ["Back", "payment-back", "back.handler", "DescribeSecret"],
    ]) {
      const role = new iam.Role(stack, `${id}Role`, {
        assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com"),
        managedPolicies: [managed("service-role/AWSLambdaBasicExecutionRole")],
        permissionsBoundary: edge,
        path: "/payments/",
      });
      role.addToPolicy(
        new iam.PolicyStatement({ actions: [`secretsmanager:${action}`], resources: [bank.secretArn] }),
      );
      key.grantDecrypt(role);
      fn(stack, id, name, handler, {
        role,
        environmentEncryption: key,
        environment: { BANK_SECRET: bank.secretArn, BANK_URL: "https://bank.example.com" },
      });
    }
  },

  stages(stack) {
    const stage = new cdk.CfnParameter(stack, "Stage").valueAsString;
    const prod = new cdk.CfnCondition(stack, "IsProd", { expression: cdk.Fn.conditionEquals(stage, "prod") });
    const dev = new cdk.CfnCondition(stack, "IsDev", { expression: cdk.Fn.conditionNot(prod) });
    const sizes = new cdk.CfnMapping(stack, "Sizes", {
      mapping: { dev: { memory: 256, retention: 7 }, prod: { memory: 1024, retention: 365 } },
    });
    const size = (key) => cdk.Token.asNumber(sizes.findInMap(stage, key));
    const either = (inProd, else_) => cdk.Fn.conditionIf(prod.logicalId, inProd, else_);
    const visits = new dynamodb.Table(stack, "Visits", {
      tableName: `visits-${stage}`,
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      partitionKey: { name: "id", type: dynamodb.AttributeType.STRING },
      deletionProtection: either(true, false),
    });
    const page = fn(stack, "Page", "visit-page", "page.handler", {
      memorySize: size("memory"),
      retention: size("retention"),
      environment: { STAGE: stage, VISITS: visits.tableName },
    });
    page.addFunctionUrl({ authType: cdk.Token.asString(either("AWS_IAM", "NONE")) });
    new lambda.CfnPermission(stack, "PageCallers", {
      functionName: page.functionName,
      action: "lambda:InvokeFunctionUrl",
      principal: "*",
      functionUrlAuthType: "NONE",
    }).cfnOptions.condition = dev;
    const night = new Construct(stack, "InProd");
    const counter = fn(night, "Counter", "visit-counter", "count.handler", {
      retention: size("retention"),
      environment: { VISITS: visits.tableName },
    });
    new events.Rule(night, "Night", {
      ruleName: "count-visits",
      schedule: events.Schedule.cron({ minute: "0", hour: "1" }),
      targets: [new targets.LambdaFunction(counter)],
    });
    for (const made of night.node.findAll().filter(cdk.CfnResource.isCfnResource)) made.cfnOptions.condition = prod;
  },

  telemetry(stack) {
    const keeper = fn(stack, "Keeper", "reading-keeper", "keep.handler");
    const reading = new iot.CfnTopicRule(stack, "Reading", {
      topicRulePayload: {
        ruleDisabled: false,
        sql: "SELECT * FROM 'machines/+/reading'",
        awsIotSqlVersion: "2016-03-23",
        actions: [{ lambda: { functionArn: keeper.functionArn } }],
      },
    });
    keeper.addPermission("Callers", { principal: new iam.ServicePrincipal("iot.amazonaws.com"), sourceArn: reading.attrArn });
    new logs.SubscriptionFilter(stack, "Opened", {
      logGroup: new logs.LogGroup(stack, "OtherLogs", { logGroupName: "/shop/door", retention: logs.RetentionDays.ONE_WEEK }),
      filterPattern: logs.FilterPattern.literal("opened"),
      destination: new destinations.LambdaDestination(fn(stack, "Tally", "door-tally", "tally.handler")),
    });
  },

  websocket(stack) {
    const door = fn(stack, "Door", "visitor-door", "door.handler");
    const talk = fn(stack, "Talk", "visitor-talk", "talk.handler");
    const integration = new integrations.WebSocketLambdaIntegration("Talk", talk);
    const webSocketApi = new apigateway.WebSocketApi(stack, "Api", {
      apiName: "talk",
      routeSelectionExpression: "$request.body.action",
      connectRouteOptions: {
        integration,
        authorizer: new authorizers.WebSocketLambdaAuthorizer("Staff", door, {
          authorizerName: "door",
          identitySource: ["route.request.querystring.token"],
        }),
      },
      defaultRouteOptions: { integration },
    });
    new apigateway.WebSocketStage(stack, "Stage", { webSocketApi, stageName: "dev", autoDeploy: true });
  },
};

const app = new cdk.App({ outdir, analyticsReporting: false });
for (const [name, build] of Object.entries(applications)) {
  build(
    new cdk.Stack(app, name.replace("_", "-"), {
      synthesizer: new cdk.DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    }),
  );
}
app.synth();
