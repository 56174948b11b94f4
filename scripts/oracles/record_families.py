"""Records what Terraform plans for the applications of `tests/families`.

    python -m scripts.oracles.record_families --plugins FOLDER [NAME…]

`FOLDER` is a plugin folder with the AWS provider; nothing is fetched and no call to AWS is made. Who calls, which configurations
ask for, is answered by a server of our own on this machine, with an account that is made up. Each folder with a `main.tf` gets a
`plan.json`, the whole plan less what differs from run to run.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from scripts.oracles.record_plans import TESTS, Workspace, forget_offline, scenes

FAMILIES = TESTS / "families"
ACCOUNT = "905418000017"
_IDENTITY = f"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>arn:aws:iam::{ACCOUNT}:user/made-up</Arn><UserId>AIDAMADEUP</UserId><Account>{ACCOUNT}</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>
</GetCallerIdentityResponse>"""


class _Identity(BaseHTTPRequestHandler):
    """Says to everybody who asks that they are nobody."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = _IDENTITY.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so named by its base
        """Say nothing."""


@contextmanager
def identity() -> Iterator[str]:
    """The address of a server that says who calls."""
    server = HTTPServer(("127.0.0.1", 0), _Identity)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _given(root: Path) -> dict[str, str]:
    """The values in the first comment `# scene: {…}`, as of `record_plans.py`."""
    return next((given for given in scenes(root) if given), {})


def record(root: Path, plugins: Path, url: str) -> int:
    """Write the plan of an application; how many changes it has."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(root, Path(folder), plugins, {"AWS_ENDPOINT_URL_STS": url})
        plan = workspace.plan(_given(root))
        forget_offline(plan)
        plan.pop("timestamp", None)
        plan.get("relevant_attributes", []).sort(key=lambda found: (found["resource"], found["attribute"]))
        text = json.dumps(plan, indent=1, ensure_ascii=False)
        if folder in text or re.search(r"127\.0\.0\.1", text):
            raise SystemExit(f"{root.name}: the plan tells of this machine")
    (root / "plan.json").write_text(text + "\n", encoding="utf-8")
    return len(plan["resource_changes"])


def main() -> None:
    """Record all of them, or those that are named."""
    parser = argparse.ArgumentParser(description="Records what Terraform plans for the families of applications.")
    parser.add_argument("--plugins", type=Path, required=True, help="a plugin folder with the AWS provider")
    parser.add_argument("names", nargs="*", help="of folders; all of them by default")
    given = parser.parse_args()
    with identity() as url:
        for file in sorted(FAMILIES.glob("*/main.tf")):
            if not given.names or file.parent.name in given.names:
                print(f"{file.parent.name}: {record(file.parent, given.plugins, url)} changes")


if __name__ == "__main__":
    main()
