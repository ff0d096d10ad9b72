"""Check every claim of the press release against the annual report."""
# shape: product-of-two-lists; tags:
import asyncio
import hermod


async def main():
    claims = await hermod.call("keywords", text="press release of March")
    report = await hermod.call("split_document", path="annual.pdf")
    unsupported = []
    for claim in claims:
        support = 0.0
        for section in report:
            support = max(support, await hermod.call("similarity", first=claim, second=section["text"]))
        print(f"{claim}: {support:.1f}")
        if support < 90:
            unsupported.append(claim)
    if unsupported:
        print("Unsupported:", *unsupported)


asyncio.run(main())
