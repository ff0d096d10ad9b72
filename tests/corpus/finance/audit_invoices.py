# Request: audit invoices of all customers: check numbers are unique, totals are positive; list problems; exit 1 if any.
# shape: audit-exit-code; tags: effects, failures, helpers
import asyncio
import sys

import hermod


def problems_of(invoice: dict, seen: set[str]) -> list[str]:
    problems = []
    if invoice["number"] in seen:
        problems.append(f"number {invoice['number']} is used twice")
    if invoice["total"] < 20:
        problems.append(f"{invoice['number']}: strange total {invoice['total']}")
    seen.add(invoice["number"])
    return problems


async def main() -> int:
    seen: set[str] = set()
    found: list[str] = []
    for customer in ["Eder", "Fuchs", "Gruber", "Huber"]:
        try:
            invoices = await hermod.call("list_invoices", customer=customer)
        except hermod.CallError as error:
            found.append(str(error))
            continue
        for invoice in invoices:
            found += problems_of(invoice, seen)
    for problem in found:
        print("!", problem)
    print(len(seen), "invoices checked")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
