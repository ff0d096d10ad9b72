import asyncio
from dataclasses import dataclass, field

import hermod


@dataclass
class Job:
    text: str
    done: list = field(default_factory=list)


async def main():
    jobs = [Job("a"), Job("b")]
    jobs.append(jobs[0])
    for job in jobs:
        job.done.append(await hermod.call("classify", text=job.text + "".join(job.done)))
    print(jobs)


asyncio.run(main())
