import asyncio

import hermod


from dataclasses import dataclass


@dataclass
class Finding:
    text: str
    category: str


async def main():
    findings = []
    for text in ["a", "b"]:
        category = await hermod.call("classify", text=text)
        findings.append(Finding(text, category))
    for finding in findings:
        print(finding.text, finding.category)


asyncio.run(main())
