"""Writes src/stockade/knowledge/data/layers.json: who publishes which Lambda layers from which account.

    npm pack aws-cdk-lib && tar xzf aws-cdk-lib-*.tgz package/region-info/lib/built-ins.generated.js
    python scripts/knowledge/build_layers.py package/region-info/lib/built-ins.generated.js 2.276.0 2026-11-10

The accounts of AWS's own extensions differ by region; they come from aws-cdk-lib (Apache-2.0). The other accounts are
single facts, each found in the publisher's own documentation or in many independent public uses of the layer, as the
`source` of each row says.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

OUT = Path(__file__).parents[2] / "src/stockade/knowledge/data/layers.json"

FACT = re.compile(
    r'region:"(?P<region>[^"]+)",name:fact_1\(\)\.FactName\.(?P<fact>adotLambdaLayer|appConfigLambdaLayerVersion|'
    r"cloudwatchLambdaInsightsVersion|paramsAndSecretsLambdaLayer)\([^)]*\),"
    r'value:"arn:[^:]+:lambda:[^:]+:(?P<account>\d{12}):layer:(?P<layer>[^:"]+)'
)

# fact of the CDK: name of the publisher, its layers
FROM_CDK = {
    "adotLambdaLayer": ("AWS Distro for OpenTelemetry", ["aws-otel-*"]),
    "appConfigLambdaLayerVersion": ("AWS AppConfig agent", ["AWS-AppConfig-Extension*"]),
    "cloudwatchLambdaInsightsVersion": ("Amazon CloudWatch Lambda Insights", ["LambdaInsightsExtension*"]),
    "paramsAndSecretsLambdaLayer": (
        "AWS Parameters and Secrets extension",
        ["AWS-Parameters-and-Secrets-Lambda-Extension*"],
    ),
}

DOC, SEEN, ONE = "the publisher's documentation", "many public projects that use it", "one public project that uses it"
HIGH, MEDIUM, LOW = "high", "medium", "low"

# name, kind, accounts, layers, confidence, maintained, source
BY_HAND: list[tuple[str, str, list[str], list[str], str, bool, str]] = [
    (
        "Powertools for AWS Lambda (Python)",
        "aws",
        ["017000801446"],
        ["AWSLambdaPowertoolsPython*"],
        HIGH,
        True,
        f"{DOC}; {SEEN}",
    ),
    (
        "Powertools for AWS Lambda (TypeScript)",
        "aws",
        ["094274105915"],
        ["AWSLambdaPowertoolsTypeScript*"],
        HIGH,
        True,
        f"{DOC}; {SEEN}",
    ),
    (
        "Powertools for AWS Lambda (other partitions)",
        "aws",
        ["165087284144", "165093116878", "498634801083"],
        ["AWSLambdaPowertools*"],
        HIGH,
        True,
        DOC,
    ),
    (
        "AWS SDK for pandas",
        "aws",
        ["336392948345"],
        ["AWSSDKPandas-*", "AWSDataWrangler-*"],
        HIGH,
        True,
        f"{DOC}; {SEEN}",
    ),
    ("AWS Lambda Web Adapter", "aws", ["753240598075"], ["LambdaAdapterLayer*"], HIGH, True, f"{DOC}; {SEEN}"),
    (
        "AWS Distro for OpenTelemetry (Application Signals)",
        "aws",
        ["615299751070"],
        ["AWSOpenTelemetryDistro*"],
        HIGH,
        True,
        f"{DOC}; {SEEN}",
    ),
    ("Amazon CodeGuru Profiler", "aws", ["157417159150"], ["AWSCodeGuruProfiler*"], HIGH, False, f"{DOC}; {SEEN}"),
    (
        "AWS Lambda sample layers (us-east-1)",
        "aws",
        ["668099181075"],
        ["AWSLambda-Python*", "AWSLambda-Node-AWS-SDK*"],
        MEDIUM,
        False,
        SEEN,
    ),
    (
        "AWS Fault Injection Service extension",
        "aws",
        ["211125607513", "975050054544", "339712942424", "533267331812", "211125361907"],
        ["aws-fis-extension*"],
        MEDIUM,
        True,
        f"{SEEN}; five of its regions",
    ),
    ("Datadog", "vendor", ["464622532012", "002406178527"], ["Datadog-*", "dd-trace-*"], HIGH, True, f"{DOC}; {SEEN}"),
    ("New Relic", "vendor", ["451483290750"], ["NewRelic*"], HIGH, True, f"{DOC}; {SEEN}"),
    ("Lumigo", "vendor", ["114300393969"], ["lumigo-*"], HIGH, True, f"{DOC}; {SEEN}"),
    ("Sentry", "vendor", ["943013980633"], ["Sentry*"], HIGH, True, f"{DOC}; {SEEN}"),
    ("Dynatrace", "vendor", ["725887861453"], ["Dynatrace*"], HIGH, True, f"{DOC}; {SEEN}"),
    ("OpenTelemetry", "community", ["184161586896"], ["opentelemetry-*"], HIGH, True, f"{DOC}; {SEEN}"),
    ("Elastic", "vendor", ["267093732750"], ["elastic-apm-*"], HIGH, True, f"{DOC}; {SEEN}"),
    ("Honeycomb", "vendor", ["702835727665"], ["honeycomb-lambda-extension*"], HIGH, True, f"{DOC}; {SEEN}"),
    (
        "Splunk",
        "vendor",
        ["254067382080"],
        ["splunk-apm*", "signalfx-lambda-*"],
        HIGH,
        True,
        f"{DOC}; {SEEN}",
    ),
    ("Coralogix", "vendor", ["625240141681"], ["coralogix-*"], HIGH, True, f"{DOC}; {SEEN}"),
    ("IBM Instana", "vendor", ["410797082306"], ["instana*"], HIGH, True, f"{DOC}; {SEEN}"),
    ("Sumo Logic", "vendor", ["663229565520"], ["sumologic-*"], HIGH, True, f"{DOC}; {SEEN}"),
    ("Axiom", "vendor", ["694952825951"], ["axiom-extension-*"], HIGH, True, f"{DOC}; {SEEN}"),
    ("Logz.io", "vendor", ["486140753397"], ["logzio-*", "Logzio*"], HIGH, True, f"{DOC}; {SEEN}"),
    ("Baselime", "vendor", ["097948374213"], ["baselime-*"], HIGH, False, f"{DOC}; {SEEN}"),
    ("Cisco AppDynamics", "vendor", ["338050622354"], ["appdynamics-*"], LOW, True, ONE),
    ("Epsagon", "vendor", ["066549572091"], ["epsagon-*"], HIGH, False, SEEN),
    ("Thundra", "vendor", ["269863060030"], ["thundra-*", "merloc-*"], HIGH, False, SEEN),
    ("IOpipe", "vendor", ["146318645305"], ["IOpipe*", "pypy35"], HIGH, False, SEEN),
    (
        "HashiCorp Vault extension",
        "vendor",
        ["634166935893"],
        ["vault-lambda-extension*"],
        HIGH,
        True,
        f"{DOC}; {SEEN}",
    ),
    ("Remotion", "vendor", ["678892195805"], ["remotion-binaries-*"], HIGH, True, f"{DOC}; {SEEN}"),
    ("Stackery PHP", "community", ["887080169480"], ["php7*"], HIGH, False, DOC),
    ("Bref", "community", ["534081306603", "209497400698"], ["php-*", "arm-php-*", "console*"], HIGH, True, SEEN),
    ("Bref extra PHP extensions", "community", ["403367587399"], ["*-php-*", "bref-*"], HIGH, True, SEEN),
    ("Klayers", "community", ["770693421928"], ["Klayers-*"], HIGH, True, f"{DOC}; {SEEN}"),
    (
        "shelfio (Chromium, LibreOffice, Ghostscript)",
        "community",
        ["764866452798"],
        ["chrome-aws-lambda*", "libreoffice-*", "ghostscript*"],
        HIGH,
        True,
        f"{DOC}; {SEEN}",
    ),
    ("lambci (git, gcc)", "community", ["553035198032"], ["git*", "gcc-*", "nodejs*"], HIGH, False, SEEN),
    ("gkrizek bash", "community", ["744348701589"], ["bash"], HIGH, False, SEEN),
    ("shogo82148 Perl", "community", ["445285296882"], ["perl-*"], HIGH, True, f"{DOC}; {SEEN}"),
]


def from_cdk(path: Path) -> list[dict[str, object]]:
    """The accounts of AWS's extensions, with the regions of each."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for match in FACT.finditer(path.read_text(encoding="utf-8")):
        found[match["fact"]][match["account"]].add(match["region"])
    return [
        {
            "name": FROM_CDK[fact][0],
            "kind": "aws",
            "accounts": {account: sorted(regions) for account, regions in sorted(accounts.items())},
            "layers": FROM_CDK[fact][1],
            "confidence": HIGH,
            "maintained": True,
            "source": "aws-cdk-lib, region facts",
        }
        for fact, accounts in sorted(found.items())
    ]


def main() -> int:
    """Write the file; arguments: the CDK's file of facts, its version and date."""
    path, version, day = sys.argv[1:]
    rows = from_cdk(Path(path))
    if len(rows) != len(FROM_CDK):
        sys.stderr.write("the file of facts has another form than expected\n")
        return 1
    keys = ("name", "kind", "accounts", "layers", "confidence", "maintained", "source")
    for row in BY_HAND:
        shaped: dict[str, object] = dict(zip(keys, row, strict=True))
        shaped["accounts"] = {account: [] for account in row[2]}
        rows.append(shaped)
    document = {
        "provenance": {
            "as_of": day,
            "sources": [
                {
                    "name": "aws-cdk-lib, region facts",
                    "version": version,
                    "date": day,
                    "licence": "Apache-2.0",
                    "gives": "accounts by region of AWS's own extensions",
                },
                {
                    "name": "the publishers' documentation and public projects",
                    "version": "",
                    "date": "2026-11-21",
                    "licence": "facts",
                    "gives": "accounts of everybody else; each was looked up",
                },
            ],
            "notes": "A publisher that is not listed is unknown, not bad. 066549572091 stands for two: the CDK has it "
            "for the arm64 layer of Lambda Insights in il-central-1, everybody else for Epsagon.",
        },
        "publishers": rows,
    }
    OUT.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
