# shellcheck shell=bash
# Sourced: what both `make check` and `make test` ask of the form of the code.

rust_form() { cargo fmt --all --check; }
rust_lint() { cargo clippy --workspace --all-targets --locked --quiet -- -D warnings; }
pages_lint() { npm --prefix frontend run --silent lint; }
pages_types() { npm --prefix frontend run --silent check; }
