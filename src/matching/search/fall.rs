//! How the temperature falls: slowly where walking falls into place, quickly above and below.

/// Where walking falls into place, in ways: above, every order is as good as any other, and below, it is frozen. Between them
/// the temperature falls the more slowly.
const MELTS: f64 = 0.45;
const FREEZES: f64 = 0.11;
const MORE_SLOWLY: f64 = 2.5;

/// A temperature that falls in stretches, in each at a pace of its own.
pub(super) struct Fall {
    /// Where each stretch begins, how long it is, and how slowly it falls there.
    stretches: [(f64, f64, f64); 3],
    length: f64,
    cold: f64,
}

impl Fall {
    pub(super) fn new(hot: f64, cold: f64, way: f64) -> Self {
        let hot = hot.max(cold);
        let melts = (way * MELTS).clamp(cold, hot);
        let freezes = (way * FREEZES).clamp(cold, melts);
        let stretch = |from: f64, to: f64, slowly: f64| (from, (from / to).ln() * slowly, slowly);
        let stretches = [
            stretch(hot, melts, 1.0),
            stretch(melts, freezes, MORE_SLOWLY),
            stretch(freezes, cold, 1.0),
        ];
        Self {
            stretches,
            length: stretches.iter().map(|(_, length, _)| length).sum(),
            cold,
        }
    }

    /// The temperature after a part of the way down.
    pub(super) fn after(&self, passed: f64) -> f64 {
        let mut left = passed.clamp(0.0, 1.0) * self.length;
        for (from, length, slowly) in self.stretches {
            if left < length {
                return from * (-left / slowly).exp();
            }
            left -= length;
        }
        self.cold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_lingers_where_walking_falls_into_place() {
        let fall = Fall::new(2_000.0, 20.0, 400.0);
        let between = |from: f64, to: f64| {
            let at = (0..1000).map(|part| fall.after(f64::from(part) / 1000.0));
            at.filter(|at| *at <= from && *at > to).count()
        };
        let (melts, freezes) = (400.0 * MELTS, 400.0 * FREEZES);
        assert!(between(melts, freezes) > 500);
        assert!((fall.after(0.0) - 2_000.0).abs() < 1e-6);
        assert!((fall.after(1.0) - 20.0).abs() < 1e-6);
        // As cold as that already, it falls from there.
        assert!((Fall::new(10.0, 20.0, 400.0).after(0.5) - 20.0).abs() < 1e-6);
    }
}
