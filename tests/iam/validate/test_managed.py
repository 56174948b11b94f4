"""AWS's own policies: no check calls one of them wrong, but for the mistakes that are in them."""

from __future__ import annotations

from stockade.iam.validate import grade_of
from stockade.knowledge import iam as facts
from tests.iam.validate.support import faults_of

# What is wrong in AWS's own policies of the release that `managed_provenance()` names; each was looked at. They are ARNs that
# nothing has: a word for the type is missing or misspelled (`logs:…:/aws-glue/*`, `states:…:statemachine:*`), or there is a
# colon or slash too many, or another one (`kms:*:::*`, `profile:…:/domains/…`, `ec2:…:vpc-endpoint:*`).
MISTAKEN = {
    "AWSDeepRacerCloudFormationAccessPolicy",
    "AWSGlueConsoleFullAccess",
    "AWSGlueConsoleSageMakerNotebookFullAccess",
    "AWSIoTFleetHubFederationAccess",
    "AWSManagedServices_DetectiveControlsConfig_ServiceRolePolicy",
    "AWSRefactoringToolkitFullAccess",
    "AWSWAFConsoleFullAccess",
    "AWSWAFConsoleReadOnlyAccess",
    "AmazonBedrockFullAccess",
    "AmazonBedrockLimitedAccess",
    "AmazonConnectServiceLinkedRolePolicy",
    "AmazonDataZoneSageMakerEnvironmentRolePermissionsBoundary",
    "AmazonDevOpsGuruOrganizationsAccess",
    "AmazonRedshiftQueryEditorV2FullAccess",
    "AmazonRedshiftQueryEditorV2NoSharing",
    "AmazonRedshiftQueryEditorV2ReadSharing",
    "AmazonRedshiftQueryEditorV2ReadWriteSharing",
    "AmazonSageMakerCanvasDirectDeployAccess",
    "AmazonSageMakerFullAccess",
    "AmazonSageMakerHyperPodInferenceAccess",
    "AmazonSageMakerQuickSightVPCPolicy",
    "AmazonSecurityLakeMetastoreManager",
    "AppIntegrationsServiceLinkedRolePolicy",
    "AwsGlueSessionUserRestrictedNotebookServiceRole",
    "AwsGlueSessionUserRestrictedServiceRole",
    "CloudFrontFullAccess",
    "DBModProvisioningAndMigration",
}
# Where AWS's page says which of its policies a check is about.
WARNED = {
    "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE": {"AdministratorAccess", "IAMFullAccess"},
    "CREATE_SLR_WITH_STAR_IN_RESOURCE": {"PowerUserAccess", "AWSOrganizationsServiceTrustPolicy"},
    "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE": {"AdministratorAccess", "IAMFullAccess"},
    "PASS_ROLE_WITH_STAR_IN_RESOURCE": {"AdministratorAccess-Amplify"},
    "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA": {"ReadOnlyAccess", "AWSSupportServiceRolePolicy"},
    "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS": {
        "AmazonSecurityLakeAdministrator",
        "AWSCodePipeline_FullAccess",
        "AWSCodePipeline_ReadOnlyAccess",
        "S3UnlockBucketPolicy",
        "SQSUnlockQueuePolicy",
    },
}


def test_aws_s_own_policies_are_right_but_for_their_mistakes() -> None:
    errors: dict[str, set[str]] = {}
    told: dict[str, set[str]] = {id_: set() for id_ in WARNED}
    for name in facts.managed_policies():
        known = facts.managed_policy(name)
        assert known is not None
        for fault in faults_of(known.document):
            if grade_of(fault.id) == "ERROR":
                errors.setdefault(name, set()).add(fault.id)
            if fault.id in told:
                told[fault.id].add(name)
    assert set(errors) == MISTAKEN
    assert set().union(*errors.values()) == {"INVALID_ARN_RESOURCE", "MISSING_ARN_ACCOUNT"}
    assert {id_: names - told[id_] for id_, names in WARNED.items()} == {id_: set() for id_ in WARNED}
