# Work through a job list; jobs may add new jobs (translations of flagged texts), at most 12.
# shape: growing-worklist; tags: 
import asyncio
import hermod

JOBS = [("check", "hola"), ("check", "adios"), ("check", "gracias"), ("check", "amigo")]

async def main():
    jobs = list(JOBS)
    done = 0
    while jobs and done < 12:
        kind, text = jobs.pop(0)
        done += 1
        if kind == "check":
            verdict = await hermod.call("moderate", text=text)
            if verdict["flagged"]:
                jobs.append(("translate", text))
            print("checked", text, verdict["category"])
        elif kind == "translate":
            english = await hermod.call("translate", text=text, language="en")
            if english != text:
                jobs.append(("rate", english))
            print("translated", text, english)
        else:
            print("rated", text, await hermod.call("rate", text=text, aspect="harm"))
    print(done, "jobs")

asyncio.run(main())
