//! What is to be matched, what a plan is, and what a plan costs: plain data, judged without any of the search's code.

/// A service somebody waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Where it is given: a row of [`Instance::travel`].
    pub place: usize,
    /// How long it lasts.
    pub duration: f64,
    /// It may not start earlier.
    pub open: f64,
    /// From here on its start counts as late.
    pub due: f64,
    /// The caregivers who may give it, in rising order.
    pub allowed: Vec<usize>,
}

/// Two tasks whose starts depend on each other. A task is in one link at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Link {
    /// They start at the same moment, by two different caregivers.
    Together(usize, usize),
    /// The second starts between `min` and `max` after the first does, perhaps by the same caregiver.
    Apart {
        /// The one that starts first.
        first: usize,
        /// The one that starts later.
        second: usize,
        /// The least time between the two starts.
        min: f64,
        /// The greatest time between the two starts.
        max: f64,
    },
}

impl Link {
    /// Its two tasks, the first one first.
    #[must_use]
    pub fn tasks(&self) -> (usize, usize) {
        match *self {
            Self::Together(first, second) | Self::Apart { first, second, .. } => (first, second),
        }
    }
}

/// A day: every task is to be given once; all routes begin and end at place 0, from time 0 on.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// What is to be done.
    pub tasks: Vec<Task>,
    /// Which tasks depend on each other.
    pub links: Vec<Link>,
    /// How many can do it.
    pub caregivers: usize,
    /// Travel from place to place.
    pub travel: Vec<Vec<f64>>,
}

/// Who does what in which order, and when each task starts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// Tasks in order, one list a caregiver.
    pub routes: Vec<Vec<usize>>,
    /// The start of each task.
    pub starts: Vec<f64>,
}

/// What a plan costs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cost {
    /// The length of all routes, with the ways out and home.
    pub travel: f64,
    /// The lateness of all tasks.
    pub lateness: f64,
    /// The lateness of the latest task.
    pub worst: f64,
}

impl Cost {
    /// The mean of the three, which is what is to be as small as possible.
    #[must_use]
    pub fn value(&self) -> f64 {
        (self.travel + self.lateness + self.worst) / 3.0
    }
}

/// Starts may be this much too early for rounding.
const SLACK: f64 = 1e-6;

impl Instance {
    /// What `plan` costs, or a sentence that says what is wrong with it.
    ///
    /// # Errors
    /// If a task is missing, given twice, given by somebody who may not, too early, or against its link.
    pub fn cost(&self, plan: &Plan) -> Result<Cost, String> {
        if plan.routes.len() != self.caregivers || plan.starts.len() != self.tasks.len() {
            return Err("a plan has a route for each caregiver and a start for each task".into());
        }
        let mut given_by = vec![None; self.tasks.len()];
        let mut cost = Cost::default();
        for (caregiver, route) in plan.routes.iter().enumerate() {
            let (mut here, mut free) = (0, 0.0);
            for &at in route {
                let task = self.tasks.get(at).ok_or(format!("there is no task {at}"))?;
                let start = plan.starts[at];
                if given_by[at].replace(caregiver).is_some() {
                    return Err(format!("task {at} is given twice"));
                }
                if !task.allowed.contains(&caregiver) {
                    return Err(format!("caregiver {caregiver} may not give task {at}"));
                }
                if start < task.open - SLACK {
                    return Err(format!("task {at} starts before it may"));
                }
                if start < free + self.travel[here][task.place] - SLACK {
                    return Err(format!(
                        "caregiver {caregiver} cannot be at task {at} in time"
                    ));
                }
                let late = (start - task.due).max(0.0);
                cost.travel += self.travel[here][task.place];
                cost.lateness += late;
                cost.worst = cost.worst.max(late);
                (here, free) = (task.place, start + task.duration);
            }
            if !route.is_empty() {
                cost.travel += self.travel[here][0];
            }
        }
        if let Some(at) = given_by.iter().position(Option::is_none) {
            return Err(format!("task {at} is not given"));
        }
        for link in &self.links {
            let (first, second) = link.tasks();
            let apart = plan.starts[second] - plan.starts[first];
            let kept = match *link {
                Link::Together(..) => apart.abs() <= SLACK && given_by[first] != given_by[second],
                Link::Apart { min, max, .. } => min - SLACK <= apart && apart <= max + SLACK,
            };
            if !kept {
                return Err(format!(
                    "tasks {first} and {second} are not given as linked"
                ));
            }
        }
        Ok(cost)
    }

    /// A sentence that says what is wrong with the instance itself, if anything is.
    ///
    /// # Errors
    /// If an index leads nowhere, a task is in two links, a number is not finite, or nobody may give a task.
    pub fn validate(&self) -> Result<(), String> {
        let places = self.travel.len();
        if places == 0 || self.travel.iter().any(|row| row.len() != places) {
            return Err("travel: a row and a column for each place expected".into());
        }
        if self
            .travel
            .iter()
            .flatten()
            .any(|&way| !(way.is_finite() && way >= 0.0))
        {
            return Err("travel: finite times of 0 or more expected".into());
        }
        for (at, task) in self.tasks.iter().enumerate() {
            let numbers = [task.duration, task.open, task.due];
            if task.place >= places || numbers.iter().any(|number| !number.is_finite()) {
                return Err(format!(
                    "task {at}: a known place and finite times expected"
                ));
            }
            if task.duration < 0.0 {
                return Err(format!("task {at}: a duration of 0 or more expected"));
            }
            if task.allowed.is_empty() {
                return Err(format!("task {at}: nobody may give it"));
            }
            if task
                .allowed
                .iter()
                .any(|&caregiver| caregiver >= self.caregivers)
            {
                return Err(format!("task {at}: an unknown caregiver may give it"));
            }
        }
        let mut linked = vec![false; self.tasks.len()];
        for (at, link) in self.links.iter().enumerate() {
            let (first, second) = link.tasks();
            for task in [first, second] {
                match linked.get_mut(task) {
                    Some(seen) if !*seen => *seen = true,
                    Some(_) => return Err(format!("link {at}: task {task} is linked already")),
                    None => return Err(format!("link {at}: there is no task {task}")),
                }
            }
            if let Link::Apart { min, max, .. } = *link
                && !(min.is_finite() && max.is_finite() && 0.0 <= min && min <= max)
            {
                return Err(format!("link {at}: 0 <= min <= max expected"));
            }
            if let Link::Together(..) = link
                && self.tasks[first].allowed.len() == 1
                && self.tasks[first].allowed == self.tasks[second].allowed
            {
                return Err(format!("link {at}: two different caregivers needed"));
            }
        }
        Ok(())
    }
}
