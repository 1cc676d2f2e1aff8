"""What all peers share: the problem as it is on the disk, and a plan written as VROOM's output.

A peer hands over who goes to whom in which order. The starts are derived here, each as early as it can be, so that no
rounding or clock of a peer's own stands between its plan and the judge.
"""
import json
import sys


def asked():
    problem, seconds, out = sys.argv[1:4]
    with open(problem) as file:
        return json.load(file), int(seconds), out


def walking(problem, profile="foot"):
    return problem["matrices"][profile]["durations"]


def may_serve(vehicle, job):
    return set(job.get("skills", [])) <= set(vehicle.get("skills", []))


def write(problem, orders, out):
    """`orders`: the ids of the jobs, in order, by the id of the vehicle."""
    jobs = {job["id"]: job for job in problem["jobs"]}
    vehicles = {vehicle["id"]: vehicle for vehicle in problem["vehicles"]}
    routes, served = [], set()
    for vehicle_id, order in orders.items():
        vehicle, steps = vehicles[vehicle_id], []
        now, here = vehicle["time_window"][0], vehicle["start_index"]
        for job in (jobs[job_id] for job_id in order):
            arrival = now + walking(problem)[here][job["location_index"]]
            start = next((max(arrival, opens) for opens, closes in job["time_windows"] if arrival <= closes), arrival)
            steps.append({"type": "job", "id": job["id"], "job": job["id"], "arrival": arrival, "waiting_time": start - arrival})
            now, here = start + job["service"], job["location_index"]
            served.add(job["id"])
        if steps:
            routes.append({"vehicle": vehicle_id, "steps": steps})
    left = [{"id": job_id} for job_id in jobs if job_id not in served]
    with open(out, "w") as file:
        json.dump({"unassigned": left, "routes": routes}, file)
