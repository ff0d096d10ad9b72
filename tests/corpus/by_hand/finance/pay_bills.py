# The kinds at once; a balance waits for the transfer before it (H3), a transfer for its kind (E2).
import asyncio

import hermod

BILLS = {"Landlord": 25.0, "Power": 8.5, "Phone": 4.0}


async def main():
    kinds = {payee: hermod.call("categorize", description=payee) for payee in BILLS}
    paid = {}
    for payee, amount in sorted(BILLS.items(), key=lambda bill: bill[1], reverse=True):
        balance_call = hermod.call("get_balance", account="MAIN")
        kind, balance = await kinds[payee], await balance_call
        if balance < amount:
            paid[payee] = f"unpaid: {payee}: {balance:.2f} < {amount:.2f}"
        else:
            paid[payee] = hermod.call("transfer", source="MAIN", target=payee, amount=amount)
    for payee, result in paid.items():
        if not isinstance(result, str):
            receipt, kind = await result, await kinds[payee]
            result = f"{payee} ({kind}): {'receipt ' + str(receipt['id']) if receipt['ok'] else 'refused'}"
        print(result)


asyncio.run(main())
