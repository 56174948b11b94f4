"""The checks of IAM Access Analyzer, by its own ids: how grave each is, what it finds, and whether it is made here.

Ids and classes: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, as of 2026-11-28
(AWS calls the class WARNING "general warning" on that page). The words are ours.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeAlias

from msgspec import Struct

Class: TypeAlias = Literal["ERROR", "SECURITY_WARNING", "WARNING", "SUGGESTION"]
CLASSES: tuple[Class, ...] = ("ERROR", "SECURITY_WARNING", "WARNING", "SUGGESTION")


class Check(Struct, frozen=True):
    """One check. `why_not` says why it is not made here; empty for those that are."""

    id: str
    grade: Class
    finds: str
    why_not: str = ""


_ERRORS = """
ARN_ACCOUNT_NOT_ALLOWED|an ARN names an account, and ARNs of such resources have none
ARN_REGION_NOT_ALLOWED|an ARN names a region, and ARNs of such resources have none
DATA_TYPE_MISMATCH|a number, list or object stands where another type of JSON belongs
DUPLICATE_KEYS_WITH_DIFFERENT_CASE|one condition key is there twice, in different case
EMPTY_VARIABLE|a policy variable has no name
FEDERATED_PRINCIPAL_NOT_SUPPORTED|a policy on a resource names an identity provider
INVALID_ACTION|an action does not exist
INVALID_ARN_ACCOUNT|the account of an ARN has not 12 digits
INVALID_ARN_PREFIX|a resource is neither an ARN nor `*`
INVALID_ARN_REGION|the region of an ARN does not exist, or is in another partition
INVALID_ARN_RESOURCE|no resource of the service has an ARN of that form
INVALID_ARN_SERVICE_CASE|the service of an ARN is not in lower case
INVALID_CONDITION_DATA_TYPE|the values of a condition key are of different types of JSON
INVALID_CONDITION_KEY_FORMAT|a condition key is not a service, a colon and a name
INVALID_CONDITION_MULTIPLE_BOOLEAN|`Bool` has several values
INVALID_CONDITION_OPERATOR|a condition operator does not exist
INVALID_EFFECT|the effect is neither `Allow` nor `Deny`
INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY|an identity provider is neither an ARN nor a domain
INVALID_GLOBAL_CONDITION_KEY|a key that begins with `aws:` does not exist
INVALID_KMS_KEY_VALUE|a condition on the key of S3 objects does not name the ARN of a KMS key
INVALID_PARTITION|the partition of an ARN does not exist
INVALID_POLICY_ELEMENT|an element does not exist, or not in that place
INVALID_PRINCIPAL_FORMAT|a principal has no kind, or is no account, role or user
INVALID_PRINCIPAL_KEY|a kind of principals does not exist
INVALID_REGION|a region that a condition compares with does not exist
INVALID_SERVICE|the service of an ARN or a condition key does not exist
INVALID_SERVICE_CONDITION_KEY|a service has no such condition key
INVALID_SERVICE_IN_ACTION|the service of an action does not exist
INVALID_SERVICE_PRINCIPAL_FORMAT|a service is not named as its principal
INVALID_VARIABLE_FOR_OPERATOR|a policy variable stands where an operator takes none
INVALID_VERSION|the version of the policy language does not exist
INVALID_VPC_FORMAT|the id of a VPC has another form
INVALID_VPCE_FORMAT|the id of a VPC endpoint has another form
JSON_SYNTAX_ERROR|the text is not JSON, or has a key twice in one object
MISMATCHED_ACTION_FOR_PRINCIPAL|a trust policy lets a principal take the role in a way that is for others
MISSING_ACTION|a statement has no action
MISSING_ACTION_FOR_CONDITION_KEY|a condition asks for a key that only another action sets
MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY|IAM Roles Anywhere lacks an action that it needs
MISSING_ARN_ACCOUNT|an ARN has no account, and ARNs of such resources have one
MISSING_ARN_FIELD|an ARN has too few fields
MISSING_ARN_REGION|an ARN has no region, and ARNs of such resources have one
MISSING_BRACE_IN_VARIABLE|a policy variable is not closed
MISSING_EFFECT|a statement has no effect
MISSING_PRINCIPAL|a statement of a policy on a resource or role is for nobody
MISSING_QUALIFIER|a key with several values is compared without saying how many have to match
MISSING_QUOTE_IN_VARIABLE|the default of a policy variable is not in quotes
MISSING_RESOURCE|a statement has no resource
MISSING_STATEMENT|a policy has no statement
MISSING_TAG_KEY_IN_CONDITION|a condition on a tag does not say on which
NULL_WITH_IF_EXISTS|`Null` is written with `IfExists`
POLICY_SIZE_EXCEEDS_RCP_QUOTA|a resource control policy is too long
POLICY_SIZE_EXCEEDS_SCP_QUOTA|a service control policy is too long
PRIVATE_IP_ADDRESS|`aws:SourceIp` is compared with private addresses only
PRIVATE_NOT_IP_ADDRESS|`aws:SourceIp` excludes private addresses only
RCP_SYNTAX_ERROR_ACTION|a resource control policy is about a service that has none
RCP_SYNTAX_ERROR_ALLOW|a resource control policy allows something in particular
RCP_SYNTAX_ERROR_NOTACTION|a resource control policy says `NotAction`
RCP_SYNTAX_ERROR_PRINCIPAL|a resource control policy is not for everybody
ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL|a trust policy says `NotPrincipal`
ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE|a trust policy names a resource
ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL|a trust policy is for `*`
SCP_SYNTAX_ERROR_PRINCIPAL|a service control policy names a principal
TYPE_MISMATCH_IP_RANGE|what an operator for addresses compares with is none
UNIQUE_SIDS_REQUIRED|two statements have one Sid
UNSUPPORTED_ACTION_FOR_CONDITION_KEY|requests for an action never have the condition key
UNSUPPORTED_ACTION_IN_POLICY|an action has nothing to do with the resource that the policy is on
UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL|a service's requests never have the condition key
UNSUPPORTED_ELEMENT_COMBINATION|an element and its opposite are in one statement
UNSUPPORTED_GLOBAL_CONDITION_KEY|a key that begins with `aws:` is no longer supported
UNSUPPORTED_PRINCIPAL|an identity policy names a principal
UNSUPPORTED_RESOURCE_ARN_IN_POLICY|a resource has nothing to do with the one that the policy is on
UNSUPPORTED_SID|a Sid holds other characters than letters and digits
UNSUPPORTED_SPACE_IN_VARIABLE|the name of a policy variable has white space in it
UNSUPPORTED_WILDCARD_IN_PRINCIPAL|a part of a principal is a wildcard
VARIABLE_UNSUPPORTED_IN_ELEMENT|a policy variable stands in an action or principal
VARIABLE_UNSUPPORTED_IN_VERSION|a policy variable stands in a policy whose version has none
VARIABLE_USAGE_TOO_PERMISSIVE|a policy variable may fit any account, organization or network
WILDCARD_USAGE_TOO_PERMISSIVE|a wildcard fits any account, organization, network or user
"""
_SECURITY = """
ALLOW_WITH_NOT_PRINCIPAL|`NotPrincipal` allows
DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE|`NotAction` denies by a tag that many requests have not
DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE|an action is denied by a tag that its requests never have
DYNAMODB_ATTRIBUTES_WITHOUT_SELECT|attributes of a table are limited, and reads that name none are not
FORALLVALUES_WITH_SINGLE_VALUED_KEY|`ForAllValues` allows requests without the key
FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE|`ForAnyValue` is used with the audience of a token
MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL|any token of an identity provider will do
MISSING_GITHUB_REPO_CONDITION_KEY|a workflow of any repository on GitHub will do
MISSING_PAIRED_CONDITION_KEYS|an address is asked for, and not in which network
PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE|any role can be passed, since it is not left out
PASS_ROLE_WITH_NOT_RESOURCE|any role but some can be passed
PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE|a wildcard passes any role but some
PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE|a wildcard passes any role
PASS_ROLE_WITH_STAR_IN_RESOURCE|any role can be passed
PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION|any role can be passed, since the action is not left out
RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL|a service may act on behalf of anybody's account
S3_PREFIX_IN_NEGATIVE_CONTEXT|listing is denied by a prefix, which a shorter one gets around
STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS|an ARN is compared with `StringLike`
UNTRUSTWORTHY_CONDITION_KEY|whoever asks sets the condition key
"""
_WARNINGS = """
CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE|any service-linked role can be made, since it is not left out
CREATE_SLR_WITH_NOT_RESOURCE|any service-linked role but some can be made
CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE|a wildcard makes any service-linked role but some
CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE|a wildcard makes any service-linked role
CREATE_SLR_WITH_STAR_IN_RESOURCE|any service-linked role can be made
CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION|any service-linked role can be made, since the action is not left out
DEPRECATED_GLOBAL_CONDITION_KEY|a condition key has a newer one
INVALID_DATE_VALUE|a date is a number of seconds
INVALID_ROLE_REFERENCE|a principal is the id of a role that is gone
INVALID_USER_REFERENCE|a principal is the id of a user who is gone
MISSING_VERSION|a policy does not say its version
POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA|an identity policy is too long
POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA|a policy on a resource is too long
POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA|a trust policy is too long
RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY|a resource control policy asks for the caller, and so hits AWS's services
RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY|a resource control policy asks for a source, and so hits people
RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK|a resource control policy asks services for a source that some do not give
SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED|workflows of many repositories or branches will do
TYPE_MISMATCH|an operator does not fit the values of the condition key
TYPE_MISMATCH_BOOLEAN|what a truth value is compared with is none
TYPE_MISMATCH_DATE|what a date is compared with is none
TYPE_MISMATCH_NUMBER|what a number is compared with is none
TYPE_MISMATCH_STRING|what binary data is compared with is no Base64
UNIQUE_SIDS_RECOMMENDED|two statements of a policy on a resource have one Sid
USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES|a key about VPC endpoints is used with services that do not set it
WILDCARD_WITHOUT_LIKE_OPERATOR|a wildcard stands where it is taken for a character
"""
_SUGGESTIONS = """
ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE|`NotAction` allows by a tag that many requests have not
ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE|an action is allowed by a tag that its requests never have
CONFIRM_AUDIENCE_CLAIM_TYPE|`ForAllValues` is used with the audience of a token
EMPTY_ARRAY_ACTION|a list of actions is empty
EMPTY_ARRAY_CONDITION|a list of values is empty
EMPTY_ARRAY_CONDITION_FORALLVALUES|a list of values is empty, with `ForAllValues`
EMPTY_ARRAY_CONDITION_FORANYVALUE|a list of values is empty, with `ForAnyValue`
EMPTY_ARRAY_CONDITION_IFEXISTS|a list of values is empty, with `IfExists`
EMPTY_ARRAY_PRINCIPAL|a list of principals is empty
EMPTY_ARRAY_RESOURCE|a list of resources is empty
EMPTY_OBJECT_CONDITION|a condition asks nothing
EMPTY_OBJECT_PRINCIPAL|a principal names nobody
EMPTY_SID_VALUE|a Sid is empty
EQUIVALENT_TO_NULL_FALSE|a wildcard asks only whether the key is there
EQUIVALENT_TO_NULL_TRUE|a wildcard asks only whether the key is not there
IMPROVE_IP_RANGE|a range of addresses has bits that do not count
IRRELEVANT_CONDITION_KEY_IN_POLICY|a condition asks what is so of every request for the resource
NULL_WITH_QUALIFIER|`Null` is written with `ForAllValues` or `ForAnyValue`
PRIVATE_IP_ADDRESS_SUBSET|some addresses that `aws:SourceIp` is compared with are private
PRIVATE_NOT_IP_ADDRESS_SUBSET|some addresses that `aws:SourceIp` excludes are private
RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL|a service is asked for something else than its source
REDUNDANT_ACTION|an action is taken in by another of the list
REDUNDANT_CONDITION_VALUE_NUM|of several limits, one holds for all
REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION|a condition always holds
REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY|a session is named beside its role
REDUNDANT_RESOURCE|a resource is taken in by another of the list
REDUNDANT_STATEMENT|a statement says what others say
REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION|a condition never holds
WILDCARD_IN_SERVICE_NAME|the name of a service is a wildcard in part
"""
_SINCE = "AWS takes it since September 2025"
_NOT_HELD: tuple[tuple[Class, str, str, str], ...] = (
    (
        "ERROR",
        "SCP_SYNTAX_ERROR_ACTION_WILDCARD",
        "a wildcard stands inside of an action of a service control policy",
        f"{_SINCE}; AWS's page still lists the check",
    ),
    (
        "ERROR",
        "SCP_SYNTAX_ERROR_ALLOW_CONDITION",
        "a service control policy allows with a condition",
        f"{_SINCE}, and dropped the check",
    ),
    (
        "ERROR",
        "SCP_SYNTAX_ERROR_ALLOW_NOTACTION",
        "a service control policy allows with `NotAction`",
        f"{_SINCE}, and dropped the check",
    ),
    (
        "ERROR",
        "SCP_SYNTAX_ERROR_ALLOW_RESOURCE",
        "a service control policy allows on some resources",
        f"{_SINCE}, and dropped the check",
    ),
    (
        "ERROR",
        "SCP_SYNTAX_ERROR_NOTRESOURCE",
        "a service control policy says `NotResource`",
        f"{_SINCE}, and dropped the check",
    ),
)


@cache
def checks() -> dict[str, Check]:
    """Every check by its id, the gravest class first."""
    found: list[Check] = []
    for grade, text in zip(CLASSES, (_ERRORS, _SECURITY, _WARNINGS, _SUGGESTIONS), strict=True):
        found += [Check(id_, grade, finds) for id_, finds in (line.split("|") for line in text.split("\n") if line)]
        found += [Check(id_, grade, finds, why_not) for own, id_, finds, why_not in _NOT_HELD if own == grade]
    return {check.id: check for check in found}


def grade_of(id_: str) -> Class:
    """How grave what a check finds is."""
    return checks()[id_].grade
