//! What to do about a gap, decided from its figures and said with them.

use entity::words::Band;
use serde::Serialize;
use utoipa::ToSchema;

use crate::said::Said;

/// Minutes that one person is reckoned to serve in a month where nobody shows how many it is: twenty hours.
const USUAL_MIN: i64 = 1_200;

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "step")]
#[schema(as = SupplyStep)]
pub enum Step {
    /// People were found and did not come: talk to whom they come for.
    TalkTo,
    /// Papers ran out: have them renewed.
    Renew {
        /// How many people's.
        people: usize,
    },
    /// Train volunteers who are there then.
    Train {
        /// How many.
        people: usize,
    },
    /// Those who can do it are off duty then: ask them to come then too.
    Extend {
        /// How many.
        people: usize,
    },
    /// Recruit volunteers.
    RecruitVolunteer {
        /// How many.
        people: usize,
    },
    /// Recruit care staff.
    RecruitStaff {
        /// How many.
        people: usize,
    },
    /// Invite a provider who does it.
    Invite,
}

/// A gap's figures.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The service.
    pub service: Said,
    /// What it asks for.
    pub skill: Said,
    /// Whether that needs a paper.
    pub needs_paper: bool,
    /// Whether volunteers may do it.
    pub volunteers: bool,
    /// Whether care staff may do it.
    pub staff: bool,
    /// How many have to come together.
    pub crew: usize,
    /// How often it was not served.
    pub unserved: usize,
    /// How many residents went without.
    pub people: usize,
    /// How often somebody was to come and did not.
    pub did_not_come: usize,
    /// The part of the day in which most was not served, and how much.
    pub worst: Option<(Band, usize)>,
    /// Minutes of care that were not served then; all of them where no part of the day stands out.
    pub lacking_min: i64,
    /// Who can do it.
    pub holders: usize,
    /// How many of them are on duty in that part of the day.
    pub on_duty: usize,
    /// Minutes that all who can do it offered in the month.
    pub offered_min: i64,
    /// Minutes that were asked of their skill, for all services.
    pub asked_min: i64,
    /// Minutes that they offered in that part of the day.
    pub on_duty_min: i64,
    /// Whose paper has run out.
    pub lapsed: usize,
    /// Volunteers who are there in that part of the day and do not have the skill.
    pub trainable: usize,
}

impl Facts {
    /// What to do next. Those who do not keep their word come first: more of them would not help. Then what costs least: papers,
    /// hours of those who can, training; then people from outside.
    #[must_use]
    pub fn step(&self) -> Step {
        if self.did_not_come * 2 > self.unserved {
            return Step::TalkTo;
        }
        let lacking = self.people_lacking();
        if self.lapsed > 0 && self.on_duty < self.crew.max(lacking) {
            return Step::Renew {
                people: self.lapsed.min(lacking.max(self.crew)),
            };
        }
        let idle = self.holders.saturating_sub(self.on_duty);
        // Half their time unasked for: there is room to come at another part of the day.
        if idle > 0 && self.on_duty < self.crew && self.asked_min * 2 <= self.offered_min {
            return Step::Extend {
                people: idle.min(lacking.max(self.crew - self.on_duty)),
            };
        }
        let people = if self.holders == 0 {
            lacking.max(self.crew)
        } else {
            lacking
        };
        if self.volunteers && !self.needs_paper {
            return if self.trainable > 0 {
                Step::Train {
                    people: people.min(self.trainable),
                }
            } else {
                Step::RecruitVolunteer { people }
            };
        }
        if self.staff && self.holders > 0 {
            Step::RecruitStaff { people }
        } else if self.volunteers && !self.staff {
            Step::RecruitVolunteer { people }
        } else {
            Step::Invite
        }
    }

    /// How many more people serve what is lacking, if each serves as much as those do who are there: at least one.
    fn people_lacking(&self) -> usize {
        let each = i64::try_from(self.on_duty)
            .ok()
            .filter(|count| *count > 0)
            .map_or(USUAL_MIN, |count| self.on_duty_min / count)
            .max(60);
        let many = (self.lacking_min + each - 1) / each;
        usize::try_from(many).unwrap_or(1).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bathing by two carers, 14 times not served, 9 of them in the afternoon.
    fn bathing() -> Facts {
        Facts {
            service: Said::new("上门助浴", "Help with bathing"),
            skill: Said::new("助浴", "bathing"),
            needs_paper: true,
            volunteers: false,
            staff: true,
            crew: 1,
            unserved: 14,
            people: 8,
            did_not_come: 0,
            worst: Some((Band::Afternoon, 9)),
            lacking_min: 540,
            holders: 2,
            on_duty: 0,
            offered_min: 10_000,
            asked_min: 9_000,
            on_duty_min: 0,
            lapsed: 0,
            trainable: 5,
        }
    }

    fn told(facts: &Facts) -> (String, String) {
        let said = facts.sentence(10, facts.step());
        (said.zh, said.en)
    }

    #[test]
    fn those_who_can_are_full_so_one_more_is_recruited() {
        let facts = bathing();
        assert_eq!(facts.step(), Step::RecruitStaff { people: 1 });
        let (zh, en) = told(&facts);
        assert_eq!(
            zh,
            "10 月「上门助浴」有 14 次没服务上，涉及 8 位老人，其中 9 次在下午；能做的有 2 人，下午都不在班。建议再招 1 名下午能来的持证护理员。"
        );
        assert_eq!(
            en,
            "In October, “Help with bathing” could not be served 14 times, for 8 residents, 9 of them in the afternoons. 2 can do it, 0 of them on duty in the afternoons. Recruit 1 licensed carer who can come in the afternoons."
        );
        let more = Facts {
            lacking_min: 2_500,
            ..facts
        };
        assert_eq!(more.step(), Step::RecruitStaff { people: 3 });
    }

    #[test]
    fn those_who_can_and_have_time_are_asked_to_come_then() {
        let facts = Facts {
            asked_min: 5_000,
            ..bathing()
        };
        assert_eq!(facts.step(), Step::Extend { people: 1 });
        assert!(
            told(&facts)
                .0
                .ends_with("建议请其中 1 人把下午也排上班；排不开再招人。")
        );
    }

    #[test]
    fn a_paper_is_renewed_before_anybody_is_sought() {
        let facts = Facts {
            lapsed: 1,
            holders: 0,
            ..bathing()
        };
        assert_eq!(facts.step(), Step::Renew { people: 1 });
        assert!(
            told(&facts)
                .0
                .contains("现在没有人能做，另有 1 人证件过期。")
        );
    }

    #[test]
    fn whoever_does_not_come_is_asked_why() {
        let facts = Facts {
            did_not_come: 8,
            ..bathing()
        };
        assert_eq!(facts.step(), Step::TalkTo);
        assert!(told(&facts).0.contains("，8 次是约好的人没来；"));
        let half = Facts {
            did_not_come: 7,
            ..bathing()
        };
        assert_ne!(half.step(), Step::TalkTo);
    }

    #[test]
    fn volunteers_are_trained_while_there_are_some_and_then_recruited() {
        let facts = Facts {
            needs_paper: false,
            volunteers: true,
            staff: false,
            on_duty: 2,
            on_duty_min: 400,
            lacking_min: 900,
            ..bathing()
        };
        assert_eq!(facts.step(), Step::Train { people: 5 }, "200 minutes each");
        let none = Facts {
            trainable: 0,
            ..facts
        };
        assert_eq!(none.step(), Step::RecruitVolunteer { people: 5 });
        assert!(
            told(&none)
                .1
                .ends_with("Recruit 5 volunteers who can come in the afternoons.")
        );
    }

    #[test]
    fn where_nobody_here_may_do_it_a_provider_is_invited() {
        let facts = Facts {
            holders: 0,
            ..bathing()
        };
        assert_eq!(facts.step(), Step::Invite);
        let merchants = Facts {
            staff: false,
            worst: None,
            ..bathing()
        };
        assert_eq!(merchants.step(), Step::Invite);
        assert!(
            told(&merchants)
                .0
                .ends_with("；能做的有 2 人。建议邀请一家能做「助浴」的服务商。")
        );
    }

    #[test]
    fn a_crew_of_two_lacks_one() {
        let facts = Facts {
            needs_paper: false,
            volunteers: true,
            crew: 2,
            holders: 3,
            on_duty: 1,
            on_duty_min: 1_000,
            asked_min: 0,
            ..bathing()
        };
        assert_eq!(facts.step(), Step::Extend { people: 1 });
        let nobody = Facts {
            holders: 0,
            on_duty: 0,
            trainable: 0,
            ..facts
        };
        assert_eq!(nobody.step(), Step::RecruitVolunteer { people: 2 });
    }
}
