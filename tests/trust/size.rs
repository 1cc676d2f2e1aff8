//! How long a test goes on: short in `make test`, long in `make soak`.

/// Whether the long forms are wanted (`YINLING_SOAK=1`).
pub fn is_long() -> bool {
    std::env::var_os("YINLING_SOAK").is_some()
}

/// One of two sizes.
pub fn of<T>(short: T, long: T) -> T {
    if is_long() { long } else { short }
}
