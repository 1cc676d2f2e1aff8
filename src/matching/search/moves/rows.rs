//! Moves of a few visits in a row: they change places with some of another helper's, or with none.

use super::super::model::Model;
use super::{Moves, Time};
use rand::rngs::SmallRng;

/// Visits in a row at most.
const LONGEST: usize = 3;
/// How many of one helper's and how many of the other's change places, each as likely as its share of this list. One and one,
/// and one and none, have moves of their own.
pub(super) const SIZES: [(usize, usize); 8] = [
    (2, 0),
    (2, 0),
    (2, 1),
    (1, 2),
    (2, 2),
    (3, 0),
    (3, 1),
    (3, 2),
];

/// Visits of one helper that follow each other; none at all is a gap.
struct Row {
    visits: [u32; LONGEST],
    length: usize,
    /// The nodes around it.
    before: usize,
    after: usize,
    load: i32,
}

/// The slot of each visit of a row, in their order.
type Slots = [(Time, Time); LONGEST];

impl Row {
    fn visits(&self) -> impl Iterator<Item = usize> + '_ {
        self.visits[..self.length]
            .iter()
            .map(|visit| *visit as usize)
    }

    fn gap(&self) -> (usize, usize) {
        (self.before, self.after)
    }
}

impl Moves {
    /// So many visits from one on; `None` where its route has not as many.
    #[inline]
    fn row(&self, first: usize, length: usize) -> Option<Row> {
        let mut row = Row {
            visits: [0; LONGEST],
            length,
            before: self.nodes[first].before as usize,
            after: first,
            load: 0,
        };
        for visit in &mut row.visits[..length] {
            if row.after >= self.visits {
                return None;
            }
            let node = &self.nodes[row.after];
            *visit = row.after as u32;
            row.load += node.load;
            row.after = node.after as usize;
        }
        Some(row)
    }

    /// Walking into a row and out of it, were it between two nodes.
    #[inline]
    fn around(&self, model: &Model, row: &Row, (before, after): (usize, usize)) -> i64 {
        let Some(last) = row.length.checked_sub(1) else {
            return self.way(model, before, after);
        };
        self.way(model, before, row.visits[0] as usize)
            + self.way(model, row.visits[last] as usize, after)
    }

    /// The slots in which a helper makes a row of visits between two nodes of hers.
    #[inline]
    fn fit_row(
        &self,
        model: &Model,
        row: &Row,
        (before, after): (usize, usize),
        helper: usize,
    ) -> Option<Slots> {
        let mut slots = [(0, 0); LONGEST];
        let node = &self.nodes[before];
        let (mut free, mut place) = (node.early + node.duration, node.place);
        for (visit, of) in row.visits().zip(&mut slots) {
            let node = &self.nodes[visit];
            let ready = free + model.walk(0, place, node.place);
            let slot = self.slot(helper, visit, ready)?;
            (free, place, *of) = (slot.0.max(ready) + node.duration, node.place, slot);
        }
        let after = &self.nodes[after];
        (free + model.walk(0, place, after.place) <= after.late).then_some(slots)
    }

    /// So many visits from `one` on change places with so many of another helper's from `other` on; where those are none, they
    /// go before it.
    pub(super) fn exchange_rows(
        &mut self,
        model: &Model,
        (one, other): (usize, usize),
        (many, as_many): (usize, usize),
        rng: &mut SmallRng,
    ) {
        let (hers, theirs) = (
            self.nodes[one].helper as usize,
            self.nodes[other].helper as usize,
        );
        if hers == theirs {
            return;
        }
        let (Some(mine), Some(yours)) = (self.row(one, many), self.row(other, as_many)) else {
            return;
        };
        let (here, there) = (mine.gap(), yours.gap());
        let was = self.around(model, &mine, here) + self.around(model, &yours, there);
        let will = self.around(model, &mine, there) + self.around(model, &yours, here);
        let worse = will - was;
        let (load, number) = (yours.load - mine.load, as_many as i32 - many as i32);
        if self.is_hopeless(worse)
            || load > self.left[hers]
            || -load > self.left[theirs]
            || number > self.room[hers]
            || -number > self.room[theirs]
        {
            return;
        }
        if let Some(of_mine) = self.fit_row(model, &mine, there, theirs)
            && let Some(of_yours) = self.fit_row(model, &yours, here, hers)
            && self.takes(worse, rng)
        {
            for visit in mine.visits().chain(yours.visits()) {
                self.unlink(visit);
            }
            self.link_row(&mine, there.0, &of_mine);
            self.link_row(&yours, here.0, &of_yours);
            self.refresh(model, hers);
            self.refresh(model, theirs);
        }
    }

    fn link_row(&mut self, row: &Row, mut before: usize, slots: &Slots) {
        for (visit, slot) in row.visits().zip(slots) {
            self.link(visit, before, *slot);
            before = visit;
        }
    }
}
