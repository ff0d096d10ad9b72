"""Check the grammar of every section; print high-severity problems first and a count by severity."""
# shape: collect-sort-print; tags:
import asyncio
import hermod

ORDER = {"high": 0, "medium": 1, "low": 2}


async def main():
    sections = await hermod.call("split_document", path="thesis.docx")
    issues = []
    for section in sections:
        found = await hermod.call("grammar_check", text=section["text"])
        issues.extend((ORDER[issue["severity"]], section["page"], issue["message"]) for issue in found)
    issues.sort()
    names = {number: name for name, number in ORDER.items()}
    counts = {name: 0 for name in ORDER}
    for severity, page, message in issues:
        counts[names[severity]] += 1
        print(f"p. {page}: {message} ({names[severity]})")
    print(counts)


asyncio.run(main())
