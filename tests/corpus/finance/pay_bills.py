# Request: pay the three bills in order of size as long as the balance allows it.
# shape: balance-guarded-writes; tags: effects, failures
import asyncio
import hermod

BILLS = {"Landlord": 25.0, "Power": 8.5, "Phone": 4.0}


class InsufficientFunds(Exception):
    pass


async def pay(payee, amount):
    balance = await hermod.call("get_balance", account="MAIN")
    if balance < amount:
        raise InsufficientFunds(f"{payee}: {balance:.2f} < {amount:.2f}")
    receipt = await hermod.call("transfer", source="MAIN", target=payee, amount=amount)
    return receipt["id"] if receipt["ok"] else None


async def main():
    for payee, amount in sorted(BILLS.items(), key=lambda bill: bill[1], reverse=True):
        kind = await hermod.call("categorize", description=payee)
        try:
            receipt = await pay(payee, amount)
        except InsufficientFunds as problem:
            print("unpaid:", problem)
        except hermod.CallError as error:
            print("bank error:", error)
            break
        else:
            print(f"{payee} ({kind}): {'receipt ' + str(receipt) if receipt is not None else 'refused'}")


asyncio.run(main())
