// The applications as the AWS CDK writes them: `node app.js FOLDER` makes a template for each in FOLDER.
"use strict";
const path = require("path");
const cdk = require("aws-cdk-lib");
const {
  aws_apigatewayv2: apigateway,
  aws_apigatewayv2_authorizers: authorizers,
  aws_apigatewayv2_integrations: integrations,
  aws_cloudwatch: cloudwatch,
  aws_cloudwatch_actions: actions,
  aws_cognito: cognito,
  aws_dynamodb: dynamodb,
  aws_events: events,
  aws_events_targets: targets,
  aws_iam: iam,
  aws_kinesis: kinesis,
  aws_kms: kms,
  aws_lambda: lambda,
  aws_logs: logs,
  aws_scheduler: scheduler,
  aws_sns: sns,
  aws_sns_subscriptions: subscriptions,
  aws_sqs: sqs,
} = cdk;

const outdir = path.resolve(process.argv[2]);
const archive = path.join(outdir, "function.zip");

function fn(stack, id, name, handler, more = {}) {
  new logs.LogGroup(stack, `${id}Logs`, { logGroupName: `/aws/lambda/${name}`, retention: logs.RetentionDays.ONE_MONTH });
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
