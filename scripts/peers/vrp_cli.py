"""vrp-cli, in its "pragmatic" format: first the value of who is served, then how many are left out, then walking."""
from datetime import datetime, timezone
import json
from pathlib import Path
import subprocess
import sys
from tempfile import TemporaryDirectory

from plan import asked, walking, write

PROGRAM = Path(__file__).resolve().parents[2] / "target/peers/bin/vrp-cli"

problem, seconds, out = asked()
jobs, vehicles, durations = problem["jobs"], problem["vehicles"], walking(problem)
# It refuses a matrix with a row that nothing in the problem uses.
used = sorted({job["location_index"] for job in jobs} | {v[end] for v in vehicles for end in ("start_index", "end_index")})


def place(index):
    return {"index": used.index(index)}


def clock(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def asked_for(job):
    at = {"location": place(job["location_index"]), "duration": job["service"],
          "times": [[clock(opens), clock(closes)] for opens, closes in job["time_windows"]]}
    return {"id": str(job["id"]), "deliveries": [{"places": [at], "demand": job["delivery"]}], "value": job["priority"],
            "skills": {"allOf": [str(skill) for skill in job["skills"]]}}


def helper(vehicle):
    opens, closes = vehicle["time_window"]
    shift = {"start": {"earliest": clock(opens), "location": place(vehicle["start_index"])},
             "end": {"latest": clock(closes), "location": place(vehicle["end_index"])}}
    # The matrix' distances are the seconds too, so that walking costs and waiting does not.
    return {"typeId": f"type{vehicle['id']}", "vehicleIds": [str(vehicle["id"])], "profile": {"matrix": "foot"},
            "costs": {"fixed": 0, "distance": 1, "time": 0}, "shifts": [shift], "capacity": vehicle["capacity"],
            "skills": [str(skill) for skill in vehicle["skills"]]}


stated = {
    "plan": {"jobs": [asked_for(job) for job in jobs]},
    "fleet": {"vehicles": [helper(vehicle) for vehicle in vehicles], "profiles": [{"name": "foot"}]},
    "objectives": [{"type": "maximize-value"}, {"type": "minimize-unassigned"}, {"type": "minimize-cost"}],
}
ways = [durations[a][b] for a in used for b in used]
with TemporaryDirectory() as folder:
    problem_file, matrix, solution = (Path(folder) / name for name in ("problem.json", "matrix.json", "solution.json"))
    problem_file.write_text(json.dumps(stated))
    matrix.write_text(json.dumps({"profile": "foot", "travelTimes": ways, "distances": ways}))
    command = [PROGRAM, "solve", "pragmatic", problem_file, "-m", matrix, "-o", solution, "-t", str(seconds), "-p", "1,1"]
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if ended.returncode != 0 or not solution.exists():
        sys.exit(ended.stdout)
    tours = json.loads(solution.read_text())["tours"]

ids = {str(job["id"]) for job in jobs}
orders = {int(tour["vehicleId"]): [int(activity["jobId"]) for stop in tour["stops"] for activity in stop["activities"]
                                   if activity["jobId"] in ids] for tour in tours}
write(problem, orders, out)
