"""VROOM reads the file as it is. It ends by itself; at the highest exploration level only the large days need the clock."""
from datetime import timedelta
import json
import sys

import vroom
from vroom.solution.solution import Solution

_, problem, seconds, out = sys.argv
day = vroom.Input.from_json(problem)
# `Input.solve` of this version refuses every timeout; what it calls takes one.
solution = Solution(day._solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=int(seconds))))
solution._geometry, solution._distances = day._geometry, day._distances
with open(out, "w") as file:
    json.dump(solution.to_dict(), file)
