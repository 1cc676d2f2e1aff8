//! What a walk does not come to, because it takes several people in their turn: stories that other tests tell, told once
//! more where somebody listens.

use std::collections::BTreeMap;
use std::pin::Pin;

use sea_orm::Statement;
use yinling::store::faults;

use crate::support::{House, On};

macro_rules! stories {
    ($($room:ident $(:: $part:ident)* ;)*) => {
        /// All ways of asking that the stories come to, each by its words.
        pub async fn asked(on: On) -> BTreeMap<String, Statement> {
            let mut all = BTreeMap::new();
            $(
                all.extend(heard(on, |house| Box::pin(crate::$room$(::$part)*::retold(house))).await);
            )*
            all
        }
    };
}

/// A story on the heap: all of them together are too much for the stack of a test.
type Told<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// What the database is asked while this is told.
async fn heard(on: On, tell: impl FnOnce(&House) -> Told<'_>) -> Vec<(String, Statement)> {
    let house = House::open(on).await;
    let url = &house.app.settings.database_url;
    faults::listen(url);
    tell(&house).await;
    let asked = faults::heard(url).into_iter();
    let asked = asked.map(|one| (one.sql.clone(), one)).collect();
    house.close().await;
    asked
}

stories! {
    bench::what_was_agreed_is_looked_at_a_month_later;
    helper_files::a_file_is_mended_whole_and_never_over_anothers_change;
    helper_files::who_is_taken_on_can_be_booked_and_signs_in_by_mail;
    leaving::a_death_ends_series_and_promises_and_a_mistake_brings_both_back;
    money::a_voucher_and_a_waiver_pay_too_and_the_sum_stays;
    privacy::erasing::a_balance_goes_to_the_common_pool;
    provider_work::what_runs_is_handed_over_when_somebody_says_so;
    providers::an_application_goes_from_papers_to_two_approvals;
    quality_panel::members_score_a_month_is_closed_and_what_follows_is_kept;
    quality_ratings::a_complaint_is_answered_corrected_and_confirmed;
    quality_ratings::a_low_rating_is_shown_to_the_office_until_it_is_seen_to;
    quality_visits::a_missed_visit_is_settled_by_what_the_desk_says;
    quality_visits::whoever_needs_help_gets_it_from_the_call;
    roll::a_file_is_opened_read_and_changed_by_hand;
    roll::what_hangs_on_the_file_that_goes_is_moved_to_the_one_that_stays;
    roll_import::a_person_decides_on_those_who_may_be_known;
    second_factor::once_proven_signing_in_asks_for_a_code_and_takes_each_once;
    series::from_a_date_on_paused_and_ended;
    series::one_date_is_left_out_moved_and_added_back;
    session_money::a_voucher_and_a_waiver_pay_for_a_place_too;
    station::a_cancelled_session_frees_its_room_and_tells_everybody;
    station::a_family_signs_up_waits_moves_up_and_is_told;
    station::who_came_is_recorded_and_never_guessed_and_a_walk_in_takes_a_seat;
    story::a_plan_makes_room_and_the_helper_comes;
    story::the_coordinator_assigns_pins_and_overrides_with_a_reason;
    timebank::a_gift_goes_to_close_family_and_not_beyond_the_balance;
    timebank::hours_pay_for_a_visit_once_and_a_mistake_is_taken_back;
    visit_links::a_link_is_shown_at_both_ends_and_taken_away;
    vouchers::a_voucher_given_by_mistake_is_withdrawn_and_never_used;
}
