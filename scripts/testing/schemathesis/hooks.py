"""How schemathesis signs in, and how it reaches what is there."""

import os

import requests
import schemathesis

LOGIN = os.environ.get("YINLING_LOGIN")
PASSWORD = os.environ.get("YINLING_PASSWORD")
# Numbers up to this one lead to something in the compound of the tests; larger ones are brought down to it now and then.
KNOWN = 12


class Session:
    """One sign-in for all requests, made anew where a request has ended it (signing out, ending all sign-ins)."""

    cookie = None

    def __init__(self, address):
        self.address = address

    def holds(self):
        if self.cookie is None:
            return False
        answer = requests.get(f"{self.address}/api/me", headers={"Cookie": self.cookie}, timeout=60)
        return answer.status_code == 200

    def enter(self):
        body = {"login": LOGIN, "password": PASSWORD}
        answer = requests.post(f"{self.address}/api/session", json=body, timeout=60)
        answer.raise_for_status()
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]


SESSION = Session(os.environ["YINLING_ADDRESS"])
# Set by an answer that says that nobody is signed in.
doubtful = True


if LOGIN:

    @schemathesis.auth(refresh_interval=None)
    class SignedIn:
        def get(self, case, context):
            global doubtful
            if doubtful and not SESSION.holds():
                SESSION.enter()
            doubtful = False
            return SESSION.cookie

        def set(self, case, data, context):
            name, value = data.split("=", 1)
            case.cookies = {**(case.cookies or {}), name: value}


WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@schemathesis.serializer(WORKBOOK)
def workbook(context, value):
    """A body of any bytes; schemathesis knows no workbooks, and what is none has to be refused in words."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def after_call(context, case, response):
    global doubtful
    if response.status_code == 401 or (case.method, case.operation.path) in ENDS:
        doubtful = True


# What ends the sign-in that asks for it.
ENDS = {
    ("DELETE", "/api/session"),
    ("DELETE", "/api/me/sessions"),
    ("DELETE", "/api/me/sessions/{name}"),
    ("PUT", "/api/me/password"),
    ("DELETE", "/api/accounts/{id}/sessions"),
}


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Most numbers that are drawn lead nowhere: of the large ones every other is brought down to one that leads somewhere."""
    if path_parameters:
        for name, value in path_parameters.items():
            if isinstance(value, int) and not isinstance(value, bool) and value > KNOWN and value % 2 == 0:
                path_parameters[name] = value // 2 % KNOWN + 1
    return path_parameters
