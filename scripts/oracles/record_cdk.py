"""Records the templates that the AWS CDK makes of the applications in `tests/families/cdk/app.js`.

    npm install --prefix tests/families/cdk
    python -m scripts.oracles.record_cdk

Nothing is deployed and nothing is asked. Each template goes beside the other formats of its application.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import zipfile
from pathlib import Path

FAMILIES = Path(__file__).parents[2] / "tests" / "families"
APP = FAMILIES / "cdk" / "app.js"


def main() -> None:
    """Record all of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zipfile.ZipFile(folder / "function.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo("handler.py"), "")
        subprocess.run(["node", str(APP), name], check=True)  # noqa: S603, S607 - what this program is for
        for template in sorted(folder.glob("*.template.json")):
            family = template.name.partition(".")[0].replace("-", "_")
            held = json.loads(template.read_text(encoding="utf-8"))
            text = json.dumps(held, indent=1)
            (FAMILIES / family / "cdk.template.json").write_text(text + "\n", encoding="utf-8")
            print(f"{family}: {len(held['Resources'])} resources")


if __name__ == "__main__":
    main()
