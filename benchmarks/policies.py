"""How long the checks of `stockade policy validate` take: over every managed policy of AWS, and by statements."""

from __future__ import annotations

import json
import statistics
import time

from stockade.iam.validate import validate
from stockade.inputs.policy_file import read_policy
from stockade.knowledge import iam as facts
from stockade.text.document import Document
from stockade.text.json import read_json


def main() -> None:
    """Print the figures."""
    texts = {}
    for name in facts.managed_policies():
        policy = facts.managed_policy(name)
        if policy is not None:
            texts[name] = json.dumps(policy.document, indent=2)
    took: list[tuple[float, str]] = []
    for name, text in texts.items():
        began = time.process_time()
        validate(read_policy(read_json(Document(f"{name}.json", text, syntax="json"))))
        took.append((1000 * (time.process_time() - began), name))
    took.sort()
    times = [each for each, _ in took]
    print(f"{len(times)} managed policies, CPU time for each, parsing included")
    print(f"  mean    {statistics.mean(times):8.2f} ms")
    print(f"  median  {statistics.median(times):8.2f} ms")
    print(f"  99%     {times[int(len(times) * 0.99)]:8.2f} ms")
    print(f"  worst   {times[-1]:8.2f} ms  {took[-1][1]}")


if __name__ == "__main__":
    main()
