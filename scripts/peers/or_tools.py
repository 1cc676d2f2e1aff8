"""OR-Tools' routing library: guided local search from a cheapest insertion, a prize for every visit."""
import os
import sys

# Without these it gives memory back to the kernel and takes it anew all the time, which costs it a good part of its search.
MEMORY = {"MALLOC_TRIM_THRESHOLD_": "4000000000", "MALLOC_MMAP_THRESHOLD_": "4000000000", "MALLOC_TOP_PAD_": "268435456"}
if not MEMORY.keys() <= os.environ.keys():
    os.execve(sys.executable, sys.orig_argv, {**os.environ, **MEMORY})

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from plan import asked, may_serve, walking, write

PRIZE = 10_000
DAY = 2 * 86_400

problem, seconds, out = asked()
jobs, vehicles, durations = problem["jobs"], problem["vehicles"], walking(problem)
ends = sorted({vehicle[end] for vehicle in vehicles for end in ("start_index", "end_index")})
places = [job["location_index"] for job in jobs] + ends
care = [job["service"] for job in jobs] + [0] * len(ends)
node = {place: len(jobs) + at for at, place in enumerate(ends)}

manager = pywrapcp.RoutingIndexManager(
    len(places), len(vehicles), [node[v["start_index"]] for v in vehicles], [node[v["end_index"]] for v in vehicles])
routing = pywrapcp.RoutingModel(manager)
way = routing.RegisterTransitMatrix([[durations[a][b] for b in places] for a in places])
routing.SetArcCostEvaluatorOfAllVehicles(way)
spent = routing.RegisterTransitMatrix([[care[at] + durations[a][b] for b in places] for at, a in enumerate(places)])
routing.AddDimension(spent, DAY, DAY, False, "time")
time = routing.GetDimensionOrDie("time")
demand = routing.RegisterUnaryTransitVector([job["delivery"][0] for job in jobs] + [0] * len(ends))
routing.AddDimensionWithVehicleCapacity(demand, 0, [vehicle["capacity"][0] for vehicle in vehicles], True, "care")

for at, job in enumerate(jobs):
    index = manager.NodeToIndex(at)
    [[opens, closes]] = job["time_windows"]
    time.CumulVar(index).SetRange(opens, closes)
    # -1 is left out. SetAllowedVehiclesForIndex cannot be called from Python in this version, with any kind of list.
    routing.VehicleVar(index).SetValues([-1] + [n for n, vehicle in enumerate(vehicles) if may_serve(vehicle, job)])
    routing.AddDisjunction([index], job["priority"] * PRIZE)
for n, vehicle in enumerate(vehicles):
    opens, closes = vehicle["time_window"]
    time.CumulVar(routing.Start(n)).SetRange(opens, closes)
    time.CumulVar(routing.End(n)).SetRange(opens, closes)

settings = pywrapcp.DefaultRoutingSearchParameters()
settings.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
settings.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
settings.time_limit.FromSeconds(seconds)
found = routing.SolveWithParameters(settings)
if found is None:
    sys.exit("no plan found in this time")

orders = {}
for n, vehicle in enumerate(vehicles):
    order, index = [], found.Value(routing.NextVar(routing.Start(n)))
    while not routing.IsEnd(index):
        order.append(jobs[manager.IndexToNode(index)]["id"])
        index = found.Value(routing.NextVar(index))
    orders[vehicle["id"]] = order
write(problem, orders, out)
