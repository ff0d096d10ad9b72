# A client with retries and a circuit breaker, used to look up genes.
# shape: circuit-breaker; tags: failures, helpers
import asyncio
import hermod


class BreakerOpen(RuntimeError):
    pass


class Client:
    def __init__(self, retries=2, trip=3):
        self.retries, self.trip, self.failures = retries, trip, 0

    async def get(self, function, **arguments):
        if self.failures >= self.trip:
            raise BreakerOpen(function)
        last = None
        for _ in range(self.retries):
            try:
                result = await hermod.call(function, **arguments)
            except hermod.CallError as error:
                self.failures += 1
                last = error
            else:
                self.failures = 0
                return result
        raise last


async def main():
    client = Client()
    found = {}
    for gene in ("INS", "LEP", "GCG", "PPY"):
        try:
            found[gene] = await client.get("lookup_gene", name=gene)
        except BreakerOpen:
            print("giving up")
            break
        except hermod.CallError as error:
            print(gene, error)
    for gene, facts in found.items():
        print(gene, facts["chromosome"], facts["pathway"])


asyncio.run(main())
