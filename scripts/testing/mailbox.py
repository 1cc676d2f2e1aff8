"""A real SMTP server for tests: writes every mail that arrives into a folder, one file each.

Use: mailbox.py FOLDER [--refuse SHARE] [--lose SHARE]. Listens on a free port of 127.0.0.1 and prints that port as its first line. Each file
carries the envelope on top, as X-MailFrom and X-RcptTo, and appears whole or not at all. A share of the mails can be
refused for now, as a busy server does; and a share be taken in and lost, to show that a test would notice.
"""

import argparse
import asyncio
import itertools
import random
import signal
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Folder:
    """Takes in what arrives."""

    def __init__(self, folder: Path, refuse: float, lose: float) -> None:
        self.folder = folder
        self.refuse = refuse
        self.lose = lose
        self.dice = random.Random(7)
        self.numbers = itertools.count(1)

    async def handle_DATA(self, _server, _session, envelope) -> str:
        if self.dice.random() < self.refuse:
            return "451 Busy, try again later"
        if self.dice.random() < self.lose:
            return "250 Taken in, or so it says"
        number = next(self.numbers)
        top = f"X-MailFrom: {envelope.mail_from}\r\nX-RcptTo: {', '.join(envelope.rcpt_tos)}\r\n"
        unfinished = self.folder / f".{number:06}.part"
        unfinished.write_bytes(top.encode() + envelope.original_content)
        unfinished.rename(self.folder / f"{number:06}.eml")
        return "250 Taken in"


async def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--refuse", type=float, default=0)
    asked.add_argument("--lose", type=float, default=0)
    asked = asked.parse_args()
    loop = asyncio.get_running_loop()
    handler = Folder(asked.folder, asked.refuse, asked.lose)
    server = await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    await stopped.wait()
    server.close()


asyncio.run(main())
