"""What else invokes functions or is reached by them: pools, GraphQL APIs, load balancers, repositories, databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from stockade.model.kinds.base import CFN, NONE, NULL, Resource
from stockade.model.value import Relation, Value, unset

if TYPE_CHECKING:
    from stockade.model.kinds.identity import Policy


class Repository(Resource, frozen=True, eq=False, kw_only=True):
    """An ECR repository."""

    kind: ClassVar[str] = "repository"

    tag_mutability: Value[str] = unset("MUTABLE", CFN + "aws-resource-ecr-repository.html")
    scan_on_push: Value[bool] = unset(False, CFN + "aws-resource-ecr-repository.html")
    kms_key: Value[str] = NULL
    # links
    policies: Relation[Policy] = NONE


class FileSystem(Resource, frozen=True, eq=False, kw_only=True):
    """An EFS file system."""

    kind: ClassVar[str] = "file-system"

    encrypted: Value[bool] = unset(False, CFN + "aws-resource-efs-filesystem.html")
    kms_key: Value[str] = NULL


class AccessPoint(Resource, frozen=True, eq=False, kw_only=True):
    """An access point of an EFS file system: who mounts by it acts as `user`, and sees what is below `root`."""

    kind: ClassVar[str] = "access-point"

    file_system: Value[str] = NULL
    root: Value[str] = unset("/", CFN + "aws-resource-efs-accesspoint.html")
    user: Value[str] = NULL


class UserPool(Resource, frozen=True, eq=False, kw_only=True):
    """A Cognito user pool with the functions that its triggers call."""

    kind: ClassVar[str] = "user-pool"

    triggers: Relation[Value[str]] = NONE
    mfa: Value[str] = unset("OFF", CFN + "aws-resource-cognito-userpool.html")
    minimum_length: Value[int] = unset(8, CFN + "aws-properties-cognito-userpool-passwordpolicy.html")  # of passwords
    threat_protection: Value[str] = unset("OFF", CFN + "aws-properties-cognito-userpool-userpooladdons.html")


class IdentityPool(Resource, frozen=True, eq=False, kw_only=True):
    """A Cognito identity pool."""

    kind: ClassVar[str] = "identity-pool"

    guests: Value[bool] = NULL


class GraphqlApi(Resource, frozen=True, eq=False, kw_only=True):
    """An AppSync API."""

    kind: ClassVar[str] = "graphql-api"

    auth: Relation[Value[str]] = NONE
    visibility: Value[str] = unset("GLOBAL", CFN + "aws-resource-appsync-graphqlapi.html")
    tracing: Value[bool] = unset(False, CFN + "aws-resource-appsync-graphqlapi.html")
    log_role: Value[str] = NULL
    log_level: Value[str] = NULL
    authorizer_function: Value[str] = NULL


class GraphqlSource(Resource, frozen=True, eq=False, kw_only=True):
    """A data source of an AppSync API that calls a function."""

    kind: ClassVar[str] = "graphql-source"

    api_id: Value[str] = NULL
    function_arn: Value[str] = NULL
    role: Value[str] = NULL


class TargetGroup(Resource, frozen=True, eq=False, kw_only=True):
    """A load balancer's target group; `targets` are functions where its type is lambda."""

    kind: ClassVar[str] = "target-group"

    form: Value[str] = NULL
    targets: Relation[Value[str]] = NONE


class Listener(Resource, frozen=True, eq=False, kw_only=True):
    """A load balancer's listener."""

    kind: ClassVar[str] = "listener"

    load_balancer: Value[str] = NULL
    protocol: Value[str] = NULL
    tls_policy: Value[str] = NULL
    target_groups: Relation[Value[str]] = NONE
    authenticates: Value[bool] = unset(False, CFN + "aws-resource-elasticloadbalancingv2-listener.html")


class LoadBalancer(Resource, frozen=True, eq=False, kw_only=True):
    """A load balancer."""

    kind: ClassVar[str] = "load-balancer"

    scheme: Value[str] = unset("internet-facing", CFN + "aws-resource-elasticloadbalancingv2-loadbalancer.html")
    security_groups: Relation[Value[str]] = NONE


class IotRule(Resource, frozen=True, eq=False, kw_only=True):
    """A topic rule of IoT Core."""

    kind: ClassVar[str] = "iot-rule"

    sql: Value[str] = NULL
    function_arns: Relation[Value[str]] = NONE


class ReceiptRule(Resource, frozen=True, eq=False, kw_only=True):
    """An SES receipt rule."""

    kind: ClassVar[str] = "receipt-rule"

    function_arns: Relation[Value[str]] = NONE
    scan: Value[bool] = NULL


class Distribution(Resource, frozen=True, eq=False, kw_only=True):
    """A CloudFront distribution."""

    kind: ClassVar[str] = "distribution"

    minimum_tls: Value[str] = NULL
    web_acl: Value[str] = NULL
    origins: Relation[Value[str]] = NONE
    edge_functions: Relation[Value[str]] = NONE


class Database(Resource, frozen=True, eq=False, kw_only=True):
    """A resource that is reached through a VPC: an RDS or Aurora database, a cache, a broker. `form` names the service."""

    kind: ClassVar[str] = "database"

    form: str = "rds"
    publicly_accessible: Value[bool] = NULL
    encrypted: Value[bool] = unset(False, CFN + "aws-resource-rds-dbinstance.html")
    password: Value[str] = NULL
    cluster: Value[str] = NULL  # the one that an instance is of, whose storage is its own
    security_groups: Relation[Value[str]] = NONE


class Caller(Resource, frozen=True, eq=False, kw_only=True):
    """A resource of any other service that calls functions: a custom resource, a Config rule, a Firehose transformation.

    `via` and `how` are as an `Invoker` has them.
    """

    kind: ClassVar[str] = "caller"

    via: str = ""
    how: Literal["sync", "async"] = "sync"
    function_arns: Relation[Value[str]] = NONE


class Variable(Resource, frozen=True, eq=False, kw_only=True):
    """An input of a source: a template's parameter, a module's variable.

    `hidden`: the source asks that its value is not shown (`NoEcho`, `sensitive`).
    """

    kind: ClassVar[str] = "variable"

    form: Value[str] = unset("String", CFN + "parameters-section-structure.html")
    default: Value[str] = NULL
    hidden: Value[bool] = unset(False, CFN + "parameters-section-structure.html")


class Output(Resource, frozen=True, eq=False, kw_only=True):
    """What a stack or a root module puts out. `hidden`: the source asks that it is not shown (`sensitive`)."""

    kind: ClassVar[str] = "output"

    value: Value[str] = NULL
    hidden: Value[bool] = unset(False, CFN + "../UserGuide/outputs-section-structure.html")


class Credentials(Resource, frozen=True, eq=False, kw_only=True):
    """Credentials that the source gives to a tool: to a provider of Terraform, or to what sets up a server.

    What a server is set up with is its `AWS::CloudFormation::Authentication`.
    """

    kind: ClassVar[str] = "credentials"

    access_key: Value[str] = NULL
    secret_key: Value[str] = NULL
    password: Value[str] = NULL


class Other(Resource, frozen=True, eq=False, kw_only=True):
    """A resource that the model does not look into; it can still be referred to."""

    kind: ClassVar[str] = "other"
