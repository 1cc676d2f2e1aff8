//! A PostgreSQL database for each test, copied from a template that has the tables already.

use migration::MigratorTrait;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use sha2::{Digest, Sha256};

/// The server's address up to the database's name.
fn server() -> String {
    let url = std::env::var("YINLING_TEST_POSTGRES").expect(
        "YINLING_TEST_POSTGRES is not set: run `make test`, or scripts/test rust, which starts a PostgreSQL of its own",
    );
    let (server, _) = url
        .rsplit_once('/')
        .expect("YINLING_TEST_POSTGRES names a database");
    server.to_owned()
}

async fn admin() -> DatabaseConnection {
    Database::connect(format!("{}/postgres", server()))
        .await
        .unwrap()
}

/// A name that changes with the migrations.
fn template() -> String {
    let mut hash = Sha256::new();
    for step in migration::Migrator::migrations() {
        hash.update(step.name());
    }
    format!(
        "yinling_template_{}",
        &yinling::http::input::hex(&hash.finalize())[..12]
    )
}

/// Makes the template unless somebody made it; the lock lets one process do it while the others wait.
async fn make_template(admin: &DatabaseConnection) -> String {
    let name = template();
    admin
        .execute_unprepared("SELECT pg_advisory_lock(876)")
        .await
        .unwrap();
    let known = admin
        .query_one_raw(Statement::from_string(
            admin.get_database_backend(),
            format!("SELECT 1 FROM pg_database WHERE datname = '{name}' AND datistemplate"),
        ))
        .await
        .unwrap();
    if known.is_none() {
        admin
            .execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}"))
            .await
            .unwrap();
        admin
            .execute_unprepared(&format!("CREATE DATABASE {name}"))
            .await
            .unwrap();
        let db = Database::connect(format!("{}/{name}", server()))
            .await
            .unwrap();
        migration::Migrator::up(&db, None).await.unwrap();
        db.close().await.unwrap();
        admin
            .execute_unprepared(&format!("ALTER DATABASE {name} IS_TEMPLATE true"))
            .await
            .unwrap();
    }
    admin
        .execute_unprepared("SELECT pg_advisory_unlock(876)")
        .await
        .unwrap();
    name
}

/// A database with all tables and nothing in them: its address and name.
pub async fn fresh() -> (String, String) {
    // One connection, because an advisory lock belongs to a connection.
    let mut options = sea_orm::ConnectOptions::new(format!("{}/postgres", server()));
    options.max_connections(1);
    let admin = Database::connect(options).await.unwrap();
    let template = make_template(&admin).await;
    made(admin, &format!(" TEMPLATE {template}")).await
}

/// A database with nothing in it, not even tables.
pub async fn bare() -> (String, String) {
    made(admin().await, "").await
}

async fn made(admin: DatabaseConnection, from: &str) -> (String, String) {
    let name = format!(
        "yinling_test_{}",
        &yinling::http::input::hex(&rand::random::<[u8; 8]>())
    );
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}{from}"))
        .await
        .unwrap();
    admin.close().await.unwrap();
    (format!("{}/{name}", server()), name)
}

/// Takes a database away.
pub async fn remove(name: &str) {
    let admin = admin().await;
    admin
        .execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        .await
        .unwrap();
}
