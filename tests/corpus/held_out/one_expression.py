# Which of these genes are essential, by pathway?
# shape: one-expression; tags:
import asyncio, hermod
from itertools import groupby

GENES = "BRCA1 TP53 EGFR MYC KRAS".split()

async def main():
    print("\n".join(
        f"{pathway}: {' '.join(name for _, name in group)}"
        for pathway, group in groupby(sorted([
            (gene["pathway"], name)
            for name, gene in zip(GENES, [await hermod.call("lookup_gene", name=n) for n in GENES])
            if gene["essential"]
        ]), key=lambda pair: pair[0])
    ) or "none")

asyncio.run(main())
