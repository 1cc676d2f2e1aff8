//! How visits come to be in hand, and what that costs: the cheapest way known, for each number of visits before.

use super::super::NOBODY;
use super::DEEPEST;

/// More than anything costs.
pub(super) const FAR: i64 = i64::MAX / 4;
/// Places remembered for a visit that goes aside, on as many routes.
const ROOMS: usize = 3;

/// How a visit came to be in hand.
#[derive(Clone, Copy)]
struct Label {
    /// Walking added so far.
    cost: i64,
    /// Who takes its place; of one that was left out nobody.
    by: Goes,
    /// Who leaves with it, and goes behind a node elsewhere.
    aside: Goes,
}

/// A visit goes behind a node.
#[derive(Clone, Copy)]
pub(super) struct Goes {
    pub visit: u32,
    pub behind: u32,
}

impl Goes {
    const NONE: Self = Self {
        visit: NOBODY,
        behind: NOBODY,
    };

    pub(super) const fn new(visit: usize, behind: usize) -> Self {
        Self {
            visit: visit as u32,
            behind: behind as u32,
        }
    }
}

const NONE: Label = Label {
    cost: FAR,
    by: Goes::NONE,
    aside: Goes::NONE,
};

/// A visit goes behind a node; another leaves that route, or two, or nobody.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub visit: u32,
    pub behind: u32,
    out: u32,
    aside: Goes,
}

impl Link {
    pub(super) fn out(&self) -> impl Iterator<Item = usize> + use<> {
        let out = [self.out, self.aside.visit].into_iter();
        out.filter(|visit| *visit != NOBODY)
            .map(|visit| visit as usize)
    }

    pub(super) const fn takes_out(&self, visit: usize) -> bool {
        self.out == visit as u32 || self.aside.visit == visit as u32
    }

    /// Who goes aside, and behind which node.
    pub(super) fn aside(&self) -> Option<(usize, usize)> {
        let Goes { visit, behind } = self.aside;
        (visit != NOBODY).then_some((visit as usize, behind as usize))
    }
}

/// The last visit of a chain finds room.
#[derive(Clone, Copy)]
pub(super) struct End {
    pub cost: i64,
    layer: usize,
    goes: Goes,
}

/// Where a visit finds room on others' routes: what it costs, and behind which node; cheapest first.
pub(super) type Rooms = [(i64, u32); ROOMS];

/// What is known while chains are looked for, and the memory for it.
#[derive(Clone, Default)]
pub(in super::super) struct Labels {
    layers: Vec<Vec<Label>>,
    reached: Vec<Vec<u32>>,
    /// Of each visit: what its cheapest label costs.
    least: Vec<i64>,
    rooms: Vec<Option<Rooms>>,
    /// What no chain may cost.
    most: i64,
    pub(super) end: Option<End>,
}

impl Labels {
    pub(super) fn clear(&mut self, visits: usize, most: i64) {
        self.layers.resize_with(DEEPEST, Vec::new);
        self.reached.resize_with(DEEPEST, Vec::new);
        for (layer, reached) in self.layers.iter_mut().zip(&mut self.reached) {
            layer.clear();
            layer.resize(visits, NONE);
            reached.clear();
        }
        self.least.clear();
        self.least.resize(visits, FAR);
        self.rooms.clear();
        self.rooms.resize(visits, None);
        self.most = most;
        self.end = None;
    }

    /// A visit that is left out is in hand.
    pub(super) fn begin_with(&mut self, visit: u32) {
        self.layers[0][visit as usize].cost = 0;
        self.least[visit as usize] = 0;
        self.reached[0].push(visit);
    }

    /// The visits in hand after so many others.
    pub(super) fn layer(&self, layer: usize) -> Vec<u32> {
        self.reached[layer].clone()
    }

    /// What it costs that a visit is in hand in a layer; `None` where another chain gets there for less.
    pub(super) fn cost(&self, layer: usize, visit: usize) -> Option<i64> {
        let cost = self.layers[layer][visit].cost;
        (cost == self.least[visit]).then_some(cost)
    }

    /// The helpers of a chain that has a visit in hand, into `path`; how many they are.
    pub(super) fn path(
        &self,
        (mut layer, visit): (usize, usize),
        helper: impl Fn(u32) -> u32,
        path: &mut [u32; 2 * DEEPEST],
    ) -> usize {
        let (mut on, mut long) = (visit as u32, 0);
        loop {
            let label = &self.layers[layer][on as usize];
            path[long] = helper(on);
            long += 1;
            if label.aside.behind != NOBODY {
                path[long] = helper(label.aside.behind);
                long += 1;
            }
            if layer == 0 {
                return long;
            }
            (on, layer) = (label.by.visit, layer - 1);
        }
    }

    /// Whether it would be news that a visit is in hand at so much.
    #[inline]
    pub(super) fn is_cheaper(&self, visit: usize, cost: i64) -> bool {
        cost < self.most && cost < self.least[visit]
    }

    /// A visit is in hand in a layer, since another takes its place and, where it does not leave alone, one goes aside.
    #[inline]
    pub(super) fn reach(
        &mut self,
        (layer, visit): (usize, usize),
        cost: i64,
        by: Goes,
        aside: Option<Goes>,
    ) {
        if !self.is_cheaper(visit, cost) {
            return;
        }
        self.least[visit] = cost;
        let label = &mut self.layers[layer][visit];
        if label.cost == FAR {
            self.reached[layer].push(visit as u32);
        }
        let aside = aside.unwrap_or(Goes::NONE);
        *label = Label { cost, by, aside };
    }

    /// A chain ends.
    #[inline]
    pub(super) fn ends(&mut self, layer: usize, cost: i64, goes: Goes) {
        if self.end.is_none_or(|end| cost < end.cost) {
            self.end = Some(End { cost, layer, goes });
        }
    }

    /// Where a visit finds room, as it is known or as `find` finds it.
    #[inline]
    pub(super) fn rooms(&mut self, visit: usize, find: impl FnOnce() -> Rooms) -> Rooms {
        *self.rooms[visit].get_or_insert_with(find)
    }

    /// The links of a chain, of who was left out first.
    pub(super) fn links(&self, end: &End) -> Vec<Link> {
        let link = |goes: Goes, out: u32, aside: Goes| Link {
            visit: goes.visit,
            behind: goes.behind,
            out,
            aside,
        };
        let mut links = vec![link(end.goes, NOBODY, Goes::NONE)];
        let mut out = end.goes.visit;
        for layer in (1..=end.layer).rev() {
            let label = &self.layers[layer][out as usize];
            links.push(link(label.by, out, label.aside));
            out = label.by.visit;
        }
        links.reverse();
        links
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_told_from_who_was_left_out_to_who_finds_room() {
        let mut labels = Labels::default();
        labels.clear(10, 1_000);
        labels.begin_with(1);
        labels.reach((1, 2), 100, Goes::new(1, 11), None);
        let aside = Some(Goes::new(4, 14));
        labels.reach((2, 3), 150, Goes::new(2, 12), aside);
        labels.ends(2, 160, Goes::new(3, 13));
        let links = labels.links(&labels.end.unwrap());
        let told: Vec<_> = links
            .iter()
            .map(|link| (link.visit, link.behind, link.out().collect::<Vec<_>>()))
            .collect();
        let expected = [(1, 11, vec![2]), (2, 12, vec![3, 4]), (3, 13, vec![])];
        assert_eq!(told, expected);
        let mut path = [0; 2 * DEEPEST];
        let long = labels.path((2, 3), |node| node + 100, &mut path);
        assert_eq!(path[..long], [103, 114, 102, 101]);
    }

    #[test]
    fn only_what_is_cheaper_than_all_before_is_news() {
        let mut labels = Labels::default();
        labels.clear(10, 1_000);
        labels.begin_with(1);
        labels.reach((1, 2), 100, Goes::new(1, 11), None);
        labels.reach((2, 2), 100, Goes::new(3, 12), None);
        labels.reach((2, 3), 1_000, Goes::new(2, 12), None);
        assert_eq!(labels.layer(1), [2]);
        assert!(labels.layer(2).is_empty(), "as dear, and too dear");
        labels.reach((2, 2), 99, Goes::new(3, 12), None);
        assert_eq!((labels.layer(2), labels.cost(2, 2)), (vec![2], Some(99)));
        assert_eq!(labels.cost(1, 2), None);
    }
}
