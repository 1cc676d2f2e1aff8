# Everything a person or a machine starts here. Each target is a script of its own in scripts/.

.PHONY: run test check bench bench-matching pictures

# Builds the pages and the program and starts the demonstration compound at http://127.0.0.1:8080.
run:
	@scripts/run

# Installs what the tests need, then runs all of them: Rust on both databases, the pages, the browser.
test:
	@scripts/test

# Form and lint alone, for the moment before a commit.
check:
	@scripts/check

# Times the program over HTTP, prints tables, and fails when the times of some service take too long.
bench:
	@scripts/bench

# Measures the matching engine on the problems in benches/ and prints tables; ARGS="--peers" runs other solvers beside it.
bench-matching:
	@scripts/bench-matching $(ARGS)

# Takes the pictures of docs/pictures/ anew.
pictures:
	@scripts/pictures
