# Request: closing routine: for every account list balance, flag negative or tiny ones, mark in one alert at the end.
# shape: collect-then-single-write; tags: effects, failures
import asyncio
import hermod

ACCOUNTS = ["MAIN", "PETTY", "SALARY", "TAX", "RESERVE"]


async def main():
    flagged: list[str] = []
    unknown: list[str] = []
    balances: dict[str, float] = {}
    for account in ACCOUNTS:
        try:
            balances[account] = await hermod.call("get_balance", account=account)
        except hermod.CallError:
            unknown.append(account)
            continue
        if balances[account] < 50:
            flagged.append(account)
    for account, balance in balances.items():
        print(f"{account:<8}{balance:>10.2f}{' *' if account in flagged else ''}")
    if unknown:
        print("unknown:", *unknown)
    if flagged:
        lines = "; ".join(f"{account}: {balances[account]:.2f}" for account in flagged)
        await hermod.call("send_alert", to="accounting", text=lines)


asyncio.run(main())
