# Everything a person or a machine starts here. Each target is a script of its own in scripts/.

.PHONY: run test soak check audit bench bench-growth bench-http bench-matching pictures contact-sheet

# Builds the pages and the program and starts the demonstration compound at http://127.0.0.1:8080.
run:
	@scripts/run

# Installs what the tests need, then runs all of them: Rust on both databases, the pages, the browser.
test:
	@scripts/test

# The long forms of the tests of trust, on the program as it is shipped: loads, kills, full disks; an hour or so.
soak:
	@scripts/soak $(ARGS)

# Form and lint alone, for the moment before a commit.
check:
	@scripts/check

# Licences, sources and advisories of everything that is built in; asks others, so it is no part of `make test`.
audit:
	@scripts/audit

# Times the program over HTTP, prints tables, and fails when the times of some service take too long.
bench:
	@scripts/bench

# Measures bookings and looks at free times over HTTP beside what the machine can do at all; ARGS="20" for 20 s each.
bench-http:
	@scripts/bench-http $(ARGS)

# Whether it stays as quick with a hundred communities and their year as with one, on both databases; ARGS="50" for 50 rounds.
bench-growth:
	@scripts/bench-growth $(ARGS)

# Measures the matching engine on the problems in benches/ and prints tables; ARGS="--peers" runs other solvers beside it.
bench-matching:
	@scripts/bench-matching $(ARGS)

# Takes the pictures of docs/pictures/ anew.
pictures:
	@scripts/pictures

# Takes every page wide, narrow, in elder mode, in English and dark, and puts them on contact sheets in target/pictures/.
contact-sheet:
	@scripts/pictures --all target/pictures
