# Request: move leftover money to savings: everything above 30 in each account, and keep a ledger of it.
# shape: class-ledger-writes; tags: effects, failures, helpers
import asyncio
import hermod


class Ledger:
    KEEP = 30.0

    def __init__(self, accounts):
        self.accounts = list(accounts)
        self.entries = []

    async def sweep(self):
        for account in self.accounts:
            balance = await hermod.call("get_balance", account=account)
            surplus = round(balance - self.KEEP, 2)
            if surplus <= 0:
                self.entries.append((account, 0.0, "nothing to move"))
                continue
            await self._move(account, surplus)

    async def _move(self, account, amount):
        try:
            receipt = await hermod.call("transfer", source=account, target="SAVINGS", amount=amount)
        except hermod.CallError as error:
            self.entries.append((account, 0.0, str(error)))
        else:
            self.entries.append((account, amount if receipt["ok"] else 0.0, f"receipt {receipt['id']}"))

    def __len__(self):
        return len(self.entries)

    def total(self):
        return sum(amount for _, amount, _ in self.entries)


async def main():
    ledger = Ledger(["A", "B", "C", "D"])
    await ledger.sweep()
    for entry in ledger.entries:
        print(*entry)
    print(len(ledger), "entries,", ledger.total())


asyncio.run(main())
