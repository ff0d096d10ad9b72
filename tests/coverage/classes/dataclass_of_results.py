# must: max(t)
import asyncio
from dataclasses import dataclass, field

import hermod


@dataclass
class Finding:
    text: str
    category: str
    notes: list = field(default_factory=list)


async def main():
    findings = []
    for text in ["letter", "invoice"]:
        category = await hermod.call("classify", text=text)
        score = await hermod.call("embed", text=text)
        findings.append(Finding(text, category, [score]))
    for finding in findings:
        print(finding)


asyncio.run(main())
