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
mod m0008_01_time_account;
mod m0008_02_vouchers;
mod m0009_01_payment;

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
            Box::new(m0008_01_time_account::Migration),
            Box::new(m0008_02_vouchers::Migration),
            Box::new(m0009_01_payment::Migration),
        ]
    }
}
