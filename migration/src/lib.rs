//! The steps that make the tables, one file each. Forward only: a released step is never edited, a mistake is mended by the next.

pub use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m0001_01_compound;
mod m0001_02_accounts;
mod m0001_03_roll;
mod m0001_04_helpers;
mod m0001_05_catalogue;
mod m0001_06_bookings;
mod m0001_07_dispatch;
mod m0001_08_notify;
mod m0001_09_record;
mod m0002_01_plan_days;
mod m0002_02_plan_search;
mod m0003_01_visit_links;
mod m0004_01_absences;
mod m0004_02_assessments;
mod m0004_03_departures;
mod m0004_04_roll_imports;
mod m0004_05_roll_pairs;
mod m0005_01_series;
mod m0006_01_help_requests;
mod m0006_02_help_mail;
mod m0008_01_time_account;
mod m0008_02_vouchers;
mod m0009_01_payment;
mod m0010_01_standing;
mod m0010_02_papers;
mod m0010_03_approvals;
mod m0010_04_offers;
mod m0012_01_quality_settings;
mod m0012_02_lapses_and_check_calls;
mod m0012_03_ratings;
mod m0012_04_complaints;
mod m0012_05_panel;
mod m0013_01_calendar_feed;
mod m0014_01_unmet;
mod m0014_02_bench_actions;
mod m0016_01_station;
mod m0016_02_station_mail;
mod m0017_01_helper_version;
mod m0018_01_consents;
mod m0019_01_erasure;
mod m0019_02_time_entry_words;
mod m0019_03_retention;
mod m0021_01_session_payment;
mod m0021_02_voucher_withdrawn;
mod m0023_01_ends_with_the_file;
mod m0023_02_waived_worth;
mod m0024_01_session_times;
mod m0024_02_tries;
mod m0024_03_second_factor;
mod m0025_01_waiting_dates;
mod m0028_01_edition;
mod m0030_01_indexes;
mod m0031_01_answered_ratings;

/// The names of the indexes that large databases need, for the test that somebody uses each.
pub fn indexes_for_growth() -> impl Iterator<Item = String> {
    m0030_01_indexes::names().chain([m0031_01_answered_ratings::NAME.to_owned()])
}

/// All steps, in their order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_01_compound::Migration),
            Box::new(m0001_02_accounts::Migration),
            Box::new(m0001_03_roll::Migration),
            Box::new(m0001_04_helpers::Migration),
            Box::new(m0001_05_catalogue::Migration),
            Box::new(m0001_06_bookings::Migration),
            Box::new(m0001_07_dispatch::Migration),
            Box::new(m0001_08_notify::Migration),
            Box::new(m0001_09_record::Migration),
            Box::new(m0002_01_plan_days::Migration),
            Box::new(m0002_02_plan_search::Migration),
            Box::new(m0003_01_visit_links::Migration),
            Box::new(m0004_01_absences::Migration),
            Box::new(m0004_02_assessments::Migration),
            Box::new(m0004_03_departures::Migration),
            Box::new(m0004_04_roll_imports::Migration),
            Box::new(m0004_05_roll_pairs::Migration),
            Box::new(m0005_01_series::Migration),
            Box::new(m0006_01_help_requests::Migration),
            Box::new(m0006_02_help_mail::Migration),
            Box::new(m0008_01_time_account::Migration),
            Box::new(m0008_02_vouchers::Migration),
            Box::new(m0009_01_payment::Migration),
            Box::new(m0010_01_standing::Migration),
            Box::new(m0010_02_papers::Migration),
            Box::new(m0010_03_approvals::Migration),
            Box::new(m0010_04_offers::Migration),
            Box::new(m0012_01_quality_settings::Migration),
            Box::new(m0012_02_lapses_and_check_calls::Migration),
            Box::new(m0012_03_ratings::Migration),
            Box::new(m0012_04_complaints::Migration),
            Box::new(m0012_05_panel::Migration),
            Box::new(m0013_01_calendar_feed::Migration),
            Box::new(m0016_01_station::Migration),
            Box::new(m0016_02_station_mail::Migration),
            Box::new(m0017_01_helper_version::Migration),
            Box::new(m0018_01_consents::Migration),
            Box::new(m0014_01_unmet::Migration),
            Box::new(m0014_02_bench_actions::Migration),
            Box::new(m0019_01_erasure::Migration),
            Box::new(m0019_02_time_entry_words::Migration),
            Box::new(m0019_03_retention::Migration),
            Box::new(m0021_01_session_payment::Migration),
            Box::new(m0021_02_voucher_withdrawn::Migration),
            Box::new(m0023_01_ends_with_the_file::Migration),
            Box::new(m0023_02_waived_worth::Migration),
            Box::new(m0024_01_session_times::Migration),
            Box::new(m0024_02_tries::Migration),
            Box::new(m0024_03_second_factor::Migration),
            Box::new(m0025_01_waiting_dates::Migration),
            Box::new(m0028_01_edition::Migration),
            Box::new(m0030_01_indexes::Migration),
            Box::new(m0031_01_answered_ratings::Migration),
        ]
    }
}
