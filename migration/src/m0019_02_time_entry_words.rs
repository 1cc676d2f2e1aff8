//! Lets the reason of an entry of the time bank go, and nothing else: a reason may say something of a person who has the
//! right to be forgotten, while who gave how many minutes to whom stays as it was written.

use sea_orm_migration::{prelude::*, sea_orm};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = match manager.get_database_backend() {
            sea_orm::DbBackend::Postgres => ON_POSTGRES,
            _ => ON_SQLITE,
        };
        for statement in statements {
            manager
                .get_connection()
                .execute_unprepared(statement)
                .await?;
        }
        Ok(())
    }
}

const ON_SQLITE: &[&str] = &[
    "DROP TRIGGER time_entry_not_edited",
    "CREATE TRIGGER time_entry_not_edited BEFORE UPDATE ON time_entry \
     WHEN NOT (NEW.reason IS NULL AND NEW.id IS OLD.id AND NEW.community_id IS OLD.community_id AND NEW.kind IS OLD.kind \
     AND NEW.at IS OLD.at AND NEW.from_account_id IS OLD.from_account_id AND NEW.to_account_id IS OLD.to_account_id \
     AND NEW.minutes IS OLD.minutes AND NEW.from_after_min IS OLD.from_after_min AND NEW.to_after_min IS OLD.to_after_min \
     AND NEW.visit_id IS OLD.visit_id AND NEW.reverses_id IS OLD.reverses_id AND NEW.once IS OLD.once AND NEW.by IS OLD.by) \
     BEGIN SELECT RAISE(ABORT, 'the time bank only grows'); END",
];

const ON_POSTGRES: &[&str] = &[
    "DROP TRIGGER time_entry_only_grows ON time_entry",
    "CREATE TRIGGER time_entry_only_grows BEFORE DELETE OR TRUNCATE ON time_entry \
     FOR EACH STATEMENT EXECUTE FUNCTION time_bank_only_grows()",
    "CREATE FUNCTION time_entry_keeps_all_but_its_reason() RETURNS trigger LANGUAGE plpgsql AS $$ \
     BEGIN \
     OLD.reason := NULL; \
     IF NEW IS DISTINCT FROM OLD THEN RAISE EXCEPTION 'the time bank only grows'; END IF; \
     RETURN NEW; \
     END $$",
    "CREATE TRIGGER time_entry_not_edited BEFORE UPDATE ON time_entry \
     FOR EACH ROW EXECUTE FUNCTION time_entry_keeps_all_but_its_reason()",
];
