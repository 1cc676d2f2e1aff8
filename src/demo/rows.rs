//! The rows while they are made, and how they are written. A row's number is its place in its list, from 1.

use entity::{
    absence, access_log, account, account_role, assessment, assignment, audit, availability,
    availability_exception, bench_action, booking, building, calendar_day, call, callback,
    change_request, check_call, community, complaint, complaint_step, compound, consent,
    consequence, credential, criteria_set, criterion, erasure, family_member, follow_up, grid,
    help_contact, help_request, help_step, helper, helper_skill, helper_slot, household, lapse,
    leave, panel_interest, panel_month, panel_point, panel_result, panel_sheet, payment_line,
    provider, provider_approval, provider_paper, provider_price, provider_service, rating,
    resident, series, series_part, service, service_offer, session_payment, shopkeeper, skill,
    station_hours, station_room, station_room_slot, station_seat, station_session, station_signup,
    subsidy, time_account, time_entry, unmet, visit, visit_link, voucher, voucher_use, wish,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel, Iterable};

/// SQLite takes 32,766 variables a statement, PostgreSQL 65,535.
const VARIABLES: usize = 30_000;
/// Longer statements gain nothing.
const AT_ONCE: usize = 1_000;

/// One list a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rows {
    pub communities: Vec<community::Model>,
    pub accounts: Vec<account::Model>,
    pub account_roles: Vec<account_role::Model>,
    pub compounds: Vec<compound::Model>,
    pub grids: Vec<grid::Model>,
    pub buildings: Vec<building::Model>,
    pub households: Vec<household::Model>,
    pub residents: Vec<resident::Model>,
    pub absences: Vec<absence::Model>,
    pub assessments: Vec<assessment::Model>,
    pub family_members: Vec<family_member::Model>,
    pub providers: Vec<provider::Model>,
    pub skills: Vec<skill::Model>,
    pub helpers: Vec<helper::Model>,
    pub helper_skills: Vec<helper_skill::Model>,
    pub credentials: Vec<credential::Model>,
    pub availabilities: Vec<availability::Model>,
    pub exceptions: Vec<availability_exception::Model>,
    pub leaves: Vec<leave::Model>,
    pub wishes: Vec<wish::Model>,
    pub services: Vec<service::Model>,
    pub offers: Vec<service_offer::Model>,
    pub calendar_days: Vec<calendar_day::Model>,
    pub series: Vec<series::Model>,
    pub series_parts: Vec<series_part::Model>,
    pub bookings: Vec<booking::Model>,
    pub visits: Vec<visit::Model>,
    pub links: Vec<visit_link::Model>,
    pub assignments: Vec<assignment::Model>,
    pub slots: Vec<helper_slot::Model>,
    pub change_requests: Vec<change_request::Model>,
    pub calls: Vec<call::Model>,
    pub callbacks: Vec<callback::Model>,
    pub help_contacts: Vec<help_contact::Model>,
    pub help_requests: Vec<help_request::Model>,
    pub help_steps: Vec<help_step::Model>,
    pub shopkeepers: Vec<shopkeeper::Model>,
    pub time_accounts: Vec<time_account::Model>,
    pub time_entries: Vec<time_entry::Model>,
    pub vouchers: Vec<voucher::Model>,
    pub voucher_uses: Vec<voucher_use::Model>,
    pub subsidies: Vec<subsidy::Model>,
    pub payment_lines: Vec<payment_line::Model>,
    pub session_payments: Vec<session_payment::Model>,
    pub lapses: Vec<lapse::Model>,
    pub check_calls: Vec<check_call::Model>,
    pub ratings: Vec<rating::Model>,
    pub follow_ups: Vec<follow_up::Model>,
    pub complaints: Vec<complaint::Model>,
    pub complaint_steps: Vec<complaint_step::Model>,
    pub criteria_sets: Vec<criteria_set::Model>,
    pub criteria: Vec<criterion::Model>,
    pub panel_months: Vec<panel_month::Model>,
    pub panel_sheets: Vec<panel_sheet::Model>,
    pub panel_points: Vec<panel_point::Model>,
    pub panel_interests: Vec<panel_interest::Model>,
    pub panel_results: Vec<panel_result::Model>,
    pub consequences: Vec<consequence::Model>,
    pub provider_papers: Vec<provider_paper::Model>,
    pub provider_approvals: Vec<provider_approval::Model>,
    pub provider_services: Vec<provider_service::Model>,
    pub provider_prices: Vec<provider_price::Model>,
    pub station_rooms: Vec<station_room::Model>,
    pub station_hours: Vec<station_hours::Model>,
    pub station_sessions: Vec<station_session::Model>,
    pub station_signups: Vec<station_signup::Model>,
    pub station_seats: Vec<station_seat::Model>,
    pub station_room_slots: Vec<station_room_slot::Model>,
    pub consents: Vec<consent::Model>,
    /// Requests to erase.
    pub erasures: Vec<erasure::Model>,
    pub looks: Vec<access_log::Model>,
    pub unmets: Vec<unmet::Model>,
    pub bench_actions: Vec<bench_action::Model>,
    pub audits: Vec<audit::Model>,
}

/// The number of the row that is added next.
pub(super) fn next<T>(list: &[T]) -> i64 {
    i64::try_from(list.len())
        .unwrap_or(i64::MAX)
        .saturating_add(1)
}

/// Where the row of this number stands in its list.
pub(super) fn index(number: i64) -> usize {
    usize::try_from(number - 1).unwrap_or(usize::MAX)
}

impl Rows {
    /// Writes everything, what is pointed to before what points to it.
    pub(super) async fn insert<C: ConnectionTrait>(self, db: &C) -> Result<(), DbErr> {
        numbered::<C, community::Entity>(db, self.communities).await?;
        numbered::<C, account::Entity>(db, self.accounts).await?;
        put::<C, account_role::Entity>(db, self.account_roles).await?;
        numbered::<C, compound::Entity>(db, self.compounds).await?;
        numbered::<C, grid::Entity>(db, self.grids).await?;
        numbered::<C, building::Entity>(db, self.buildings).await?;
        numbered::<C, household::Entity>(db, self.households).await?;
        numbered::<C, resident::Entity>(db, self.residents).await?;
        numbered::<C, absence::Entity>(db, self.absences).await?;
        numbered::<C, assessment::Entity>(db, self.assessments).await?;
        numbered::<C, family_member::Entity>(db, self.family_members).await?;
        numbered::<C, provider::Entity>(db, self.providers).await?;
        numbered::<C, skill::Entity>(db, self.skills).await?;
        numbered::<C, helper::Entity>(db, self.helpers).await?;
        put::<C, helper_skill::Entity>(db, self.helper_skills).await?;
        numbered::<C, credential::Entity>(db, self.credentials).await?;
        numbered::<C, availability::Entity>(db, self.availabilities).await?;
        numbered::<C, availability_exception::Entity>(db, self.exceptions).await?;
        numbered::<C, leave::Entity>(db, self.leaves).await?;
        numbered::<C, wish::Entity>(db, self.wishes).await?;
        numbered::<C, service::Entity>(db, self.services).await?;
        put::<C, service_offer::Entity>(db, self.offers).await?;
        numbered::<C, calendar_day::Entity>(db, self.calendar_days).await?;
        numbered::<C, series::Entity>(db, self.series).await?;
        numbered::<C, series_part::Entity>(db, self.series_parts).await?;
        numbered::<C, booking::Entity>(db, self.bookings).await?;
        numbered::<C, visit::Entity>(db, self.visits).await?;
        put::<C, visit_link::Entity>(db, self.links).await?;
        numbered::<C, assignment::Entity>(db, self.assignments).await?;
        put::<C, helper_slot::Entity>(db, self.slots).await?;
        numbered::<C, change_request::Entity>(db, self.change_requests).await?;
        numbered::<C, call::Entity>(db, self.calls).await?;
        numbered::<C, callback::Entity>(db, self.callbacks).await?;
        numbered::<C, help_contact::Entity>(db, self.help_contacts).await?;
        numbered::<C, help_request::Entity>(db, self.help_requests).await?;
        numbered::<C, help_step::Entity>(db, self.help_steps).await?;
        put::<C, shopkeeper::Entity>(db, self.shopkeepers).await?;
        numbered::<C, time_account::Entity>(db, self.time_accounts).await?;
        numbered::<C, time_entry::Entity>(db, self.time_entries).await?;
        numbered::<C, voucher::Entity>(db, self.vouchers).await?;
        put::<C, voucher_use::Entity>(db, self.voucher_uses).await?;
        put::<C, subsidy::Entity>(db, self.subsidies).await?;
        put::<C, payment_line::Entity>(db, self.payment_lines).await?;
        numbered::<C, lapse::Entity>(db, self.lapses).await?;
        numbered::<C, check_call::Entity>(db, self.check_calls).await?;
        numbered::<C, rating::Entity>(db, self.ratings).await?;
        put::<C, follow_up::Entity>(db, self.follow_ups).await?;
        numbered::<C, complaint::Entity>(db, self.complaints).await?;
        numbered::<C, complaint_step::Entity>(db, self.complaint_steps).await?;
        put::<C, criteria_set::Entity>(db, self.criteria_sets).await?;
        put::<C, criterion::Entity>(db, self.criteria).await?;
        put::<C, panel_month::Entity>(db, self.panel_months).await?;
        numbered::<C, panel_sheet::Entity>(db, self.panel_sheets).await?;
        put::<C, panel_point::Entity>(db, self.panel_points).await?;
        numbered::<C, panel_interest::Entity>(db, self.panel_interests).await?;
        put::<C, panel_result::Entity>(db, self.panel_results).await?;
        numbered::<C, consequence::Entity>(db, self.consequences).await?;
        numbered::<C, provider_paper::Entity>(db, self.provider_papers).await?;
        put::<C, provider_approval::Entity>(db, self.provider_approvals).await?;
        put::<C, provider_service::Entity>(db, self.provider_services).await?;
        put::<C, provider_price::Entity>(db, self.provider_prices).await?;
        numbered::<C, station_room::Entity>(db, self.station_rooms).await?;
        put::<C, station_hours::Entity>(db, self.station_hours).await?;
        numbered::<C, station_session::Entity>(db, self.station_sessions).await?;
        numbered::<C, station_signup::Entity>(db, self.station_signups).await?;
        put::<C, session_payment::Entity>(db, self.session_payments).await?;
        put::<C, station_seat::Entity>(db, self.station_seats).await?;
        put::<C, station_room_slot::Entity>(db, self.station_room_slots).await?;
        numbered::<C, consent::Entity>(db, self.consents).await?;
        numbered::<C, erasure::Entity>(db, self.erasures).await?;
        numbered::<C, access_log::Entity>(db, self.looks).await?;
        numbered::<C, unmet::Entity>(db, self.unmets).await?;
        numbered::<C, bench_action::Entity>(db, self.bench_actions).await?;
        numbered::<C, audit::Entity>(db, self.audits).await
    }
}

/// Writes rows that carry a number, and tells PostgreSQL where to count on from.
async fn numbered<C: ConnectionTrait, E: EntityTrait>(
    db: &C,
    rows: Vec<E::Model>,
) -> Result<(), DbErr>
where
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    put::<C, E>(db, rows).await?;
    if db.get_database_backend() == DbBackend::Postgres {
        let table = E::default();
        let table = table.table_name();
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), max(id)) FROM \"{table}\" HAVING max(id) > 0"
        );
        db.execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// Writes rows in chunks.
async fn put<C: ConnectionTrait, E: EntityTrait>(db: &C, rows: Vec<E::Model>) -> Result<(), DbErr>
where
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    let columns = E::Column::iter().count().max(1);
    let size = (VARIABLES / columns).min(AT_ONCE);
    let mut rest = rows
        .into_iter()
        .map(IntoActiveModel::into_active_model)
        .peekable();
    while rest.peek().is_some() {
        let chunk: Vec<E::ActiveModel> = rest.by_ref().take(size).collect();
        E::insert_many(chunk).exec_without_returning(db).await?;
    }
    Ok(())
}
