"""PyVRP knows no skills: helpers who may serve the same visits share a profile, in which the way to every other is prohibitive."""
from collections import Counter

import numpy
from pyvrp import Client, Depot, Location, ProblemData, VehicleType, solve
from pyvrp.stop import MaxRuntime

from plan import asked, may_serve, walking, write

PRIZE = 10_000
# More than all prizes together, so that no plan gains from such a way.
PROHIBITIVE = 10**9

problem, seconds, out = asked()
jobs, vehicles = problem["jobs"], problem["vehicles"]
ends = sorted({vehicle[end] for vehicle in vehicles for end in ("start_index", "end_index")})
places = ends + [job["location_index"] for job in jobs]
durations = numpy.array(walking(problem), dtype=numpy.int64)[numpy.ix_(places, places)]
numpy.fill_diagonal(durations, 0)


def served_by(vehicle):
    return tuple(may_serve(vehicle, job) for job in jobs)


profiles = sorted({served_by(vehicle) for vehicle in vehicles})
distances = []
for profile in profiles:
    forbidden = len(ends) + numpy.flatnonzero(~numpy.array(profile))
    ways = durations.copy()
    ways[:, forbidden] = PROHIBITIVE
    numpy.fill_diagonal(ways, 0)
    distances.append(ways)


def kind(vehicle):
    return (profiles.index(served_by(vehicle)), *vehicle["time_window"], *vehicle["capacity"],
            ends.index(vehicle["start_index"]), ends.index(vehicle["end_index"]))


def client(at, job):
    [[opens, closes]] = job["time_windows"]
    return Client(len(ends) + at, delivery=job["delivery"], service_duration=job["service"], tw_early=opens, tw_late=closes,
                  prize=job["priority"] * PRIZE, required=False)


kinds = Counter(map(kind, vehicles))
data = ProblemData(
    locations=[Location(0, 0) for _ in places],
    clients=[client(at, job) for at, job in enumerate(jobs)],
    depots=[Depot(at) for at in range(len(ends))],
    vehicle_types=[
        VehicleType(count, [capacity], start, end, tw_early=opens, tw_late=closes, profile=profile)
        for (profile, opens, closes, capacity, start, end), count in kinds.items()
    ],
    distance_matrices=distances,
    duration_matrices=[durations] * len(profiles),
)
found = solve(data, MaxRuntime(seconds), seed=1, collect_stats=False).best

alike = {key: [vehicle["id"] for vehicle in vehicles if kind(vehicle) == key] for key in kinds}
orders = {}
for route in found.routes():
    visits = [jobs[activity.idx]["id"] for activity in route.schedule() if activity.is_client()]
    orders[alike[list(kinds)[route.vehicle_type()]].pop()] = visits
write(problem, orders, out)
